internal import EventFile
internal import RunFolder

/// What two runs are held against each other by, and over which part.
public struct Alignment: Equatable, Sendable {
  /// The axis, never `automatic`.
  public var axis: AlignmentAxis
  /// The part that both runs cover, on the axis.
  public var overlap: ClosedRange<Double>
  /// The steps of the baseline that lie in the overlap.
  public var baseSteps: ClosedRange<Int64>
  /// The steps of the run that lie in the overlap.
  public var newSteps: ClosedRange<Int64>
  /// The share of the baseline's span that the overlap covers.
  public var baseCoverage: Double
  /// The share of the run's span that the overlap covers.
  public var newCoverage: Double
  /// Whether a step means the same in both runs, so that points can be held against each other step by step.
  public var sharesSteps: Bool
}

/// Two runs with their clocks and the overlap.
struct AlignedRuns {
  let base: TrainingRun
  let new: TrainingRun
  let baseClock: RunClock
  let newClock: RunClock
  /// Where the epochs of each begin.
  let baseEpochs: EpochBoundaries, newEpochs: EpochBoundaries
  let alignment: Alignment
  /// The share of the shorter run's span that both cover.
  let commonShare: Double

  /// Aligns two runs; nil where they have no metric or no part in common, or do not both tell the axis.
  init?(base: TrainingRun, new: TrainingRun, axis: AlignmentAxis) {
    guard let baseRange = Self.range(base), let newRange = Self.range(new) else { return nil }
    let common =
      max(
        baseRange.lowerBound, newRange.lowerBound)...max(
        min(baseRange.upperBound, newRange.upperBound), max(baseRange.lowerBound, newRange.lowerBound))
    let known = [AlignmentAxis.tokens, .epoch].compactMap { axis -> (RunClock, RunClock)? in
      guard let left = RunClock(base, axis: axis), let right = RunClock(new, axis: axis) else { return nil }
      return (left, right)
    }
    let sharesSteps = known.first.map { $0.0.agrees(with: $0.1, over: common) } ?? true
    let clocks: (RunClock, RunClock)?
    if axis == .automatic {
      let pair = sharesSteps ? nil : known.first
      clocks = pair ?? Self.clocks(base, new, .step)
    } else {
      clocks = Self.clocks(base, new, axis)
    }
    guard let (baseClock, newClock) = clocks else { return nil }
    let baseSpan = baseClock.places(of: baseRange)
    let newSpan = newClock.places(of: newRange)
    let lower = max(baseSpan.lowerBound, newSpan.lowerBound)
    let upper = min(baseSpan.upperBound, newSpan.upperBound)
    guard lower <= upper else { return nil }
    self.base = base
    self.new = new
    self.baseClock = baseClock
    self.newClock = newClock
    baseEpochs = EpochBoundaries(base)
    newEpochs = EpochBoundaries(new)
    let overlap = lower...upper
    let shorter = min(baseSpan.upperBound - baseSpan.lowerBound, newSpan.upperBound - newSpan.lowerBound)
    commonShare = shorter > 0 ? (upper - lower) / shorter : 1
    guard let baseSteps = Self.steps(base, baseClock, overlap),
      let newSteps = Self.steps(new, newClock, overlap)
    else { return nil }
    alignment = Alignment(
      axis: baseClock.axis, overlap: overlap, baseSteps: baseSteps, newSteps: newSteps,
      baseCoverage: Self.coverage(upper, of: baseSpan), newCoverage: Self.coverage(upper, of: newSpan),
      sharesSteps: sharesSteps)
  }

  /// The points of a metric of the baseline that lie in the overlap.
  func baseIndices(_ series: Series) -> Range<Int> {
    baseClock.indices(of: series.steps, within: alignment.overlap)
  }

  /// The points of a metric of the run that lie in the overlap.
  func newIndices(_ series: Series) -> Range<Int> {
    newClock.indices(of: series.steps, within: alignment.overlap)
  }

  private static func clocks(
    _ base: TrainingRun, _ new: TrainingRun, _ axis: AlignmentAxis
  ) -> (RunClock, RunClock)? {
    guard let left = RunClock(base, axis: axis), let right = RunClock(new, axis: axis) else { return nil }
    return (left, right)
  }

  /// The first and the last step of any metric.
  private static func range(_ run: TrainingRun) -> ClosedRange<Int64>? {
    let series = run.metricsByStep.map(\.series)
    guard let first = series.compactMap(\.steps.first).min(),
      let last = series.compactMap(\.steps.last).max(),
      first <= last
    else { return nil }
    return first...last
  }

  /// The first and the last step of any metric within the overlap.
  private static func steps(
    _ run: TrainingRun, _ clock: RunClock, _ overlap: ClosedRange<Double>
  ) -> ClosedRange<Int64>? {
    var first: Int64?
    var last: Int64?
    for metric in run.metrics {
      let indices = clock.indices(of: metric.series.steps, within: overlap)
      guard let lower = indices.first, let upper = indices.last else { continue }
      first = min(first ?? .max, metric.series.steps[lower])
      last = max(last ?? .min, metric.series.steps[upper])
    }
    guard let first, let last, first <= last else { return nil }
    return first...last
  }

  /// How much of a span is reached; the beginning counts as covered, since loggers start at different steps.
  private static func coverage(_ reached: Double, of span: ClosedRange<Double>) -> Double {
    let length = span.upperBound - span.lowerBound
    return length > 0 ? min(1, (reached - span.lowerBound) / length) : 1
  }
}
