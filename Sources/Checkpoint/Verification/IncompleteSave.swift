internal import Bytes

/// A folder that a trainer saved into, and that is no whole save: the training was ended while it was written, the disk
/// was full, or files of it are gone.
public struct IncompleteSave: Equatable, Sendable {
  /// The step, by the folder's name.
  public var step: Int64
  /// The path of the folder.
  public var path: String
  /// Why it is none, in words.
  public var reason: String

  /// A save from its parts.
  public init(step: Int64, path: String, reason: String) {
    self.step = step
    self.path = path
    self.reason = reason
  }

  /// What is incomplete about the save in the folder at `path`; nil of a whole one, and of a folder of which nothing can
  /// be said: one of another format, or that cannot be read.
  ///
  /// Headers are read, no values.
  public init?(at path: String, step: Int64) {
    let name = Path.name(of: path)
    if CheckpointName.unfinishedStep(of: name) != nil {
      self.init(step: step, path: path, reason: Self.unfinished)
      return
    }
    do throws(CheckpointError) {
      _ = try Checkpoint(opening: path)
      return nil
    } catch {
      switch error.fault {
      case .system, .gitLFSPointer: return nil
      case .unrecognised:
        guard let reason = Self.withoutWeights(path) else { return nil }
        self.init(step: step, path: path, reason: reason)
      default:
        let file = error.path == path ? "" : "\(Path.name(of: error.path)): "
        self.init(step: step, path: path, reason: file + error.fault.description)
      }
    }
  }

  /// What the name `tmp-checkpoint-500` says.
  static let unfinished = "its name says that it was never finished"

  /// What is there in a folder of a trainer's without any weights: nil where something may be weights.
  static func withoutWeights(_ path: String) -> String? {
    guard let entries = try? Files.entries(in: path) else { return nil }
    if entries.isEmpty { return "an empty folder" }
    guard entries.allSatisfy({ $0.kind == .file && isState($0.name) }) else { return nil }
    let states = entries.map(\.name).filter { !$0.hasSuffix(".json") && !$0.hasSuffix(".txt") }.sorted()
    guard let first = states.first ?? entries.map(\.name).min() else { return nil }
    return "no weights, only \(first)" + (states.count > 1 ? " and its like" : "")
  }

  /// Whether a file is one that trainers keep beside weights.
  private static func isState(_ name: String) -> Bool {
    let names = [
      "optimizer", "scheduler", "rng_state", "random_states", "training_args", "scaler", "trainer_state",
    ]
    let texts = [
      "config.json", "generation_config.json", "adapter_config.json", "README.md", "vocab.json", "merges.txt",
      "added_tokens.json", "special_tokens_map.json", "tokenizer.json", "tokenizer.model",
      "tokenizer_config.json",
      "chat_template.jinja", "preprocessor_config.json",
    ]
    return names.contains(where: name.hasPrefix) || texts.contains(name)
  }
}
