public import Checkpoint
internal import FileSystem
public import JSON

/// Megatron's arguments as its saves keep them.
public enum MegatronArguments {
  /// The `args` of the save at `path` (`iter_0000500`): of `common.pt` (`torch_dist`), or of the first rank's file;
  /// secrets (tokens, keys) are withheld.
  ///
  /// - Returns: nil where there are none.
  /// - Throws: `CheckpointError` where the file that has them cannot be read.
  public static func read(checkpoint path: String) throws(CheckpointError) -> [JSONValue.Member]? {
    guard let folder = try MegatronFolder(path) else { return nil }
    let file: String
    switch folder.layout {
    case .distributed(let inner): file = Path.join(inner, "common.pt")
    case .ranks(let ranks):
      guard let first = ranks.first else { return nil }
      file = first.path
    case .adapter: return nil
    }
    guard Files.kind(of: file) == .file,
      let attributes = try PyTorchArchive(path: file).root["args"]?.state?.entries
    else { return nil }
    let settings = TrainerArguments.settings(attributes)
    return settings.isEmpty ? nil : settings
  }
}
