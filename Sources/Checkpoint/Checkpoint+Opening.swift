internal import Bytes

extension Checkpoint {
  /// A way to open a path as one format: nil where the path is of another format, an error where it is of this
  /// one and broken.
  typealias Opener =
    @Sendable (_ path: String, _ kind: FileStatus.Kind) throws(CheckpointError) -> Checkpoint?

  /// The formats in the order they are tried: the more telling signs first.
  static let openers: [Opener] = []

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
    for open in Self.openers {
      if let checkpoint = try open(path, status.kind) {
        self = checkpoint
        return
      }
    }
    throw CheckpointError(.unrecognised(Self.lookedFor(status.kind)), path: path)
  }

  private static func lookedFor(_ kind: FileStatus.Kind) -> String {
    kind == .directory
      ? "no checkpoint of a known format in this folder" : "not a checkpoint file of a known format"
  }
}
