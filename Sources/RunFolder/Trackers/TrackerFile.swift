internal import EventFile
internal import FileSystem

/// The files in which other trackers than TensorBoard keep the curves of trainings on a machine's own disk.
public enum TrackerFile {
  /// The trackers whose files are read.
  public enum Kind: String, Equatable, Sendable {
    /// `run-<id>.wandb` of Weights & Biases, offline or not yet removed.
    case wandb
    /// `<project>.db` of trackio.
    case trackio
    /// `metrics.csv` of Lightning's CSVLogger.
    case lightning
    /// `log_<seconds since 1970>.txt` of torchtune's DiskLogger.
    case torchtune
    /// `run-<id>.swanlab` of SwanLab, or `backup.swanlab` of its versions before 0.10.
    case swanlab

    /// The tracker that keeps files of this name; nil for others. A database may turn out to be another program's.
    init?(named name: String) {
      if FileKind.isHidden(name) { return nil }
      if name.hasSuffix(".wandb") {
        self = .wandb
      } else if name.hasSuffix(".swanlab") {
        self = .swanlab
      } else if name.hasSuffix(".db") {
        self = .trackio
      } else if name == "metrics.csv" {
        self = .lightning
      } else if TorchtuneLog.isName(name) {
        self = .torchtune
      } else {
        return nil
      }
    }
  }

  /// The runs in the file at `path`, each with at least one point.
  ///
  /// - Throws: `TrackerError` where the file is none of the tracker's, or holds no point.
  static func runs(at path: String, _ kind: Kind) throws(TrackerError) -> [TrackedRun] {
    let runs =
      switch kind {
      case .wandb: try WandbLog.runs(at: path)
      case .trackio: try TrackioDatabase.runs(at: path)
      case .lightning: try LightningTable.runs(at: path)
      case .torchtune: try TorchtuneLog.runs(at: path)
      case .swanlab: try SwanlabLog.runs(at: path)
      }
    let told = runs.filter { run in run.series.contains { !$0.isEmpty } }
    guard !told.isEmpty else { throw TrackerError(path: path, reason: "no number in it") }
    return told
  }

  /// The whole of the file at `path`.
  static func bytes(at path: String) throws(TrackerError) -> [UInt8] {
    do throws(SystemError) {
      return try Files.read(path)
    } catch {
      throw TrackerError(path: path, reason: "cannot be read: \(error.reason)", isRefused: error.isRefusal)
    }
  }
}

/// Why a file of another tracker gives no run.
public struct TrackerError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The path of the file.
  public var path: String
  /// What is wrong, in words.
  public var reason: String
  /// Whether it is another program's file under such a name, which is no fault.
  public var isForeign = false
  /// Whether the system did not let it be read.
  public var isRefused = false

  /// `file: what`.
  public var description: String { "\(path): \(reason)" }
}

/// A run as another tracker kept it.
struct TrackedRun {
  /// The file.
  var path: String
  /// What the tracker calls the run.
  var name: String
  /// The curves, named as the trainer named them.
  var series: [Series] = []
  /// The settings.
  var settings: [Setting] = []
  /// The figures that the run ended with.
  var results: [Setting] = []
  /// What could not be read, in words with the path.
  var problems: [String] = []
  /// How the tracker says that the run failed, in words; nil where it does not.
  var failure: String?
}

extension RunAssembly {
  /// The run that `tracked` is.
  static func run(_ tracked: TrackedRun, _ kind: TrackerFile.Kind, name: String) -> TrainingRun {
    var run = TrainingRun(name: name, path: tracked.path, source: .tracker)
    run.tracker = kind
    let writing = Writing(
      series: tracked.series, parts: TrainedPart.parts(of: tracked.series),
      origin: Path.name(of: tracked.path))
    assemble(&run, [writing], vouched: nil)
    run.results = tracked.results
    run.problems = tracked.problems
    run.reportedFailure = tracked.failure
    if !tracked.settings.isEmpty {
      run.configuration = [
        ConfigurationSection(source: Path.name(of: tracked.path), settings: tracked.settings)
      ]
    }
    return run
  }
}
