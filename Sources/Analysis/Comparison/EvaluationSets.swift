internal import EventFile
internal import RunFolder

/// What can be told about the data that two runs were evaluated on.
public struct EvaluationSets: Equatable, Sendable {
  /// Whether the sets are the same.
  public var relation: Relation
  /// The number of samples in the baseline's evaluations and in the run's, where it can be told.
  public var baseSamples: Int?, newSamples: Int?
  /// The settings about evaluation data that differ.
  public var settings: [String]

  /// Whether two evaluation sets are the same.
  public enum Relation: String, Sendable {
    /// Nothing tells.
    case unknown
    /// The sizes agree and no setting differs.
    case sameSize = "same_size"
    /// The sizes differ, or a setting that names the data differs.
    case different
  }
}

extension EvaluationSets {
  /// Compares the evaluations of two runs.
  ///
  /// HF Trainer writes `eval/runtime` with four decimals and `eval/samples_per_second` with three; their product is
  /// the number of samples within what that rounding leaves.
  ///
  /// Sets of one size are no evidence where the training data differ that they may have been set apart from.
  init(
    base: TrainingRun, new: TrainingRun, differences: [ConfigurationDifference],
    comparability: Comparability = .whole
  ) {
    let left = Self.sampleCounts(base)
    let right = Self.sampleCounts(new)
    baseSamples = left.flatMap(Self.whole)
    newSamples = right.flatMap(Self.whole)
    settings = differences.filter {
      KnownSetting.namesEvaluationData($0.name) && $0.base != nil && $0.new != nil
    }
    .map(\.name)
    if settings.isEmpty, comparability.evaluatesOtherSplits {
      settings = comparability.differences.filter { $0.kind == .trainingData }.map(\.setting)
    }
    if !settings.isEmpty {
      relation = .different
    } else if let left, let right {
      relation =
        !left.overlaps(right) ? .different : comparability.sharesEvaluationData ? .sameSize : .unknown
    } else {
      relation = .unknown
    }
  }

  /// The interval that the number of samples of every evaluation lies in; nil where nothing tells.
  private static func sampleCounts(_ run: TrainingRun) -> ClosedRange<Double>? {
    guard let runtime = run.metric(tagged: "eval/runtime")?.series,
      let speed = run.metric(tagged: "eval/samples_per_second")?.series
    else { return nil }
    var result: ClosedRange<Double>?
    let pairs = StepPairs(runtime, 0..<runtime.count, speed, 0..<speed.count)
    let (times, speeds) = pairs.values(0..<pairs.count)
    for (seconds, samples) in zip(times, speeds) where seconds > 0 && samples > 0 {
      let least = max(0, seconds - 0.000_051) * max(0, samples - 0.000_51)
      let most = (seconds + 0.000_051) * (samples + 0.000_51)
      guard least.isFinite, most.isFinite, least <= most else { continue }
      guard let known = result else {
        result = least...most
        continue
      }
      let (lower, upper) = (max(known.lowerBound, least), min(known.upperBound, most))
      // Evaluations of different sizes within one run: no size can be told.
      guard lower <= upper else { return nil }
      result = lower...upper
    }
    return result
  }

  /// The only whole number in an interval.
  private static func whole(_ interval: ClosedRange<Double>) -> Int? {
    let (low, high) = (interval.lowerBound.rounded(.up), interval.upperBound.rounded(.down))
    return low == high ? Int(exactly: low) : nil
  }
}
