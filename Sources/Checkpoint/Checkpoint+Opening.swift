internal import FileSystem

extension Checkpoint {
  /// Opens the file or folder at `path`, whatever its format.
  ///
  /// A folder may be a checkpoint itself, or hold one the way PEFT, HF Trainer, DeepSpeed, FSDP and Megatron lay
  /// it out.
  ///
  /// - Throws: `CheckpointError` with the fault `unrecognised` where no format fits, or the fault of the format
  ///   that does.
  public init(opening path: String) throws(CheckpointError) {
    let status: FileStatus
    do { status = try Files.status(of: path) } catch { throw CheckpointError(error) }
    guard var checkpoint = try Self.recognise(path, status.kind) else {
      throw CheckpointError(.unrecognised(Self.lookedFor(path, status.kind)), path: path)
    }
    checkpoint.path = path
    if CheckpointName.unfinishedStep(of: Path.name(of: path)) != nil {
      checkpoint.remarks.append("an incomplete save: \(IncompleteSave.unfinished)")
    }
    self = checkpoint
  }

  /// Tries the formats in turn, the more telling signs first: each gives nil where the path is of another format,
  /// and throws where it is of this one and broken.
  private static func recognise(
    _ path: String, _ kind: FileStatus.Kind
  ) throws(CheckpointError) -> Checkpoint? {
    try refuseGGUF(path, kind)
    if let checkpoint = try openSafetensors(path, kind) { return checkpoint }
    if let checkpoint = try openMegatron(path, kind) { return checkpoint }
    if let checkpoint = try openDistributed(path, kind) { return checkpoint }
    if let checkpoint = try openPyTorch(path, kind) { return checkpoint }
    return try openZeRO(path, kind)
  }

  private static func lookedFor(_ path: String, _ kind: FileStatus.Kind) -> String {
    if kind == .directory, let reason = IncompleteSave.withoutWeights(path) {
      return "no checkpoint: \(reason)"
    }
    return kind == .directory
      ? "no checkpoint of a known format in this folder" : "not a checkpoint file of a known format"
  }
}
