public import RunFolder

/// A setting that two runs do not share.
public struct ConfigurationDifference: Equatable, Sendable {
  /// What the setting belongs to, for example `args/text_summary`.
  public var source: String
  /// The name.
  public var name: String
  /// The baseline's value, nil where it has none.
  public var base: String?
  /// The run's value, nil where it has none.
  public var new: String?
  /// How much the setting matters.
  public var weight: Weight

  /// How much a setting matters for a comparison.
  public typealias Weight = KnownSetting.Weight
}

extension ConfigurationDifference {
  /// The settings that differ, the weightiest first, else in the order of the baseline.
  static func between(_ base: TrainingRun, _ new: TrainingRun) -> [ConfigurationDifference] {
    var differences: [ConfigurationDifference] = []
    let left = sections(base)
    let right = sections(new)
    var sources = left.map(\.source)
    sources += right.map(\.source).filter { !sources.contains($0) }
    for source in sources {
      guard let old = left.first(where: { $0.source == source }),
        let other = right.first(where: { $0.source == source })
      else { continue }
      // Several files tell the same of one training, each in its spelling.
      differences += between(old.settings, other.settings, source: source).filter { difference in
        !differences.contains { $0.saysTheSame(as: difference) }
      }
    }
    return differences.enumerated()
      .sorted { ($1.element.weight, $0.offset) < ($0.element.weight, $1.offset) }
      .map(\.element)
  }

  private static func between(
    _ base: [Setting], _ new: [Setting], source: String
  ) -> [ConfigurationDifference] {
    let left = Dictionary(base.map { ($0.name, $0.value) }, uniquingKeysWith: { _, last in last })
    let right = Dictionary(new.map { ($0.name, $0.value) }, uniquingKeysWith: { _, last in last })
    var names: [String] = []
    var seen: Set<String> = []
    for name in base.map(\.name) + new.map(\.name) where seen.insert(name).inserted { names.append(name) }
    return names.compactMap { name in
      let (old, other) = (left[name], right[name])
      if old == other { return nil }
      if let old, let other, isSame(old, other) { return nil }
      return ConfigurationDifference(
        source: source, name: name, base: old, new: other, weight: KnownSetting.weight(of: name))
    }
  }

  private func saysTheSame(as other: Self) -> Bool {
    func agree(_ left: String?, _ right: String?) -> Bool {
      if left == right { return true }
      guard let left, let right else { return false }
      return Self.isSame(left, right)
    }
    return name == other.name && agree(base, other.base) && agree(new, other.new)
  }

  /// The decisive settings, and those that name the data, that all runs have with the same value.
  static func shared(by runs: [TrainingRun]) -> [Setting] {
    guard let first = runs.first else { return [] }
    var seen: Set<String> = []
    let settings = first.configuration.flatMap(\.settings).filter {
      KnownSetting.weight(of: $0.name) == .decisive || KnownSetting.namesData($0.name)
    }
    return settings.filter { setting in
      seen.insert(setting.name).inserted
        && runs.dropFirst().allSatisfy { run in
          run.configuration.contains { $0.settings.contains(setting) }
        }
    }
  }

  /// Whether two texts say the same: as numbers, or as lists whose order is by chance (PEFT writes sets).
  static func isSame(_ left: String, _ right: String) -> Bool {
    if let x = Double(left), let y = Double(right) { return x == y }
    guard left.hasPrefix("[\""), right.hasPrefix("[\""), left.hasSuffix("\"]"), right.hasSuffix("\"]") else {
      return false
    }
    func elements(_ text: String) -> [Substring] {
      text.dropFirst().dropLast().split(separator: ",").map { $0.drop { $0 == " " } }.sorted()
    }
    return elements(left) == elements(right)
  }

  private static func sections(_ run: TrainingRun) -> [ConfigurationSection] { run.configuration }
}
