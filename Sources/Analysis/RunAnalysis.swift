public import EventFile
public import RunFolder

/// What can be said about one run: every figure and finding that a report shows, and nothing about how it looks.
public struct RunAnalysis: Equatable, Sendable {
  /// The run that was examined.
  public var run: TrainingRun
  /// How it was examined.
  public var options: AnalysisOptions
  /// The training loss, where the run has one.
  public var loss: LossAnalysis?
  /// The evaluation loss, where the run has one.
  public var evaluation: EvaluationAnalysis?
  /// Steps, epochs, time and throughput.
  public var extent: RunExtent
  /// What is worth telling, the gravest first.
  public var findings: [Finding]
  /// One row a scalar tag.
  public var metrics: [MetricStatistics]
  /// What was read and what could not be.
  public var quality: DataQuality
}

/// How a run is examined.
public struct AnalysisOptions: Equatable, Sendable {
  /// The weight of TensorBoard's exponential smoothing, from 0 (none) up to 1.
  public var smoothing: Double
  /// The share of the points, from the end, that the final level is computed over.
  public var window: Double
  /// The confidence of intervals.
  public var confidence: Double

  /// Options with the defaults of the command.
  public init(smoothing: Double = 0.6, window: Double = 0.1, confidence: Double = 0.95) {
    self.smoothing = smoothing
    self.window = window
    self.confidence = confidence
  }
}

/// The training loss.
public struct LossAnalysis: Equatable, Sendable {
  /// The tag that holds it.
  public var tag: String
  /// The points that stand, in step order, non-finite ones included.
  public var series: Series
  /// The points that a resume replaced.
  public var superseded: Series
  /// The smoothed value at each point, by TensorBoard's formula; non-finite where the raw value is.
  public var smoothed: [Double]
  /// The level of the last window; nil with too few finite points for any.
  public var final: WindowLevel?
  /// The mean over all finite points.
  public var mean: Double
  /// What the trainer wrote as the mean over the run (`train/train_loss`).
  public var reportedMean: Double?
  /// The first finite point.
  public var first: Point?
  /// The point with the least finite value.
  public var lowest: Point?
}

/// The evaluation loss.
public struct EvaluationAnalysis: Equatable, Sendable {
  /// The tag that holds it.
  public var tag: String
  /// One point an evaluation, in step order.
  public var series: Series
  /// The least finite value.
  public var best: Point?
  /// The last evaluation.
  public var last: Point
  /// The last evaluation minus the level of the training loss about that step.
  public var gap: Double?
  /// A row an evaluation, with every `eval/` metric of that step.
  public var rows: [Row]
  /// The tags of the columns of `rows`, `tag` first.
  public var columns: [String]

  /// The metrics of one evaluation.
  public struct Row: Equatable, Sendable {
    /// The step.
    public var step: Int64
    /// The epoch at that step, where known.
    public var epoch: Double?
    /// The level of the training loss about that step, where there is one.
    public var trainLoss: Double?
    /// The value for each of `columns`, nil where there is none.
    public var values: [Double?]
  }
}

/// How far a run went, and how fast.
public struct RunExtent: Equatable, Sendable {
  /// The first and the last step of the training loss (or of any metric, without one).
  public var steps: ClosedRange<Int64>?
  /// The number of steps that were planned.
  public var plannedSteps: Int64?
  /// Epochs at the end.
  public var epochs: Double?
  /// Epoch at steps, for a second axis; empty where unknown.
  public var epochSeries: Series?
  /// Seconds of training, pauses between segments left out.
  public var duration: Double?
  /// Seconds between segments.
  public var pause: Double?
  /// The wall time of the first event, in seconds since 1970.
  public var startTime: Double?
  /// Steps a second, over `duration`.
  public var stepsPerSecond: Double?
  /// Samples a second, as the trainer wrote it.
  public var samplesPerSecond: Double?
  /// Tokens seen, as the trainer wrote it.
  public var tokens: Double?
}

/// One scalar tag in figures.
public struct MetricStatistics: Equatable, Sendable {
  /// The tag.
  public var tag: String
  /// The number of points that stand.
  public var count: Int
  /// The number of those that are NaN or infinite.
  public var nonFiniteCount: Int
  /// The first and the last point.
  public var first: Point, last: Point
  /// The least and the greatest finite value with their steps.
  public var least: Point?, greatest: Point?
  /// The mean of the finite values.
  public var mean: Double
}

/// What was read and what could not be.
public struct DataQuality: Equatable, Sendable {
  /// The event files that were read.
  public var fileCount: Int
  /// Their records with two good checksums.
  public var recordCount: Int
  /// Their bytes.
  public var byteCount: Int
  /// The faults, by file and offset.
  public var faults: [ReadFault]
  /// The files that end within a record, which may still be growing: path, offset and missing bytes.
  public var incomplete: [IncompleteFile]
  /// The seams of resumed runs.
  public var seams: [Seam]
  /// Points that were written again with the same step.
  public var duplicateCount: Int
  /// Points that a resume replaced.
  public var supersededCount: Int
  /// Tags that hold something else than scalars and texts.
  public var otherTags: [TagSummary]
  /// Problems with other files, in words.
  public var problems: [String]

  /// A file that ends within a record.
  public struct IncompleteFile: Equatable, Sendable {
    /// The path.
    public var path: String
    /// The offset of the unfinished record.
    public var offset: Int
    /// The least number of bytes that are missing.
    public var missing: Int
  }
}

/// Where a resumed segment takes over.
public struct Seam: Equatable, Sendable {
  /// The first step of the resumed segment.
  public var step: Int64
  /// The last step that the interrupted segment had reached.
  public var interruptedAt: Int64
  /// Seconds between the two, where times are known.
  public var pause: Double?
}
