internal import RunFolder

/// What a run was trained with that its baseline was not, as far as it decides the outcome.
public struct BaselineDifference: Equatable, Sendable {
  /// The settings that differ, those of the data first.
  public var settings: [ConfigurationDifference]
  /// Whether the data differ, by a setting that names them or by their fingerprints.
  public var isOfData: Bool

  /// Nothing differs.
  public static let none = BaselineDifference(settings: [], isOfData: false)

  /// A difference from its parts.
  public init(settings: [ConfigurationDifference], isOfData: Bool) {
    self.settings = settings
    self.isOfData = isOfData
  }

  /// How `run` differs from `baseline`, of several runs from the first.
  init(of run: TrainingRun, from baseline: GateBaseline) {
    switch baseline {
    case .none: self = .none
    case .runs(let runs):
      guard let first = runs.first else {
        self = .none
        return
      }
      let settings = ConfigurationDifference.between(first, run).filter { $0.base != nil && $0.new != nil }
      self.init(settings, isOtherData: false)
    case .golden(let golden):
      let fingerprint = DataFingerprint(of: run)
      let isOther = golden.data.flatMap { known in fingerprint.map { $0 != known } } ?? false
      self.init(ConfigurationDifference.between(golden.configuration, run), isOtherData: isOther)
    }
  }

  private init(_ all: [ConfigurationDifference], isOtherData: Bool) {
    let data = all.filter { KnownSetting.namesData($0.name) }
    let others = all.filter { !KnownSetting.namesData($0.name) && $0.weight == .decisive }
    self.init(settings: data + others, isOfData: isOtherData || !data.isEmpty)
  }
}

extension ConfigurationDifference {
  /// The settings of `known` that `run` has, in any of its sources, with other values alone.
  static func between(_ known: [Setting], _ run: TrainingRun) -> [ConfigurationDifference] {
    known.compactMap { setting in
      let values = run.configuration.flatMap(\.settings).filter { $0.name == setting.name }.map(\.value)
      guard let first = values.first,
        !values.contains(where: { $0 == setting.value || isSame($0, setting.value) })
      else { return nil }
      return ConfigurationDifference(
        source: "", name: setting.name, base: setting.value, new: first,
        weight: KnownSetting.weight(of: setting.name))
    }
  }
}
