public import Checkpoint
public import EventFile

/// One training, put together from everything that its folder holds about it.
///
/// A training that was interrupted and resumed is one run of several segments.
public struct TrainingRun: Equatable, Sendable {
  /// The name to show, for example `Jan08_02-43-26_ubun` or `qwen3-4b/lora/sft`.
  public var name: String
  /// The path that was opened.
  public var path: String
  /// Where the metrics came from.
  public var source: Source
  /// The metrics, one a tag, in order of first appearance; aliases of a trainer's files are already resolved to the
  /// tags that HF Trainer writes (`train/loss`, `eval/loss`, `train/learning_rate`, …) where the source is not an
  /// event file.
  public var metrics: [Metric] { didSet { roles = RoleIndex() } }
  /// Which of them measures what, sought once.
  private(set) var roles = RoleIndex()
  /// The values of the event files that are no numbers, one track a tag, in order of first appearance: where they
  /// stand, to be read by `visitValues(of:_:)`.
  public var values: [ValueTrack]
  /// The embeddings that lie beside the event files, for TensorBoard's projector.
  public var embeddings: [Embedding] = []
  /// The writings of the run in order of time: one, and one more for each resume.
  public var segments: [Segment]
  /// The tags of which several writers wrote into one file at once.
  public var interleavedTags: [String]
  /// The tags that one writer wrote out of order, and that were sorted by step.
  public var sortedTags: [String]
  /// The other trainings whose traces lie among those of the run, in order of time. Nothing of them is in `metrics`,
  /// `segments` or `checkpoints`.
  public var otherTrainings: [OtherTraining]
  /// Event files, by their path, that say the same as others and were left out.
  public var copies: [String]
  /// Whether the writer counted no steps, so that the points are numbered in their order.
  public var isNumberedByOrder: Bool
  /// What was read of the event files, of their series only the tags.
  public var eventFiles: [EventFileContents]
  /// The tracker whose file the metrics came from; nil for TensorBoard and the trainer itself.
  public var tracker: TrackerFile.Kind?
  /// Scalars as they stand in `trainer_state.json`, where there is one.
  public var trainerState: TrainerState?
  /// Scalars as they stand in `trainer_log.jsonl`, where there is one.
  public var trainerLog: TrainerLog?
  /// How the writer itself says that the training failed, in words; nil where it does not.
  public var reportedFailure: String?
  /// `all_results.json` and its like.
  public var results: [Setting]
  /// The checkpoints, in the order of their steps.
  public var checkpoints: [CheckpointFolder]
  /// The saves that are not whole, in the order of their steps; what was never finished is not among `checkpoints`.
  public var incompleteSaves: [IncompleteSave]
  /// The settings of the training, as far as the files tell them.
  public var configuration: [ConfigurationSection]
  /// Where the checkpoints and the trainer's files are, where that is not `path`: the output folder that a run folder,
  /// opened by itself, lies in.
  public var outputPath: String?
  /// What a reader should know of where the parts of the run came from, in words.
  public var notes: [String]
  /// The trainer's files that could not be read, or not in whole.
  public var fileFaults: [TrainerFileError]
  /// Files that could not be read, in words with path and offset, beyond the faults of the event files.
  public var problems: [String]
  /// The paths of files and folders of the run that the system did not let be read; `problems` say why.
  public var refused: [String]

  /// Where the metrics of a run came from.
  public enum Source: String, Sendable {
    /// TensorBoard event files.
    case eventFiles
    /// The log history of `trainer_state.json`.
    case trainerState
    /// LLaMA-Factory's `trainer_log.jsonl`.
    case trainerLog
    /// A file of another tracker's: Weights & Biases, trackio, Lightning.
    case tracker
    /// There are none: only checkpoints were found, and no logs.
    case checkpointsOnly
    /// There are none: only what the trainer wrote at its end was found (`all_results.json` and its like), and no logs.
    case resultsOnly
    /// There are none: the event files hold other values alone, pictures, texts, histograms, hyperparameters.
    case valuesOnly

    /// Whether there are logs of metrics.
    public var isLogged: Bool { ![.checkpointsOnly, .resultsOnly, .valuesOnly].contains(self) }
  }

  /// A run from its metrics; everything else can be set afterwards.
  public init(name: String, path: String, source: Source = .eventFiles, metrics: [Metric] = []) {
    self.name = name
    self.path = path
    self.source = source
    self.metrics = metrics
    values = []
    segments = []
    interleavedTags = []
    sortedTags = []
    otherTrainings = []
    copies = []
    isNumberedByOrder = false
    fileFaults = []
    eventFiles = []
    results = []
    checkpoints = []
    incompleteSaves = []
    configuration = []
    notes = []
    problems = []
    refused = []
  }
}

/// One writing of a run, from its start or from a checkpoint.
public struct Segment: Equatable, Sendable {
  /// The first step of the training metrics in this segment.
  public var firstStep: Int64
  /// The last step of the training metrics in this segment.
  public var lastStep: Int64
  /// The wall time of the first event, in seconds since 1970; nil where the source has no times.
  public var startTime: Double?
  /// The wall time of the last event, in seconds since 1970; where only elapsed seconds are known (`startTime` is
  /// nil), those; nil where the source has no times.
  public var endTime: Double?
  /// The folder or file it was read from, relative to the run's path.
  public var origin: String

  /// A segment from its parts.
  public init(
    firstStep: Int64, lastStep: Int64, startTime: Double? = nil, endTime: Double? = nil, origin: String
  ) {
    self.firstStep = firstStep
    self.lastStep = lastStep
    self.startTime = startTime
    self.endTime = endTime
    self.origin = origin
  }
}

/// A folder `checkpoint-N` (or a framework's own name for it).
public struct CheckpointFolder: Equatable, Sendable {
  /// The step it was saved at.
  public var step: Int64
  /// Its path.
  public var path: String

  /// A checkpoint from its parts.
  public init(step: Int64, path: String) {
    self.step = step
    self.path = path
  }
}

/// A named value of a configuration, both as text.
public struct Setting: Equatable, Sendable {
  /// The name as the source spells it.
  public var name: String
  /// The value as JSON text, strings without their quotes.
  public var value: String

  /// A setting from its parts.
  public init(name: String, value: String) {
    self.name = name
    self.value = value
  }
}

/// The settings of one source.
public struct ConfigurationSection: Equatable, Sendable {
  /// What the settings describe, for example `args/text_summary`, `adapter_config.json`.
  public var source: String
  /// The settings, in the source's order.
  public var settings: [Setting]

  /// A section from its parts.
  public init(source: String, settings: [Setting]) {
    self.source = source
    self.settings = settings
  }
}
