/// The names of files that hold tensors, states or pickles: the one place that knows them.
public enum CheckpointFileName {
  /// How much a name says.
  public enum Kind: Equatable, Sendable {
    /// The file is one of a checkpoint, or a pickle that something would load; whatever else is in it is a fault.
    case certain
    /// Files of other kinds have such names too: the first bytes decide.
    case byContents
  }

  /// Names that loaders hand to `pickle` (torch, joblib, the trainers' own), beside safetensors.
  private static let pickles = [".pt", ".pth", ".ckpt", ".pkl", ".pickle", ".joblib", ".dill"]

  /// Names that pickles and archives of pickles share with much else: torch's `.bin`, numpy's arrays (of objects), bare
  /// archives.
  private static let ambiguous = [".bin", ".npy", ".npz", ".zip", ".pk", ".pt2"]

  /// Names under `.bin` that the HF libraries give to pickles alone.
  private static let binaries = [
    "pytorch_model", "adapter_model", "training_args", "optimizer", "scheduler", "diffusion_pytorch_model",
  ]

  /// What the name of a file says of it; nil where it is of no checkpoint.
  public static func kind(of name: String) -> Kind? {
    let name = name.lowercased()
    if name == ".metadata" || name.hasSuffix(".safetensors") || pickles.contains(where: name.hasSuffix) {
      return .certain
    }
    guard ambiguous.contains(where: name.hasSuffix) else { return nil }
    return name.hasSuffix(".bin") && binaries.contains(where: name.hasPrefix) ? .certain : .byContents
  }

  /// Whether a file of this name may be a pickle that begins with no mark of its own.
  static func mayBeBarePickle(_ name: String) -> Bool {
    kind(of: name) != nil && !name.hasSuffix(".safetensors")
  }

  /// Whether `name` is that of an index of shards.
  public static func isShardIndex(_ name: String) -> Bool {
    name.hasSuffix(".safetensors.index.json") || name.hasSuffix(".bin.index.json")
  }
}
