internal import EventFile
internal import Media
public import RunFolder

/// What a run says of its data (which they are, how they were cut, how many there are for evaluations) as a checksum: the
/// same for the same data, and nothing can be read from it.
public struct DataFingerprint: Equatable, Sendable {
  /// SHA-256 over `name=value` of each setting that names data, sorted, and `evaluation_samples=n`, a line each: 64
  /// hexadecimal digits.
  public var digits: String

  /// A fingerprint that was taken before.
  public init(digits: String) { self.digits = digits }

  /// That of `run`; nil where the run says nothing of its data.
  public init?(of run: TrainingRun) {
    var settings: [String: String] = [:]
    for setting in run.configuration.flatMap(\.settings) where KnownSetting.namesData(setting.name) {
      settings[setting.name] = settings[setting.name] ?? setting.value
    }
    let samples = EvaluationSets(base: run, new: run, differences: []).baseSamples
    if let samples { settings["evaluation_samples"] = String(samples) }
    guard !settings.isEmpty else { return nil }
    let lines = settings.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)\n" }
    digits = SHA256.digits(of: Array(lines.joined().utf8))
  }

  /// That of all `runs`; nil where they have none, or not the same.
  init?(sharedBy runs: [TrainingRun]) {
    let all = runs.map { DataFingerprint(of: $0) }
    guard let first = all.first.flatMap({ $0 }), all.allSatisfy({ $0 == first }) else { return nil }
    self = first
  }
}
