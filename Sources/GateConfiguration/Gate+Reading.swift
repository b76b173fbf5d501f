internal import Analysis
internal import RunFolder
internal import YAML

extension Gate {
  /// A gate from its mapping; nil, with the problems noted in `reader`, where it cannot stand.
  init?(reading reader: inout MappingReader, defaults: (settings: Settings, level: Level)) {
    let before = reader.problems.count
    if !reader.has("id") { reader.report("the gate wants the key \"id\"", at: reader.position) }
    let id = reader.text("id")
    let subject = Self.readSubject(&reader)
    let statistic = Self.readStatistic(&reader, of: subject)
    let bounds = Self.readBounds(&reader, of: subject)
    let level = reader.choice("level", Level.allCases) ?? defaults.level
    let settings = GatePlan.readSettings(&reader, defaults: defaults.settings)
    let message = reader.text("message")
    guard reader.problems.count == before, let id, let subject, let statistic else { return nil }
    self.init(
      id: id, subject: subject, statistic: statistic, bounds: bounds, level: level, settings: settings,
      message: message, line: reader.position.line)
  }

  private static func readSubject(_ reader: inout MappingReader) -> Subject? {
    let metric = reader.text("metric").map { Glob($0) }
    let finding = reader.choice("finding", FindingWord.all)
    let weights = reader.text("weights").map { Glob($0) }
    switch (reader.has("metric"), reader.has("finding"), reader.has("weights")) {
    case (true, false, false): return metric.map { .metric($0) }
    case (_, true, false): return finding.flatMap { $0.subject(metric: metric) }
    case (false, false, true): return weights.map { .weights($0) }
    case (false, false, false):
      reader.report("the gate looks at nothing: it wants metric, finding or weights", at: reader.position)
    default:
      reader.report(
        "weights cannot stand beside metric or finding; make two gates of it",
        at: reader.position(of: "weights"))
    }
    return nil
  }

  private static func readStatistic(_ reader: inout MappingReader, of subject: Subject?) -> GateStatistic? {
    switch subject {
    case .finding, .findings: return reader.choice("stat", [GateStatistic.count]) ?? .count
    case .weights: return reader.choice("stat", GateStatistic.ofWeights) ?? .relativeChange
    case .metric: return reader.choice("stat", GateStatistic.ofMetrics) ?? .final
    case nil:
      _ = reader.node("stat")
      return nil
    }
  }

  private static func readBounds(_ reader: inout MappingReader, of subject: Subject?) -> [Bound] {
    let most = reader.number("max")
    let least = reader.number("min")
    let increase = readMargin("max_increase", &reader)
    let decrease = readMargin("max_decrease", &reader)
    let keys = ["max", "min", "max_increase", "max_decrease"]
    if !keys.contains(where: reader.has) {
      reader.report("the gate has no bound: it wants \(keys.joined(separator: ", "))", at: reader.position)
    }
    if let most, let least, least > most {
      reader.report("min is above max, so nothing can pass", at: reader.position(of: "min"))
    }
    if case .weights = subject {
      for key in ["max_increase", "max_decrease"] where reader.has(key) {
        reader.report(
          "\(key) does not fit weights, which are a change already; use min or max",
          at: reader.position(of: key))
      }
    }
    if reader.has("finding") {
      if let most, most < 0 {
        reader.report("max is below 0, and no count is, so nothing can pass", at: reader.position(of: "max"))
      }
      for key in ["max_increase", "max_decrease"] {
        if case .relative = key == "max_increase" ? increase : decrease {
          reader.report("\(key) of a finding wants a number, not a share", at: reader.position(of: key))
        }
      }
    }
    return [
      most.map { .atMost($0) }, least.map { .atLeast($0) }, increase.map { .increase($0) },
      decrease.map { .decrease($0) },
    ].compactMap { $0 }
  }

  private static func readMargin(_ key: String, _ reader: inout MappingReader) -> Margin? {
    guard let node = reader.node(key) else { return nil }
    if case .scalar(let text, _) = node.content {
      if text == "seed" { return .seed }
      if let share = MappingReader.percentage(text), share >= 0 { return .relative(share) }
      if let value = MappingReader.number(text), value >= 0 { return .absolute(value) }
    }
    reader.report(
      "\(key) must be a share such as 1%, a number that is not negative, or the word seed, not \(node.kindName)",
      at: node.position)
    return nil
  }
}

/// What a gate on findings counts: those of one kind, or all that are so grave.
struct FindingWord: RawRepresentable {
  let rawValue: String

  init(rawValue: String) { self.rawValue = rawValue }

  static let all = (Finding.Kind.allCases.map(\.rawValue) + severities.map(\.name)).map { Self(rawValue: $0) }
  private static let severities: [Finding.Severity] = [.warning, .failure]

  func subject(metric: Glob?) -> Gate.Subject? {
    if let kind = Finding.Kind(rawValue: rawValue) { return .finding(kind, metric: metric) }
    return Self.severities.first { $0.name == rawValue }.map { .findings($0, metric: metric) }
  }
}
