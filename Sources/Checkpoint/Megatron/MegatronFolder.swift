internal import FileSystem
internal import JSON

/// Where the files of one of Megatron's saves stand.
package struct MegatronFolder {
  package enum Layout {
    /// `torch_dist`: the folder with `.metadata`.
    case distributed(String)
    /// `torch`: one file for each rank of the model.
    case ranks([Rank])
    /// A folder with an adapter in the HF layout (LLaMA-Factory's mcore adapter).
    case adapter(String)
  }

  /// A file of one model-parallel rank.
  package struct Rank {
    package var path: String
    var tensor: Int
    var pipeline: Int
    var expert: Int
  }

  /// The flat buffers of the distributed optimizer, beside the model of each rank.
  static let optimizerFileName = "distrib_optim.pt"

  package let layout: Layout
  /// Whether there are such files.
  private(set) var hasOptimizer = false
  var metadata: [Checkpoint.MetadataEntry] = []
  var remarks: [String] = []

  /// What stands in the folder at `path`; nil where it is none of Megatron's.
  package init?(_ path: String) throws(CheckpointError) {
    let names = try Self.names(path)
    if names.contains("latest_checkpointed_iteration.txt") {
      guard let inner = try Self(latestIn: path, names) else { return nil }
      self = inner
      return
    }
    if let iteration = names.filter({ $0.hasPrefix("iter_") && Int($0.dropFirst(5)) != nil }).max(),
      names.contains("mca_config.json") || !names.contains(".metadata"),
      let inner = try Self(iteration: Path.join(path, iteration))
    {
      self = inner
      metadata.append(.init("iteration", String(Int(iteration.dropFirst(5)) ?? 0)))
      return
    }
    if let inner = try Self(iteration: path) {
      self = inner
    } else if names.contains("mca_config.json"), let inner = try Self(adapterIn: path, names) {
      self = inner
    } else {
      return nil
    }
  }

  /// The adapter in a save of mcore_adapter's, which has a folder for each by its name, beside the folder with the
  /// optimizer's state.
  private init?(adapterIn path: String, _ names: [String]) throws(CheckpointError) {
    var adapters: [(name: String, folder: Self)] = []
    for name in names.sorted() where !name.hasPrefix(".") {
      let folder = Path.join(path, name)
      guard Files.kind(of: Path.join(folder, "adapter_config.json")) == .file, let inner = try Self(folder)
      else {
        continue
      }
      adapters.append((name, inner))
    }
    guard let first = adapters.first(where: { $0.name == "default" }) ?? adapters.first else { return nil }
    self = first.folder
    if adapters.count > 1 {
      let others = adapters.map(\.name).filter { $0 != first.name }.joined(separator: ", ")
      remarks.append("the adapter \(first.name); beside it there are others: \(others)")
    }
  }

  /// The save that `latest_checkpointed_iteration.txt` names.
  private init?(latestIn path: String, _ names: [String]) throws(CheckpointError) {
    let file = Path.join(path, "latest_checkpointed_iteration.txt")
    let bytes: [UInt8]
    do { bytes = try Files.read(file, limit: 4096) } catch { throw CheckpointError(error) }
    let text = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace).joined()
    let name: String
    if text == "release" {
      name = text
    } else if let iteration = Int(text), iteration >= 0 {
      let digits = String(iteration)
      name = "iter_" + String(repeating: "0", count: max(0, 7 - digits.count)) + digits
    } else {
      throw CheckpointError(.sharded(.structure("neither a number nor \"release\"")), path: file)
    }
    guard names.contains(name) else {
      throw CheckpointError(
        .sharded(.missingFile("folder \(name), which latest_checkpointed_iteration.txt names,")), path: path)
    }
    guard let inner = try Self(iteration: Path.join(path, name)) else { return nil }
    self = inner
    metadata.append(.init("iteration", text))
  }

  /// One save.
  private init?(iteration path: String) throws(CheckpointError) {
    let names = try Self.names(path)
    if names.contains("dist_model"),
      Files.kind(of: Path.join(Path.join(path, "dist_model"), ".metadata")) == .file
    {
      layout = .distributed(Path.join(path, "dist_model"))
      return
    }
    if names.contains(".metadata"), names.contains("metadata.json") {
      layout = .distributed(path)
      try readMetadata(Path.join(path, "metadata.json"))
      return
    }
    var ranks: [Rank] = []
    for name in names where name.hasPrefix("mp_rank_") {
      let numbers = name.dropFirst("mp_rank_".count).split(separator: "_").map { Int($0) }
      guard (1...3).contains(numbers.count), numbers.allSatisfy({ $0 != nil }) else { continue }
      let folder = Path.join(path, name)
      if Files.kind(of: Path.join(folder, "adapter_config.json")) == .file {
        layout = .adapter(folder)
        return
      }
      let file = Path.join(folder, "model_optim_rng.pt")
      guard Files.kind(of: file) == .file else { continue }
      if Files.kind(of: Path.join(folder, Self.optimizerFileName)) == .file { hasOptimizer = true }
      ranks.append(
        Rank(
          path: file, tensor: numbers[0] ?? 0, pipeline: numbers.count > 1 ? numbers[1] ?? 0 : 0,
          expert: numbers.count > 2 ? numbers[2] ?? 0 : 0))
    }
    guard !ranks.isEmpty else { return nil }
    layout = .ranks(ranks)
  }

  private mutating func readMetadata(_ path: String) throws(CheckpointError) {
    let value = try JSONFile.read(path)
    for member in value.members ?? [] {
      if let text = member.value.string ?? member.value.int64.map(String.init) {
        metadata.append(.init(member.key, text))
      }
    }
    if let backend = value["sharded_backend"]?.string, backend != "torch_dist" {
      throw CheckpointError(
        .sharded(.structure("sharded_backend \"\(backend)\"; only torch_dist is read")), path: path)
    }
  }

  private static func names(_ path: String) throws(CheckpointError) -> [String] {
    do { return try Files.names(in: path) } catch { throw CheckpointError(error) }
  }
}
