internal import FileSystem

/// The names that trainers give to the folders of their saves: the one place that knows them.
public enum CheckpointName {
  /// How the names of saves begin: HF Trainer's `checkpoint-500`, DeepSpeed's `global_step500`, Megatron's
  /// `iter_0000500`.
  private static let saves = ["checkpoint-", "global_step", "iter_"]

  /// How the names of folders begin that hold a part of a save.
  private static let parts = ["pytorch_model_fsdp", "optimizer_", "dist_model", "dist_optimizer", "mp_rank_"]

  /// The step in the name of a save; nil for any other name.
  public static func step(of name: String) -> Int64? {
    for prefix in saves where name.hasPrefix(prefix) {
      let digits = name.dropFirst(prefix.count)
      guard !digits.isEmpty, digits.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }) else {
        return nil
      }
      return Int64(digits)
    }
    return nil
  }

  /// The step in the name of a folder that a save is written into, and that gets its own name only when all of it is
  /// there: 500 of HF Trainer's `tmp-checkpoint-500` and NeMo's `iter_0000500-unfinished`; nil for any other name.
  public static func unfinishedStep(of name: String) -> Int64? {
    for mark in ["tmp-", ".tmp-"] where name.hasPrefix(mark) {
      return step(of: String(name.dropFirst(mark.count)))
    }
    for mark in [".tmp", "_tmp", "-unfinished"] where name.hasSuffix(mark) {
      return step(of: String(name.dropLast(mark.count)))
    }
    return nil
  }

  /// Whether `name` is HF Trainer's for a save.
  public static func isTrainers(_ name: String) -> Bool { name.hasPrefix(saves[0]) && step(of: name) != nil }

  /// Whether a folder of this name holds a save or a part of one, so that what describes the training may stand above
  /// it.
  public static func isWithinRun(_ name: String) -> Bool {
    isSave(name) || parts.contains(where: name.hasPrefix)
  }

  /// Whether `name` begins like that of a save, whatever follows: `checkpoint-500`, `checkpoint-best`.
  public static func isSave(_ name: String) -> Bool { saves.contains(where: name.hasPrefix) }

  /// The folder of the training that the save at `path` (a folder, or a file in it) is of: the first one above that is
  /// neither a save nor in one, nor a part of one: not `checkpoint-500/global_step500`, not `checkpoint-500/default`.
  public static func outputFolder(of path: String) -> String {
    var folder = (try? Files.realPath(of: path)) ?? path
    if Files.kind(of: folder) == .file { folder = Path.parent(of: folder) }
    while isWithinRun(Path.name(of: folder)) || isSave(Path.name(of: Path.parent(of: folder))) {
      folder = Path.parent(of: folder)
    }
    return folder.isEmpty ? "." : folder
  }
}
