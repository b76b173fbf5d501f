import Bytes
import Checkpoint

/// The files that a path leads to and `verify` examines.
struct VerifyTargets {
  /// Event files, by run and name.
  var events: [String] = []
  /// Files of checkpoints, by name.
  var weights: [String] = []
  /// What could not be looked into, or that there is nothing, in words.
  var problems: [String] = []

  /// The file at `path`, or those in the folder at `path` and below it.
  init(at path: String) {
    if Files.kind(of: path) == .file {
      if Self.isWeights(path) { weights = [path] } else { events = [path] }
      return
    }
    weights = VerifiableFiles(at: path).paths
    let list = EventFileList(at: path)
    events = list.files
    // A folder with weights alone lacks nothing.
    problems = list.files.isEmpty && !weights.isEmpty ? [] : list.problems
  }

  private static func isWeights(_ path: String) -> Bool {
    let name = Path.name(of: path)
    guard !name.contains("tfevents") else { return false }
    return name == ".metadata"
      || [".safetensors", ".pt", ".pth", ".pkl", ".pickle", ".ckpt", ".bin"].contains(where: name.hasSuffix)
  }
}
