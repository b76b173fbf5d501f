public import EventFile

/// A training whose traces lie in the folder of a run, and which is not that run.
public struct OtherTraining: Equatable, Sendable {
  /// How it was told apart.
  public enum Relation: String, Sendable {
    /// It began again from the first step, or the run did.
    case afresh
    /// It was written at the same time as the run, with other values: another process of a parallel training, or another
    /// training that was given the same folder.
    case atOnce = "at_once"
    /// A checkpoint's own state has other values than the run at the same steps.
    case checkpoint
  }

  /// How it was told apart.
  public var relation: Relation
  /// The file or folder it was read from, relative to the run's path; of several the first.
  public var origin: String
  /// The event files that hold nothing else.
  public var files: [String]
  /// The first and the last step that it trained.
  public var steps: ClosedRange<Int64>
  /// The wall time of its first event, in seconds since 1970, where known.
  public var startTime: Double?
  /// The wall time of its last event, likewise.
  public var endTime: Double?
  /// Its loss, the points in the order in which they were written.
  public var loss: Series
  /// The number of steps at which both it and the run have a loss.
  public var commonCount: Int
  /// The number of those with other values.
  public var differingCount: Int
  /// The checkpoints in the run's folder that are of this training, by their own states.
  public var checkpoints: [CheckpointFolder]

  /// A training from its parts.
  public init(
    relation: Relation, origin: String, files: [String] = [], steps: ClosedRange<Int64>,
    startTime: Double? = nil,
    endTime: Double? = nil, loss: Series, commonCount: Int = 0, differingCount: Int = 0,
    checkpoints: [CheckpointFolder] = []
  ) {
    self.relation = relation
    self.origin = origin
    self.files = files
    self.steps = steps
    self.startTime = startTime
    self.endTime = endTime
    self.loss = loss
    self.commonCount = commonCount
    self.differingCount = differingCount
    self.checkpoints = checkpoints
  }
}
