public import Checkpoint
internal import EventFile

/// What a file is to the rooms above, by its name: the one catalogue, which every walk and every verb asks.
public enum FileKind: Equatable, Sendable {
  /// An event file of TensorBoard's.
  case events
  /// A file that a trainer leaves beside its event files: state, log, results, settings.
  case trainer
  /// A file of a checkpoint, or a pickle.
  case checkpoint(CheckpointFileName.Kind)

  /// The kind of a file called `name`; nil for files that nothing here reads.
  ///
  /// Hidden files are what other programs keep for themselves (`.events.out.tfevents….x1y2z3` while rsync copies); the
  /// `.metadata` of a distributed checkpoint is the one that counts.
  public init?(named name: String) {
    if Self.isHidden(name), name != ".metadata" { return nil }
    if EventFileName.isEventFile(name) {
      self = .events
    } else if Self.trainers.contains(name) {
      self = .trainer
    } else if let kind = CheckpointFileName.kind(of: name) {
      self = .checkpoint(kind)
    } else {
      return nil
    }
  }

  /// Whether what is called `name` shows that its folder is of a training: an event file, a trainer's state or log, a
  /// save.
  public static func showsTraining(_ name: String) -> Bool {
    FileKind(named: name) == .events || progress.contains(name) || CheckpointName.isSave(name)
  }

  /// The files that a trainer writes on as it goes.
  static let progress = Set(["trainer_state.json"] + TrainerLog.names)

  /// Whether a name begins with a dot. Hidden folders are not looked into unless they are named themselves.
  static func isHidden(_ name: String) -> Bool { name.utf8.first == UInt8(ascii: ".") }

  /// The names of the files that a trainer leaves beside its event files.
  private static let trainers = progress.union([
    "all_results.json", "train_results.json", "eval_results.json", "adapter_config.json",
    "training_args.yaml",
    "args.json", "llamaboard_config.yaml",
  ])
}
