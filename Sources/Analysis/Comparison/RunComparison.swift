public import EventFile
public import RunFolder

/// How runs are compared.
public struct ComparisonOptions: Equatable, Sendable {
  /// What they are aligned by.
  public var axis: AlignmentAxis
  /// The share of the points, from the end of the overlap, that levels are computed over.
  public var window: Double
  /// The confidence of each one-sided decision.
  public var confidence: Double
  /// The difference, as a share of the baseline's figure, below which two figures count as the same.
  public var margin: Double
  /// The loss whose reaching is timed; nil for the baseline's last evaluation, or its final level without one.
  public var target: Double?
  /// The metrics that are compared, as patterns; all where empty.
  public var metrics: [String]
  /// The weight of TensorBoard's exponential smoothing in the picture; nil for the local trend (`Trend`).
  public var smoothing: Double?

  /// Options with the defaults of the command.
  public init(
    axis: AlignmentAxis = .automatic, window: Double = 0.1, confidence: Double = 0.95, margin: Double = 0.01,
    target: Double? = nil, metrics: [String] = [], smoothing: Double? = nil
  ) {
    self.axis = axis
    self.window = window
    self.confidence = confidence
    self.margin = margin
    self.target = target
    self.metrics = metrics
    self.smoothing = smoothing
  }
}

/// A baseline and the runs that are held against it.
public struct RunComparison: Equatable, Sendable {
  /// The baseline.
  public var base: TrainingRun
  /// How the runs were compared.
  public var options: ComparisonOptions
  /// A comparison for each further run, in their order.
  public var pairs: [PairComparison]

  /// Compares each of `new` with `base`.
  ///
  /// - Complexity: O(points).
  public init(base: TrainingRun, new: [TrainingRun], options: ComparisonOptions = ComparisonOptions()) {
    self.base = base
    self.options = options
    let flaw = base.lossFlaw
    pairs = new.map { PairComparison(base: base, new: $0, baseFlaw: flaw, options: options) }
  }
}

extension PairComparison {
  /// Whether neither run has a scalar, so that only what they hold beside can be compared.
  public func isWithoutScalars(_ base: TrainingRun) -> Bool {
    base.source == .valuesOnly && new.source == .valuesOnly
  }
}

/// A run held against a baseline.
public struct PairComparison: Equatable, Sendable {
  /// The run.
  public var new: TrainingRun
  /// What the two are aligned by; nil where they have no part in common, and then nothing is compared.
  public var alignment: Alignment?
  /// The settings that differ, the weightiest first.
  public var configuration: [ConfigurationDifference]
  /// Whether the two saw the same data in the same order.
  public var pairing: Pairing
  /// What they do not have in common and what their figures stand or fall with.
  public var comparability: Comparability
  /// What can be told about their evaluation sets.
  public var evaluationSets: EvaluationSets
  /// A row for each figure of each metric that both have, losses first.
  public var metrics: [MetricComparison]
  /// The training losses.
  public var loss: CurveComparison?
  /// The evaluation losses.
  public var evaluation: CurveComparison?
  /// What makes the training loss of the baseline, and of the run, worthless though it looks finite: a filtered NaN, or
  /// a dead run.
  public var baseFlaw: Finding?, newFlaw: Finding?
  /// What the baseline, and the run, are judged by; nil without any loss or reward.
  public var baseObjective: Objective?, newObjective: Objective?
  /// What kind of training the baseline, and the run, are.
  public var baseTraining: TrainingKind, newTraining: TrainingKind
  /// The tags that only the baseline has, and those that only the run has.
  public var onlyBase: [String], onlyNew: [String]
}

/// One curve of two runs.
public struct CurveComparison: Equatable, Sendable {
  /// The curve in the baseline and in the run, whole.
  public var base: Series, new: Series
  /// Where the steps of each lie on the axis of the comparison.
  public var baseClock: RunClock, newClock: RunClock
  /// The best point of each within the overlap.
  public var baseBest: Point?, newBest: Point?
  /// The area under each curve over the overlap, divided by the span; nil where a point is not finite.
  public var baseArea: Double?, newArea: Double?
  /// The value whose reaching is timed.
  public var target: Double?
  /// Where each first reached the target; nil where it did not.
  public var baseReached: Reached?, newReached: Reached?
  /// The first common step whose values are not the same; nil where there is none.
  public var firstDifferentStep: Int64?
  /// The step from which on the difference stays out of its band, to the end of the overlap.
  public var firstDivergingStep: Int64?
  /// The first step of the run with a value that is not finite where the baseline's is.
  public var firstNonFiniteStep: Int64?
  /// How the difference developed; nil where too few points are common.
  public var difference: DifferenceCurve?

  /// Where a curve reached a value.
  public struct Reached: Equatable, Sendable {
    /// The step.
    public var step: Int64
    /// The place on the axis of the comparison.
    public var position: Double
    /// Seconds since the first point of the curve.
    public var seconds: Double
  }
}
