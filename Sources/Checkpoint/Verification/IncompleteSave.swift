internal import FileSystem

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
  /// be said: one of another format, one that cannot be read, a copy that somebody made without any weights.
  ///
  /// Headers are read, no values.
  public init?(at path: String, step: Int64) {
    let name = Path.name(of: path)
    if CheckpointName.unfinishedStep(of: name) != nil {
      self.init(step: step, path: path, reason: Self.unfinished)
      return
    }
    do throws(CheckpointError) {
      let checkpoint = try Checkpoint(opening: path)
      guard let reason = Self.empty(checkpoint) ?? Self.lack(beside: path) else { return nil }
      self.init(step: step, path: path, reason: reason)
    } catch {
      switch error.fault {
      case .system, .gitLFSPointer: return nil
      case .unrecognised:
        guard let reason = Self.withoutWeights(path) else { return nil }
        self.init(step: step, path: path, reason: reason)
      default:
        // Of an index without a single one of its files it cannot be told whether they were ever there.
        guard Self.hasWeights(path, depth: 1) else { return nil }
        let file = error.path == path ? "" : "\(Path.name(of: error.path)): "
        self.init(step: step, path: path, reason: file + error.fault.description)
      }
    }
  }

  /// That weights were saved before the ranks had put their parts together, as ZeRO-3 keeps them: without an element.
  private static func empty(_ checkpoint: Checkpoint) -> String? {
    let empty = checkpoint.tensors.filter {
      !$0.shape.isEmpty && $0.elementCount == 0 && $0.name.hasSuffix("weight")
    }
    guard let first = empty.first else { return nil }
    return
      "\(empty.count) of \(checkpoint.tensors.count) tensors have no elements, among them \(first.name): "
      + "they were not gathered before they were saved"
  }

  /// What is missing of the sets of files in a save whose weights can be opened: a shard by its number, and the parts of
  /// an optimizer's state that PyTorch's distributed checkpoints keep in a folder of their own.
  private static func lack(beside path: String) -> String? {
    if let fault = CheckpointVerification.sets(in: path).lazy.flatMap(\.faults).first { return fault.text }
    for name in (try? Files.names(in: path)) ?? [] where CheckpointName.isWithinRun(name) {
      let part = Path.join(path, name)
      guard Files.kind(of: Path.join(part, ".metadata")) == .file else { continue }
      do throws(CheckpointError) { _ = try Checkpoint(opening: part) } catch {
        return "\(name): \(error.fault)"
      }
    }
    return nil
  }

  /// What the name `tmp-checkpoint-500` says.
  static let unfinished = "its name says that it was never finished"

  /// What is there in a folder of a trainer's with an optimizer's state and without any weights: nil where something may
  /// be weights, and of settings and logs alone, as copies have that leave everything large out.
  static func withoutWeights(_ path: String) -> String? {
    guard let entries = try? Files.entries(in: path), !entries.isEmpty,
      entries.allSatisfy({ $0.kind == .file && isState($0.name) }),
      let optimizer = entries.map(\.name).filter({ $0.hasPrefix("optimizer") }).min()
    else { return nil }
    return "no weights beside \(optimizer)"
  }

  /// Whether any file in the folder at `path`, or `depth` folders below it, may hold weights.
  private static func hasWeights(_ path: String, depth: Int) -> Bool {
    guard let entries = try? Files.entries(in: path) else { return false }
    return entries.contains { entry in
      switch entry.kind {
      case .file:
        entry.name.hasSuffix(".distcp")
          || CheckpointFileName.kind(of: entry.name) == .certain && entry.name != ".metadata"
            && !isState(entry.name)
      case .directory: depth > 0 && hasWeights(Path.join(path, entry.name), depth: depth - 1)
      default: false
      }
    }
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
