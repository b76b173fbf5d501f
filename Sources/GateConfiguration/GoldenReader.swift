internal import Analysis
internal import JSON

/// Reads the parts of a golden file.
struct GoldenReader {
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

  func data(_ value: JSONValue?) throws(GoldenFileError) -> DataFingerprint? {
    guard let value, value != .null else { return nil }
    let prefix = "sha256:"
    guard let text = value.string, text.hasPrefix(prefix), text.utf8.count == prefix.utf8.count + 64,
      text.utf8.dropFirst(prefix.utf8.count).allSatisfy("0123456789abcdef".utf8.contains)
    else { throw fail("data: sha256: and 64 hexadecimal digits, or null") }
    return DataFingerprint(digits: String(text.dropFirst(prefix.count)))
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
      var windowStep: Int64?
      if let value = member.value["window_first_step"] {
        guard let step = value.int64, step <= lastStep else {
          throw fail("metrics.\(member.key).window_first_step: a whole number, up to last_step")
        }
        windowStep = step
      }
      var figures: [GoldenBaseline.Figure] = []
      var curve: GoldenCurve?
      for entry in member.value.members ?? []
      where !["last_step", "window_first_step"].contains(entry.key) {
        if entry.key == "curve" {
          curve = try self.curve(
            entry.value, "metrics.\(member.key).curve", lastStep: lastStep, runCount: runCount)
          continue
        }
        let place = "metrics.\(member.key).\(entry.key)"
        guard let statistic = GateStatistic(rawValue: entry.key) else {
          throw fail("\(place): an unknown figure")
        }
        figures.append(
          .init(
            statistic: statistic, values: try numbers(entry.value, "values", place, runCount),
            standardErrors: try numbers(entry.value, "standard_errors", place, runCount),
            degreesOfFreedom: try numbers(entry.value, "degrees_of_freedom", place, runCount),
            samples: try samples(entry.value, place, runCount),
            biases: entry.value["biases"] == nil ? [] : try numbers(entry.value, "biases", place, runCount),
            evaluations: try evaluations(entry.value, place, runCount)))
      }
      metrics.append(
        .init(
          tag: member.key, lastStep: lastStep, windowStep: windowStep, figures: figures, curve: curve))
    }
    return metrics
  }

  private func curve(
    _ value: JSONValue, _ place: String, lastStep: Int64, runCount: Int
  ) throws(GoldenFileError) -> GoldenCurve {
    let steps = (value["first_steps"]?.array ?? []).compactMap(\.int64)
    guard !steps.isEmpty, steps.count == value["first_steps"]?.array?.count,
      zip(steps, steps.dropFirst()).allSatisfy({ $0 < $1 }), steps[steps.count - 1] <= lastStep
    else { throw fail("\(place).first_steps: whole numbers that rise, up to last_step") }
    for member in value.members ?? []
    where !["first_steps", "levels", "noise", "spread"].contains(member.key) {
      throw fail("\(place).\(member.key): an unknown column")
    }
    func column(_ key: String, isPositive: Bool) throws(GoldenFileError) -> [Double] {
      let numbers = (value[key]?.array ?? []).compactMap(\.double).filter(\.isFinite)
      guard numbers.count == steps.count, value[key]?.array?.count == steps.count,
        !isPositive || numbers.allSatisfy({ $0 >= 0 })
      else {
        throw fail(
          "\(place).\(key): \(steps.count) finite numbers, one for each of first_steps"
            + (isPositive ? ", none below 0" : ""))
      }
      return numbers
    }
    let levels = try column("levels", isPositive: false)
    let noise = value["noise"] == nil ? nil : try column("noise", isPositive: true)
    guard (value["spread"] != nil) == (runCount > 1) else {
      throw fail("\(place).spread: there with two runs or more, and not with one")
    }
    let spread = runCount > 1 ? try column("spread", isPositive: true) : nil
    return GoldenCurve(
      places: steps.indices.map { index in
        .init(
          firstStep: steps[index], level: levels[index], noise: noise?[index] ?? 0, spread: spread?[index])
      })
  }

  func clocks(_ value: JSONValue?) throws(GoldenFileError) -> [GoldenBaseline.Clock] {
    var clocks: [GoldenBaseline.Clock] = []
    for member in value?.members ?? [] {
      let (steps, places) = (member.value["steps"]?.array ?? [], member.value["places"]?.array ?? [])
      let known = (steps.compactMap(\.int64), places.compactMap(\.double).filter(\.isFinite))
      guard let axis = AlignmentAxis(rawValue: member.key), axis == .epoch || axis == .tokens else {
        throw fail("clocks.\(member.key): an unknown axis; epoch and tokens are known")
      }
      guard known.0.count == steps.count, known.1.count == places.count, steps.count == places.count,
        steps.count >= 2, zip(known.0, known.0.dropFirst()).allSatisfy({ $0 < $1 }),
        zip(known.1, known.1.dropFirst()).allSatisfy({ $0 < $1 })
      else { throw fail("clocks.\(member.key): steps and places, two or more of each, both rising") }
      clocks.append(.init(axis: axis, steps: known.0, places: known.1))
    }
    return clocks
  }

  private func samples(
    _ value: JSONValue, _ place: String, _ count: Int
  ) throws(GoldenFileError) -> [GoldenBaseline.Figure.Sample] {
    guard value["points"] != nil || value["autocorrelation_times"] != nil else { return [] }
    let points = (value["points"]?.array ?? []).compactMap { $0.int64.flatMap { Int(exactly: $0) } }
    guard points.count == count, value["points"]?.array?.count == count, points.allSatisfy({ $0 >= 3 }) else {
      throw fail("\(place).points: \(count) whole numbers of at least 3, one for each run")
    }
    let times = try numbers(value, "autocorrelation_times", place, count)
    // Noise that is slower than the window has a time beyond its points.
    guard times.allSatisfy({ $0 >= 1 }) else {
      throw fail("\(place).autocorrelation_times: each at least 1")
    }
    return zip(points, times).map { .init(count: $0, time: $1) }
  }

  private func evaluations(
    _ value: JSONValue, _ place: String, _ count: Int
  ) throws(GoldenFileError) -> [GoldenBaseline.Figure.Evaluations] {
    guard value["noise_freedom"] != nil || value["noise_variance"] != nil else { return [] }
    let freedom = try numbers(value, "noise_freedom", place, count)
    let variance = try numbers(value, "noise_variance", place, count)
    let candidates = try numbers(value, "candidates", place, count)
    let shares = try numbers(value, "noise_share", place, count)
    let sides = (value["is_greatest"]?.array ?? []).compactMap(\.bool)
    guard sides.count == count, candidates.allSatisfy({ $0 >= 1 }), shares.allSatisfy({ $0 <= 1 }) else {
      throw fail(
        "\(place): candidates of at least 1, noise_share of at most 1, and is_greatest, one for each run")
    }
    return (0..<count).map { index in
      .init(
        noise: EvaluationNoise(freedom: freedom[index], variance: variance[index]),
        candidates: candidates[index], isGreatest: sides[index], share: shares[index])
    }
  }

  private func numbers(
    _ value: JSONValue, _ key: String, _ place: String, _ count: Int
  ) throws(GoldenFileError) -> [Double] {
    let numbers = (value[key]?.array ?? []).compactMap(\.double).filter(\.isFinite)
    guard numbers.count == count, value[key]?.array?.count == count,
      key == "values" || key == "biases" || numbers.allSatisfy({ $0 >= 0 })
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
