public import EventFile
internal import RunFolder

/// The training loss.
public struct LossAnalysis: Equatable, Sendable {
  /// The tag that holds it.
  public var tag: String
  /// The points that stand, in step order, non-finite ones included: NaN, too, where the trainer logged 0 in its place.
  public var series: Series
  /// The points that a resume replaced.
  public var superseded: Series
  /// The level of the first points; nil with no finite one.
  public var early: EarlyLevel?
  /// The level at the end; nil with too few finite points for any, and where the loss of the end is a
  /// filtered NaN, since the zeros that a trainer writes for it are no level.
  public var final: WindowLevel?
  /// The mean over all finite points; NaN where there is none.
  public var mean: Double
  /// What the trainer wrote as the mean over the run (`train/train_loss`). Of a resumed run HF Trainer writes the sum of
  /// the losses since the resume over the number of all steps: where that is not the mean, to 2 %, this is nil.
  public var reportedMean: Double?
  /// The first finite point.
  public var first: Point?
  /// The point with the least finite value.
  public var lowest: Point?
  /// The line that pictures draw through the points, where one did.
  public let memory = CurveMemory()

  init(of metric: Metric, statistics: MetricStatistics, in run: TrainingRun, options: AnalysisOptions) {
    tag = metric.tag
    series = metric.series
    superseded = metric.superseded
    final = WindowLevel(atEndOf: metric.series, share: options.window, confidence: options.confidence)
    early = EarlyLevel(of: metric.series)
    mean = statistics.mean
    let reported = run.metric(for: .meanTrainLoss)?.series.values.last
    // The part since a resume can be all that is at hand: then its first point is not one interval from 0.
    let steps = metric.series.steps.prefix(2).map { Double($0) }
    let isLate = steps.count == 2 && Double(steps[0]) > 3 * (Double(steps[1]) - Double(steps[0]))
    let isResumed = run.segments.count > 1 || isLate
    let isMean = reported.map { Self.agree($0, statistics.mean) } ?? false
    reportedMean = isResumed && !isMean ? nil : reported
    first = metric.series.first { $0.value.isFinite }
    lowest = statistics.least
  }
}

extension LossAnalysis {
  /// Puts NaN in the place of the zeros that `finding` says stand for it.
  mutating func restore(_ finding: Finding) {
    series = series.withoutZeros(of: finding)
    lowest = MetricStatistics(of: series)?.least
  }

  /// Whether the trainer's mean is that of the points. Points that were logged every few steps give about the mean of
  /// all steps, so that 2 % are no difference.
  public var reportsItsMean: Bool { reportedMean.map { Self.agree($0, mean) } ?? false }

  private static func agree(_ reported: Double, _ mean: Double) -> Bool {
    abs(reported - mean) <= 0.02 * abs(mean)
  }

  /// Where a loss went from its first points to its end.
  public enum Course: String, Sendable {
    /// It is lower, or higher, by more than its noise.
    case fell, rose
    /// It is where it began, to a twentieth.
    case stayed
    /// The noise of both levels lets nobody say which: a difference that cannot be shown is no proof of none.
    case went

    /// The share of the first level within which a curve stayed: a judgement of cost, that of `NotLearningRule`.
    private static let leastShare = 0.05
    /// The standard errors by which the first and the last third of a curve differ where it went one way.
    private static let leastScore = 3.0

    /// Where a curve went from one level to another; nil without both. What these do not tell, since a first level is of a
    /// few points, the thirds of the curve may.
    init?(from early: EarlyLevel?, to final: WindowLevel?, in series: Series) {
      guard let early, let final, final.level.isFinite else { return nil }
      let difference = final.level - early.value
      let half = final.halfWidth
      let error = (4 * early.standardError * early.standardError + half * half).squareRoot()
      if abs(difference) > error {
        self = difference < 0 ? .fell : .rose
        return
      }
      let curve = Curve(series)
      let third = curve.count / 3
      guard third >= 4 else {
        self = abs(difference) + error <= Self.leastShare * abs(early.value) ? .stayed : .went
        return
      }
      let first = RobustLevel(curve.values.prefix(third), noise: curve.noise)
      let last = RobustLevel(curve.values.suffix(third), noise: curve.noise)
      let way = last.median - first.median
      let wayError = first.differenceError(from: last)
      if abs(way) + 2 * wayError <= Self.leastShare * abs(first.median) {
        self = .stayed
      } else if abs(way) > Self.leastScore * wayError, way.sign == difference.sign {
        self = way < 0 ? .fell : .rose
      } else {
        self = .went
      }
    }
  }

  /// Where the loss went, by the difference of the two levels and twice its error; nil without two levels.
  public var course: Course? { Course(from: early, to: final, in: series) }
}
