public import Checkpoint
internal import FileSystem

/// Which framework spread a training over its processes, as its checkpoints show.
public struct TrainingFramework: Equatable, Sendable {
  /// The way the parameters and the optimizer were spread.
  public let kind: Kind
  /// How many processes there were, where the files tell.
  public let worldSize: Int?
  /// The file that told, relative to the checkpoint.
  public let evidence: String

  /// The frameworks that are told apart.
  public enum Kind: Equatable, Sendable {
    /// One process.
    case single
    /// Every process held all of it (torch's DistributedDataParallel).
    case dataParallel
    /// DeepSpeed's ZeRO of this stage.
    case zero(stage: Int)
    /// DeepSpeed's BF16_Optimizer, which spreads like ZeRO 1.
    case bf16Optimizer
    /// torch's FSDP, each rank saving its part.
    case fsdpSharded
    /// torch's FSDP, saved whole.
    case fsdpFull
    /// Megatron-core's `torch_dist`.
    case megatron
    /// Megatron's files by rank.
    case megatronLegacy
  }

  /// Looks at the files of one checkpoint (`checkpoint-500`, `global_step500`, `iter_0000500`, …).
  ///
  /// Reads names, and the pickles of DeepSpeed's states for the stage.
  ///
  /// - Returns: nil where nothing tells.
  public static func recognise(checkpoint path: String) throws(CheckpointError) -> TrainingFramework? {
    let names: [String]
    do { names = try Files.names(in: path) } catch { throw CheckpointError(error) }
    if let folder = try MegatronFolder(path) {
      switch folder.layout {
      case .distributed: return Self(kind: .megatron, worldSize: nil, evidence: "metadata.json")
      case .ranks(let ranks):
        return Self(kind: .megatronLegacy, worldSize: ranks.count, evidence: "mp_rank_*/model_optim_rng.pt")
      case .adapter: return Self(kind: .megatron, worldSize: nil, evidence: "mp_rank_*/adapter_config.json")
      }
    }
    let randomStates = names.compactMap { RankFileName($0, prefix: "rng_state_", suffix: ".pth") }
    let world = randomStates.map(\.rank).max().map { $0 + 1 }
    if let found = try ZeROFolder.find(path), let folder = try ZeROFolder(found) {
      return try deepSpeed(folder)
    }
    if let name = names.first(where: { $0.hasPrefix("pytorch_model_fsdp_0") }) {
      return Self(kind: .fsdpSharded, worldSize: world, evidence: name)
    }
    if names.contains(".metadata") {
      return Self(kind: .fsdpSharded, worldSize: world, evidence: ".metadata")
    }
    if names.contains("pytorch_model_fsdp.bin") {
      return Self(kind: .fsdpFull, worldSize: world, evidence: "pytorch_model_fsdp.bin")
    }
    if names.contains("optimizer_0") {
      return Self(kind: .fsdpSharded, worldSize: world, evidence: "optimizer_0")
    }
    if names.contains("optimizer.bin") {
      return Self(kind: .fsdpFull, worldSize: world, evidence: "optimizer.bin")
    }
    if let first = randomStates.first {
      return Self(kind: .dataParallel, worldSize: world, evidence: first.name)
    }
    if names.contains("rng_state.pth") { return Self(kind: .single, worldSize: 1, evidence: "rng_state.pth") }
    return nil
  }

  private static func deepSpeed(_ folder: ZeROFolder) throws(CheckpointError) -> Self {
    guard let name = (folder.optimizerFiles.first ?? folder.modelFiles.first)?.name else {
      return Self(kind: .zero(stage: 0), worldSize: nil, evidence: Path.name(of: folder.path))
    }
    let archive = try PyTorchArchive(path: Path.join(folder.path, name))
    let state = archive.root["optimizer_state_dict"]
    let world =
      folder.optimizerFiles.isEmpty ? archive.root["dp_world_size"]?.int : folder.optimizerFiles.count
    if let state, state["zero_stage"] == nil, state["fp32_flat_groups"] == nil {
      return Self(kind: .bf16Optimizer, worldSize: world, evidence: name)
    }
    let stage = state?["zero_stage"]?.int ?? (folder.isPartitioned ? 3 : 0)
    return Self(kind: .zero(stage: stage), worldSize: world, evidence: name)
  }
}

extension TrainingFramework: CustomStringConvertible {
  /// For example `DeepSpeed ZeRO-2 over 8 processes`.
  public var description: String {
    let name =
      switch kind {
      case .single: "one process"
      case .dataParallel: "data parallel (DDP)"
      case .zero(let stage): "DeepSpeed ZeRO-\(stage)"
      case .bf16Optimizer: "DeepSpeed BF16_Optimizer"
      case .fsdpSharded: "FSDP, saved in shards"
      case .fsdpFull: "FSDP, saved whole"
      case .megatron: "Megatron-core (torch_dist)"
      case .megatronLegacy: "Megatron (files by rank)"
      }
    guard let worldSize, worldSize > 1 else { return name }
    return "\(name) over \(worldSize) processes"
  }
}
