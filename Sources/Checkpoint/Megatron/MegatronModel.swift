internal import Bytes
internal import FileSystem

/// The model of a legacy save of Megatron's (`model_optim_rng.pt`), joined over the ranks that each hold a part.
///
/// The files do not say how a tensor was cut; Megatron's names do. A tensor whose name is not known is kept whole
/// where all ranks agree on it, and else listed once for each rank.
struct MegatronModel {
  private(set) var tensors: [TensorDescription] = []
  private(set) var layouts: [TensorLayout] = []
  private(set) var files = CheckpointFiles()
  private(set) var metadata: [Checkpoint.MetadataEntry] = []
  private(set) var remarks: [String] = []
  private(set) var globals: [PickleGlobal] = []

  /// The settings of the optimizer, where its tensors are asked for.
  private(set) var optimizerGroups: [OptimizerState.Group] = []

  private var names: Set<String> = []

  private typealias Part = (tensor: PyTorchTensor, file: Int)

  /// - Parameter kinds: what to join: the model, or of the distributed optimizer beside it the tensors that these are,
  ///   which then end the names.
  init(
    _ ranks: [MegatronFolder.Rank], kinds: [String] = [], path: String
  ) throws(CheckpointError) {
    let pipelines = Set(ranks.map(\.pipeline)).sorted()
    let experts = Set(ranks.map(\.expert)).sorted()
    let width = (ranks.map(\.tensor).max() ?? 0) + 1
    guard width <= 1 << 12, pipelines.count <= 1 << 12 else {
      throw CheckpointError(.sharded(.structure("\(width) tensor-parallel ranks")), path: path)
    }
    var lists: [[PickleGlobal]] = []
    var gated = false
    // Layers are numbered anew in each stage of the pipeline.
    var layerOffset = 0
    for pipeline in pipelines {
      var layerCount = 0
      var expertOffset = 0
      for expert in experts {
        let stage = ranks.filter { $0.pipeline == pipeline && $0.expert == expert }
        let missing = (0..<width).filter { rank in !stage.contains { $0.tensor == rank } }
        guard missing.isEmpty else {
          throw CheckpointError(.sharded(.missingRanks(missing, of: width)), path: path)
        }
        var archives: [NumberedArchive] = []
        var optimizers: [NumberedArchive] = []
        for rank in stage.sorted(by: { $0.tensor < $1.tensor }) {
          archives.append(try files.open(rank.path))
          guard !kinds.isEmpty else { continue }
          optimizers.append(
            try files.open(Path.join(Path.parent(of: rank.path), MegatronFolder.optimizerFileName)))
        }
        lists += (archives + optimizers).map(\.archive.globals)
        if metadata.isEmpty { metadata = Self.facts(archives[0].root) }
        if !kinds.isEmpty, optimizerGroups.isEmpty {
          let optimizer = archives[0].root["optimizer"]
          let groups = (optimizer?["optimizer"] ?? optimizer)?["param_groups"]?.elements ?? []
          optimizerGroups = groups.map(OptimizerState.Group.init)
        }
        gated = archives[0].root["args"]?.attribute("swiglu")?.bool ?? gated
        let renaming = MegatronRenaming(layerOffset: layerOffset, expertOffset: expertOffset)
        let counts = try addStage(
          archives, optimizers: optimizers, kinds: kinds, renaming, gated: gated, path: path)
        layerCount = max(layerCount, counts.layers)
        expertOffset += counts.experts
      }
      layerOffset += layerCount
    }
    globals = PyTorchArchive.merge(lists)
  }

  private static func facts(_ root: PickleValue) -> [Checkpoint.MetadataEntry] {
    var facts: [Checkpoint.MetadataEntry] = []
    if let iteration = root["iteration"]?.int { facts.append(.init("iteration", String(iteration))) }
    if let version = root["checkpoint_version"]?.double {
      facts.append(.init("checkpoint_version", version.description))
    }
    return facts
  }

  /// Joins the tensor-parallel ranks of one stage, and tells how many layers and experts it has.
  private mutating func addStage(
    _ archives: [NumberedArchive], optimizers: [NumberedArchive], kinds: [String],
    _ renaming: MegatronRenaming, gated: Bool, path: String
  ) throws(CheckpointError) -> (layers: Int, experts: Int) {
    var renaming = renaming
    var layers = 0
    var experts = 0
    // `model`, or with interleaved pipelines `model0`, `model1`, …
    let keys = (archives[0].root.entries ?? []).compactMap(\.key.string).filter {
      $0 == "model" || ($0.hasPrefix("model") && Int($0.dropFirst(5)) != nil)
    }
    if keys.count > 1 {
      remarks.append("\(keys.count) parts of an interleaved pipeline: layers are numbered within each part")
    }
    for key in keys {
      // The tensors of each rank by what they are of their parameters.
      var lists: [String: [(found: [NamedPyTorchTensor], file: Int)]] = [:]
      for (rank, archive) in archives.enumerated() {
        guard let model = archive.root[key] else {
          throw CheckpointError(.sharded(.structure("no \(key)")), path: archive.path)
        }
        let parameters = try archive.tensors(below: model)
        guard !kinds.isEmpty else {
          lists["", default: []].append((parameters, archive.number))
          continue
        }
        let optimizer = try DistributedOptimizer(optimizers[rank], parameters: parameters, model: archive)
        if optimizer.unknownBuffers > 0 {
          remarks.append(
            "\(optimizers[rank].path): \(Thousands.text(optimizer.unknownCount)) elements in "
              + "\(optimizer.unknownBuffers) of its buffers are not named: the file does not say which parameters they "
              + "are, and laid out as Megatron does its masters are not the model's weights")
        }
        for kind in kinds {
          lists[kind, default: []].append((optimizer.tensors(kind), optimizers[rank].number))
        }
      }
      let prefix = keys.count > 1 ? key + "." : ""
      for kind in kinds.isEmpty ? [""] : kinds {
        var names: [String] = []
        var parts: [String: [Part]] = [:]
        for (found, file) in lists[kind] ?? [] {
          for tensor in found {
            if parts[tensor.name] == nil { names.append(tensor.name) }
            parts[tensor.name, default: []].append((tensor.tensor, file))
          }
        }
        for name in names {
          guard let held = parts[name] else { continue }
          renaming.note(name)
          try add(
            prefix + renaming.apply(name), suffix: kind.isEmpty ? "" : "." + kind, held,
            ranks: archives.count,
            gated: gated, path: path)
        }
      }
      layers = max(layers, renaming.layerCount)
      experts = max(experts, renaming.expertCount)
    }
    return (layers, experts)
  }

  private mutating func add(
    _ bare: String, suffix: String, _ parts: [Part], ranks: Int, gated: Bool, path: String
  ) throws(CheckpointError) {
    let first = parts[0].tensor
    // Transformer Engine's state of a layer that needs none.
    if bare.hasSuffix("._extra_state"), parts.allSatisfy({ $0.tensor.elementCount == 0 }) { return }
    let name = bare + suffix
    guard names.insert(name).inserted else { return }
    if ranks == 1 || parts.count == 1 {
      return try append(name, first.elementType, first.shape, first.layout(file: parts[0].file), path: path)
    }
    guard parts.allSatisfy({ $0.tensor.elementType == first.elementType }) else {
      throw CheckpointError(
        .sharded(.disagreement(name, what: "its type differs between ranks")), path: path)
    }
    let cut = MegatronNames.cut(bare)
    let axis = cut == .rows ? 0 : cut == .columns ? 1 : nil
    if let axis, first.shape.count > axis {
      try join(
        name, parts, axis: axis, gated: gated && MegatronNames.isGated(bare), path)
    } else if cut == .whole || (cut == nil && isSame(parts)) {
      try append(name, first.elementType, first.shape, first.layout(file: parts[0].file), path: path)
    } else {
      remarks.append("\(name): how the ranks' parts belong together is not known; listed one by one")
      for (rank, part) in parts.enumerated() {
        try append(
          "\(name)@rank\(rank)", part.tensor.elementType, part.tensor.shape,
          part.tensor.layout(file: part.file), path: path)
      }
    }
  }

  private mutating func append(
    _ name: String, _ type: ElementType, _ shape: [Int], _ layout: TensorLayout, path: String
  ) throws(CheckpointError) {
    tensors.append(try describe(name, type, shape, path: path))
    layouts.append(layout)
  }

  /// Puts the parts side by side along `axis`; those of a gated unit hold their half of the gate and of the up
  /// projection each, which are put together half by half.
  private mutating func join(
    _ name: String, _ parts: [Part], axis: Int, gated: Bool, _ path: String
  ) throws(CheckpointError) {
    var shape = parts[0].tensor.shape
    shape[axis] = 0
    for part in parts {
      var others = part.tensor.shape
      guard others.count == shape.count, let sum = shape[axis].checkedAdd(others[axis]) else {
        throw CheckpointError(
          .sharded(.disagreement(name, what: "its parts have different axes")), path: path)
      }
      others[axis] = sum
      shape[axis] = sum
      guard others == shape else {
        throw CheckpointError(
          .sharded(.disagreement(name, what: "its parts differ in more than one axis")), path: path)
      }
    }
    var pieces: [TensorPiece] = []
    var origin = shape.map { _ in 0 }
    if gated, axis == 0, parts.allSatisfy({ $0.tensor.shape[0].isMultiple(of: 2) }) {
      for half in 0..<2 {
        for part in parts {
          var piece = part.tensor.piece(file: part.file, origin: origin)
          let stride = piece.strides?[0] ?? piece.extents.dropFirst().reduce(1, &*)
          piece.extents[0] /= 2
          piece.byteOffset += half * piece.extents[0] * stride * part.tensor.elementType.bitWidth / 8
          pieces.append(piece)
          origin[0] += piece.extents[0]
        }
      }
    } else {
      for part in parts {
        pieces.append(part.tensor.piece(file: part.file, origin: origin))
        origin[axis] += part.tensor.shape[axis]
      }
    }
    try append(
      name, parts[0].tensor.elementType, shape, TensorLayout(pieces: pieces, shape: shape), path: path)
  }

  /// Whether all ranks hold the same bits.
  private func isSame(_ parts: [Part]) -> Bool {
    guard let first = parts.first, parts.allSatisfy({ $0.tensor.shape == first.tensor.shape }) else {
      return false
    }
    guard parts.allSatisfy({ $0.tensor.strides == nil }) else { return false }
    let count = first.tensor.elementCount * first.tensor.elementType.bitWidth / 8
    // A long comparison is not worth it for a tensor whose name is not known.
    guard count <= 1 << 24 else { return false }
    func bytes(_ part: Part) -> [UInt8] {
      let file = files.files[part.file]
      return file.bytes.extracting(part.tensor.byteOffset..<part.tensor.byteOffset + count).copied()
    }
    let reference = bytes(first)
    return parts.dropFirst().allSatisfy { bytes($0) == reference }
  }
}

/// The numbers of layers and experts in names, which start anew in each stage and on each expert rank.
struct MegatronRenaming {
  var layerOffset: Int
  var expertOffset: Int
  private(set) var layerCount = 0
  private(set) var expertCount = 0

  init(layerOffset: Int, expertOffset: Int) {
    self.layerOffset = layerOffset
    self.expertOffset = expertOffset
  }

  /// Counts the layer and expert that `name` is of.
  mutating func note(_ name: String) {
    if let layer = Self.number(after: "layers", in: name) { layerCount = max(layerCount, layer + 1) }
    if let expert = Self.number(after: "local_experts", in: name) {
      expertCount = max(expertCount, expert + 1)
    }
  }

  /// The name with its numbers counted over the whole model.
  func apply(_ name: String) -> String {
    guard layerOffset > 0 || expertOffset > 0 else { return name }
    var parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    for index in parts.indices.dropFirst() {
      guard let number = Int(parts[index]), number >= 0, number < 1 << 20 else { continue }
      if parts[index - 1] == "layers" { parts[index] = String(number + layerOffset) }
      if parts[index - 1] == "local_experts" { parts[index] = String(number + expertOffset) }
    }
    return parts.joined(separator: ".")
  }

  private static func number(after word: String, in name: String) -> Int? {
    let parts = name.split(separator: ".")
    guard let place = parts.firstIndex(where: { $0 == word }), place + 1 < parts.count,
      let number = Int(parts[place + 1]), (0..<1 << 20).contains(number)
    else { return nil }
    return number
  }
}
