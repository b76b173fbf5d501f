public import EventFile

/// The runs that a path leads to.
///
/// The path is one of:
/// - an event file, a trainer's `trainer_state.json` or `trainer_log.jsonl`, or a file of another tracker (`TrackerFile`);
/// - a run folder, which holds event files;
/// - the output folder of a trainer: `trainer_state.json`, `trainer_log.jsonl`, results, `checkpoint-*`, and event files
///   in it or below it, as HF Trainer's `runs/<date>_<host>/`;
/// - a folder with any number of those below it;
/// - where that is asked for, a folder with checkpoints (`checkpoint-N`, `global_stepN`, `iter_N`) and no logs at all.
///
/// **What makes one run.** The event files of one folder are one run, in order of their first wall times, then names.
/// Folders that HF Trainer named (`Jan08_02-43-26_ubun`) side by side are one run with several segments where each goes
/// on from the one before: it began after that one had ended, and its first training step is beyond that one's first
/// and not beyond where that one's next step would have been. A folder that starts again from the beginning is another
/// run. The files of an output folder belong to the last run in it, as each training writes them anew.
///
/// **A run folder alone.** HF Trainer logs into `<output_dir>/runs/<date>_<host>` by default. A folder of event files is
/// looked at from above where it, or the folder that it is in, is called `runs`, `logs`, `log`, `logging`, `tensorboard`,
/// `tensorboard_logs`, `tb` or `tb_logs`, and the folder above that holds `trainer_state.json`, `trainer_log.jsonl`,
/// `all_results.json`, `train_results.json`, `training_args.bin`, `training_args.yaml`, `adapter_config.json` or a folder
/// `checkpoint-N`. Its checkpoints and files are the run's (`TrainingRun.outputPath`) where it is the last run in there, as
/// if the output folder had been opened; `TrainingRun.notes` tells that, or whose they are instead.
public struct OpenedFolder: Equatable, Sendable {
  /// The path that was opened.
  public var path: String
  /// The runs with at least one scalar, in the order of their paths; one at least. Where nothing had one, the folders
  /// of checkpoints, if they were asked for.
  public var runs: [TrainingRun]
  /// Folders and files that looked like runs but have no scalars: hyperparameter summaries, files without a point.
  public var skipped: [Skipped]
  /// What could not be read and is of none of the runs, in words.
  public var problems: [String]
  /// The paths of files and folders, of none of the runs, that the system did not let be read; `problems` say why.
  public var refused: [String] = []

  /// Takes the runs away that hold nothing but settings, as hyperparameters in a folder of their own, and so are none of
  /// their own; where all are such, they stay.
  public mutating func skipSettings() {
    let (bare, others) = (runs.filter(\.holdsSettingsAlone), runs.filter { !$0.holdsSettingsAlone })
    guard !bare.isEmpty, !others.isEmpty else { return }
    runs = others
    skipped += bare.map(Skipped.init)
  }

  /// Whether the system let everything be read, of the runs and besides.
  public var isReadWhole: Bool { refused.isEmpty && runs.allSatisfy { $0.refused.isEmpty } }

  /// Something that looked like a run and is none.
  public struct Skipped: Equatable, Sendable {
    /// Its path.
    public var path: String
    /// The event files in it, their faults among what they say.
    public var eventFiles: [EventFileContents]
    /// Where the values stand that they hold.
    public var values: [ValueTrack]

    init(_ run: TrainingRun) {
      path = run.path
      eventFiles = run.eventFiles
      values = run.values
    }
  }

  /// How far the reading of many files, or of a large one, has come.
  public struct Progress: Equatable, Sendable {
    /// The bytes that were read.
    public var bytesRead: Int
    /// The bytes of all event files.
    public var byteCount: Int
  }
}

/// Why a path leads to no run.
public enum RunFolderError: Error, Equatable, Sendable, CustomStringConvertible {
  /// There is nothing at the path.
  case missing(path: String)
  /// The system does not let it be read; in its words.
  case unreadable(path: String, reason: String)
  /// There is a folder, but nothing in it or below it that a training writes.
  case nothingFound(path: String, problems: [String])
  /// There are event files, but not one scalar in them.
  case noScalars(path: String, files: [EventFileContents], problems: [String])
  /// The one file that was given is none that a run can be made from.
  case notARun(TrainerFileError)

  /// `path: what`, with what was looked for, and a line for each thing that may be why.
  public var description: String { lines.joined(separator: "\n") }

  /// The lines of the description, none of which holds a line break of ours.
  public var lines: [String] {
    switch self {
    case .missing(let path): ["\(path): no such file or folder"]
    case .unreadable(let path, let reason): ["\(path): \(reason)"]
    case .nothingFound(let path, let problems):
      [
        "\(path): no run found: looked here and in the folders below for event files (names with \"tfevents\"), "
          + "trainer_state.json, \(TrainerLog.names.joined(separator: " and "))"
      ] + problems
    case .noScalars(let path, let files, let problems):
      [
        "\(path): no scalars in \(files.count == 1 ? "its event file" : "its \(files.count) event files")"
      ] + files.flatMap(\.faults).prefix(10).map(\.description) + problems
    case .notARun(let error): [error.description]
    }
  }
}
