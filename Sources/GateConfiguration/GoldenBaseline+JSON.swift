public import Analysis
internal import Bytes
internal import FileSystem
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
  /// The version of golden files that this program writes; it reads older ones too, which have no curves or clocks
  /// (1), no noise of evaluations (2), the paths of their runs as they were given, not as the file sees them (3), and not
  /// where the window of a metric begins (4).
  public static let fileVersion = 5

  /// The text of a golden file: JSON, a line for each figure, the same bytes for the same runs.
  ///
  /// In figures, `level`, `spread` (the standard deviation between the runs) and `seed_margin` are there for people to
  /// read; a program finds all it needs in the columns behind them. A curve has a column
  /// for each part of its places. Levels and clocks have the seven digits of a 32-bit float, noise
  /// and spread of a curve four.
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
    add("data", data.map { .string("sha256:\($0.digits)") } ?? .null)
    add(
      "findings",
      .object(findings.map { .init($0.kind.rawValue, .array($0.counts.map { .number($0) })) }))
    if !clocks.isEmpty {
      add(
        "clocks",
        .object(
          clocks.map { clock in
            .init(
              clock.axis.rawValue,
              .object([
                "steps": .array(clock.steps.map { .number($0) }),
                "places": .array(clock.places.map(Self.short)),
              ]))
          }))
    }
    lines.append("  \"metrics\": {")
    for (index, metric) in metrics.enumerated() {
      lines.append("    \(JSONValue.string(metric.tag).text): {")
      lines.append("      \"last_step\": \(metric.lastStep),")
      if let step = metric.windowStep { lines.append("      \"window_first_step\": \(step),") }
      if let curve = metric.curve { lines += Self.lines(curve) }
      for (position, figure) in metric.figures.enumerated() {
        let end = position == metric.figures.count - 1 ? "" : ","
        lines.append("      \"\(figure.statistic.rawValue)\": \(Self.json(figure).text)\(end)")
      }
      lines.append(index == metrics.count - 1 ? "    }" : "    },")
    }
    lines += ["  }", "}", ""]
    return lines.joined(separator: "\n")
  }

  /// The lines of a curve: the noise left out where there is none, the spread where there is one run.
  private static func lines(_ curve: GoldenCurve) -> [String] {
    let places = curve.places
    var columns = [
      "\"first_steps\": \(JSONValue.array(places.map { .number($0.firstStep) }).text)",
      "\"levels\": \(JSONValue.array(places.map { short($0.level) }).text)",
    ]
    if places.contains(where: { $0.noise != 0 }) {
      columns.append("\"noise\": \(JSONValue.array(places.map { rough($0.noise) }).text)")
    }
    let spreads = places.compactMap(\.spread)
    if spreads.count == places.count {
      columns.append("\"spread\": \(JSONValue.array(spreads.map(rough)).text)")
    }
    return ["      \"curve\": {"]
      + columns.enumerated().map { "        \($1)\($0 == columns.count - 1 ? "" : ",")" } + ["      },"]
  }

  /// The number to the digits of a 32-bit float, where that can hold it.
  private static func short(_ value: Double) -> JSONValue {
    let float = Float(value)
    guard float.isFinite, float == 0 ? value == 0 : float.isNormal else { return .number(value) }
    return float == float.rounded() && abs(float) < 1e6
      ? .number(Int(clamping: value)) : .number(float.description)
  }

  /// The number, at least 0, to four digits.
  private static func rough(_ value: Double) -> JSONValue {
    guard value > 1e-100, value < 1e100 else { return .number(value) }
    var power = 1.0
    while value * power < 1000 { power *= 10 }
    while value * power >= 10_000 { power /= 10 }
    return .number((value * power).rounded() / power)
  }

  private static func json(_ figure: Figure) -> JSONValue {
    let mean = figure.values.reduce(0, +) / Double(max(1, figure.values.count))
    let spread = Effect.Spread(of: figure.values, confidence: 0.95)
    let margin = Effect(base: mean, new: mean, confidence: 0.95, spread: spread).seedMargin
    var members: [JSONValue.Member] = [
      .init("level", .number(mean)), .init("spread", spread.map { .number($0.deviation) } ?? .null),
      .init("seed_margin", margin.map { .number($0) } ?? .null),
      .init("values", .array(figure.values.map { .number($0) })),
      .init("standard_errors", .array(figure.standardErrors.map { .number($0) })),
      .init("degrees_of_freedom", .array(figure.degreesOfFreedom.map { .number($0) })),
    ]
    if !figure.samples.isEmpty {
      members.append(.init("points", .array(figure.samples.map { .number($0.count) })))
      members.append(.init("autocorrelation_times", .array(figure.samples.map { .number($0.time) })))
    }
    if !figure.biases.isEmpty { members.append(.init("biases", .array(figure.biases.map { .number($0) }))) }
    if !figure.evaluations.isEmpty {
      func column(_ key: String, _ value: (Figure.Evaluations) -> JSONValue) {
        members.append(.init(key, .array(figure.evaluations.map(value))))
      }
      column("noise_freedom") { .number($0.noise.freedom) }
      column("noise_variance") { .number($0.noise.variance) }
      column("candidates") { .number($0.candidates) }
      column("is_greatest") { .bool($0.isGreatest) }
      column("noise_share") { .number($0.share) }
    }
    return .object(members)
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
    guard let version = root["version"]?.int64, 1...Int64(Self.fileVersion) ~= version else {
      throw GoldenFileError(path: path, what: "version: this program reads versions 1 to \(Self.fileVersion)")
    }
    var runs = try reader.sources(root["runs"])
    if version >= 4 {
      for index in runs.indices { runs[index].path = Path.join(Path.parent(of: path), runs[index].path) }
    }
    let metrics = try reader.metrics(root["metrics"], runCount: runs.count)
    let configuration = (root["configuration"]?.members ?? []).compactMap { member in
      member.value.string.map { Setting(name: member.key, value: $0) }
    }
    self.init(
      runs: runs, window: root["window"]?.double ?? 0.1, configuration: configuration,
      evaluationSamples: root["evaluation_samples"]?.int64.flatMap { Int(exactly: $0) },
      data: try reader.data(root["data"]), metrics: metrics,
      findings: try reader.findings(root["findings"], runCount: runs.count),
      clocks: try reader.clocks(root["clocks"]))
  }
}
