public import Analysis
internal import JSON
internal import RunFolder

/// Why a file is no golden baseline.
public struct GoldenFileError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The path of the file.
  public var path: String
  /// Where in the file, as a path of keys, and what is wrong there.
  public var what: String

  /// An error from its parts.
  public init(path: String, what: String) {
    self.path = path
    self.what = what
  }

  /// `file: where: what`.
  public var description: String { "\(path): \(what)" }
}

extension GoldenBaseline {
  /// What the key `format` of a golden file says.
  public static let formatName = "ftreport golden baseline"
  /// The newest version of golden files that this program reads.
  public static let fileVersion = 1

  /// The text of a golden file: JSON, a line for each figure, the same bytes for the same runs.
  ///
  /// `level`, `spread` (the standard deviation between the runs) and `seed_margin` are there for people to read; a
  /// program finds all it needs in `values`, `standard_errors` and `degrees_of_freedom`.
  public func fileText(writtenBy program: String) -> String {
    var lines = ["{"]
    func add(_ key: String, _ value: JSONValue, _ end: String = ",") {
      lines.append("  \(JSONValue.string(key).text): \(value.text)\(end)")
    }
    add("format", .string(Self.formatName))
    add("version", .number(Self.fileVersion))
    add("written_by", .string(program))
    lines.append("  \"runs\": [")
    for (index, run) in runs.enumerated() {
      let value = JSONValue.object([
        "name": .string(run.name), "path": .string(run.path),
        "steps": .array([.number(run.steps.lowerBound), .number(run.steps.upperBound)]),
        "loss_points": .number(run.lossCount),
      ])
      lines.append("    \(value.text)\(index == runs.count - 1 ? "" : ",")")
    }
    lines.append("  ],")
    add("window", .number(window))
    add("configuration", .object(configuration.map { .init($0.name, .string($0.value)) }))
    add("evaluation_samples", evaluationSamples.map { .number($0) } ?? .null)
    add(
      "findings",
      .object(findings.map { .init($0.kind.rawValue, .array($0.counts.map { .number($0) })) }))
    lines.append("  \"metrics\": {")
    for (index, metric) in metrics.enumerated() {
      lines.append("    \(JSONValue.string(metric.tag).text): {")
      lines.append("      \"last_step\": \(metric.lastStep),")
      for (position, figure) in metric.figures.enumerated() {
        let end = position == metric.figures.count - 1 ? "" : ","
        lines.append("      \"\(figure.statistic.rawValue)\": \(Self.json(figure).text)\(end)")
      }
      lines.append(index == metrics.count - 1 ? "    }" : "    },")
    }
    lines += ["  }", "}", ""]
    return lines.joined(separator: "\n")
  }

  private static func json(_ figure: Figure) -> JSONValue {
    let mean = figure.values.reduce(0, +) / Double(max(1, figure.values.count))
    let spread = Effect.Spread(of: figure.values, confidence: 0.95)
    let margin = Effect(base: mean, new: mean, confidence: 0.95, spread: spread).seedMargin
    return .object([
      "level": .number(mean), "spread": spread.map { .number($0.deviation) } ?? .null,
      "seed_margin": margin.map { .number($0) } ?? .null,
      "values": .array(figure.values.map { .number($0) }),
      "standard_errors": .array(figure.standardErrors.map { .number($0) }),
      "degrees_of_freedom": .array(figure.degreesOfFreedom.map { .number($0) }),
    ])
  }

  /// Reads a golden file.
  ///
  /// - Throws: `GoldenFileError` where the text is no JSON, no golden file, of another version, or lacks a figure.
  public init(parsing text: [UInt8], path: String) throws(GoldenFileError) {
    let root: JSONValue
    do throws(JSONError) {
      root = try JSONValue(parsing: text)
    } catch {
      throw GoldenFileError(path: path, what: "\(error)")
    }
    let reader = GoldenReader(path: path)
    guard root["format"]?.string == Self.formatName else {
      throw GoldenFileError(path: path, what: "format: this is no golden file of `ftreport calibrate`")
    }
    guard root["version"]?.int64 == Int64(Self.fileVersion) else {
      throw GoldenFileError(path: path, what: "version: this program reads version \(Self.fileVersion)")
    }
    let runs = try reader.sources(root["runs"])
    let metrics = try reader.metrics(root["metrics"], runCount: runs.count)
    let configuration = (root["configuration"]?.members ?? []).compactMap { member in
      member.value.string.map { Setting(name: member.key, value: $0) }
    }
    self.init(
      runs: runs, window: root["window"]?.double ?? 0.1, configuration: configuration,
      evaluationSamples: root["evaluation_samples"]?.int64.flatMap { Int(exactly: $0) }, metrics: metrics,
      findings: try reader.findings(root["findings"], runCount: runs.count))
  }
}

/// Reads the parts of a golden file.
private struct GoldenReader {
  let path: String

  private func fail(_ what: String) -> GoldenFileError { GoldenFileError(path: path, what: what) }

  func sources(_ value: JSONValue?) throws(GoldenFileError) -> [GoldenBaseline.Source] {
    guard let elements = value?.array, !elements.isEmpty else {
      throw fail("runs: a list with one run or more")
    }
    var sources: [GoldenBaseline.Source] = []
    for (index, element) in elements.enumerated() {
      guard let name = element["name"]?.string, let path = element["path"]?.string,
        let steps = element["steps"]?.array, steps.count == 2, let first = steps[0].int64,
        let last = steps[1].int64, first <= last,
        let count = element["loss_points"]?.int64.flatMap({ Int(exactly: $0) })
      else { throw fail("runs[\(index)]: name, path, steps (first and last) and loss_points") }
      sources.append(.init(name: name, path: path, steps: first...last, lossCount: count))
    }
    return sources
  }

  func metrics(_ value: JSONValue?, runCount: Int) throws(GoldenFileError) -> [GoldenBaseline.Metric] {
    guard let members = value?.members, !members.isEmpty else {
      throw fail("metrics: a mapping with one metric or more")
    }
    var metrics: [GoldenBaseline.Metric] = []
    for member in members {
      guard let lastStep = member.value["last_step"]?.int64 else {
        throw fail("metrics.\(member.key).last_step: a whole number")
      }
      var figures: [GoldenBaseline.Figure] = []
      for entry in member.value.members ?? [] where entry.key != "last_step" {
        let place = "metrics.\(member.key).\(entry.key)"
        guard let statistic = GateStatistic(rawValue: entry.key) else {
          throw fail("\(place): an unknown figure")
        }
        figures.append(
          .init(
            statistic: statistic, values: try numbers(entry.value, "values", place, runCount),
            standardErrors: try numbers(entry.value, "standard_errors", place, runCount),
            degreesOfFreedom: try numbers(entry.value, "degrees_of_freedom", place, runCount)))
      }
      metrics.append(.init(tag: member.key, lastStep: lastStep, figures: figures))
    }
    return metrics
  }

  private func numbers(
    _ value: JSONValue, _ key: String, _ place: String, _ count: Int
  ) throws(GoldenFileError) -> [Double] {
    let numbers = (value[key]?.array ?? []).compactMap(\.double).filter(\.isFinite)
    guard numbers.count == count, value[key]?.array?.count == count,
      key == "values" || numbers.allSatisfy({ $0 >= 0 })
    else { throw fail("\(place).\(key): \(count) finite numbers, one for each run") }
    return numbers
  }

  func findings(_ value: JSONValue?, runCount: Int) throws(GoldenFileError) -> [GoldenBaseline.FindingCount] {
    var findings: [GoldenBaseline.FindingCount] = []
    for member in value?.members ?? [] {
      let counts = (member.value.array ?? []).compactMap { $0.int64.flatMap { Int(exactly: $0) } }
      guard let kind = Finding.Kind(rawValue: member.key), counts.count == runCount,
        counts.allSatisfy({ $0 >= 0 })
      else { throw fail("findings.\(member.key): \(runCount) counts of a known finding") }
      findings.append(.init(kind: kind, counts: counts))
    }
    return findings
  }
}
