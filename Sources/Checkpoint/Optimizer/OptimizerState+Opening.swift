internal import FileSystem
internal import JSON

extension OptimizerState {
  /// Opens the state of the optimizer in a checkpoint: `optimizer.pt` or that file's folder, the folder
  /// `optimizer_0` of FSDP, a save of DeepSpeed's or Megatron's.
  ///
  /// - Throws: `CheckpointError` with the fault `unrecognised` where there is none at `path`.
  public init(opening path: String) throws(CheckpointError) {
    if Files.kind(of: path) == .directory {
      for name in ["optimizer.pt", "optimizer.bin"] where Files.kind(of: Path.join(path, name)) == .file {
        self = try Self.open(file: Path.join(path, name))
        return
      }
      let names: [String]
      do { names = try Files.names(in: path) } catch { throw CheckpointError(error) }
      if let ranks = try RankFiles.paths(in: path, names, prefix: "optimizer_0_rank") {
        self = try Self.open(ranks: ranks, path: path)
        return
      }
      for name in ["optimizer_0", "dist_optimizer", "."] {
        let folder = name == "." ? path : Path.join(path, name)
        guard Files.kind(of: Path.join(folder, ".metadata")) == .file else { continue }
        self = try Self.open(distributed: folder)
        return
      }
      if let folder = try MegatronFolder(path) {
        self = try Self.open(megatron: folder, path: path)
        return
      }
      if let found = try ZeROFolder.find(path), let folder = try ZeROFolder(found),
        folder.ranks.contains(where: { !$0.optimizerFiles.isEmpty })
      {
        self = try Self.open(zero: try ZeROModel(folder), path: path)
        return
      }
      throw CheckpointError(.unrecognised("no optimizer state of a known format in this folder"), path: path)
    }
    self = try Self.open(file: path)
  }

  /// The files of FSDP's ranks, each with its part of the moments.
  private static func open(ranks paths: [String], path: String) throws(CheckpointError) -> Self {
    let ranks = try RankFiles(paths, below: "state", path: path)
    var builder = OptimizerBuilder()
    for (tensor, layout) in zip(ranks.tensors, ranks.layouts) {
      guard let dot = tensor.name.utf8.lastIndex(of: UInt8(ascii: ".")) else { continue }
      let kind = String(tensor.name[tensor.name.index(after: dot)...])
      builder.add(String(tensor.name[..<dot]), kind, tensor, layout)
    }
    return try builder.state(
      path: path, format: .shardedPyTorch, files: ranks.files, globals: ranks.globals,
      groups: (ranks.first?.root["param_groups"]?.elements ?? []).map(Group.init))
  }

  /// The optimizer of a save of Megatron's.
  private static func open(megatron folder: MegatronFolder, path: String) throws(CheckpointError) -> Self {
    switch folder.layout {
    case .distributed(let inner):
      let beside = Path.join(Path.parent(of: inner), "dist_optimizer")
      let isApart = Files.kind(of: Path.join(beside, ".metadata")) == .file
      return try open(distributed: isApart ? beside : inner)
    case .adapter(let inner): return try Self(opening: inner)
    case .ranks(let ranks):
      guard folder.hasOptimizer else {
        throw CheckpointError(
          .unrecognised(
            "no \(MegatronFolder.optimizerFileName) in this folder; the optimizer in one rank's "
              + "model_optim_rng.pt, by the parameters' numbers, is shown where that file is opened"),
          path: path)
      }
      let joined = try MegatronModel(ranks, kinds: DistributedOptimizer.kinds, path: path)
      var builder = OptimizerBuilder()
      let groups = joined.optimizerGroups
      let step = groups.compactMap { $0["step"]?.double }.max()
      for (tensor, layout) in zip(joined.tensors, joined.layouts) {
        guard let kind = DistributedOptimizer.kinds.first(where: { tensor.name.hasSuffix("." + $0) }) else {
          continue
        }
        let name = String(tensor.name.dropLast(kind.count + 1))
        builder.add(name, kind, tensor, layout)
        if let step { builder.set(step: step, of: name) }
      }
      return try builder.state(
        path: path, format: .megatron, files: joined.files, globals: joined.globals, groups: groups,
        remarks: joined.remarks)
    }
  }

  /// A state dictionary of torch's: `state` by number or name, `param_groups`.
  private static func open(file path: String) throws(CheckpointError) -> Self {
    var files = CheckpointFiles()
    let archive = try files.open(path)
    // Megatron's legacy files hold it two levels down.
    let root = archive.root["optimizer"]?["optimizer"] ?? archive.root["optimizer"] ?? archive.root
    guard let states = root["state"]?.entries else {
      throw CheckpointError(.unrecognised("no optimizer state in this file"), path: path)
    }
    let groupValues = root["param_groups"]?.elements ?? []
    var names: [String: String] = [:]
    for group in groupValues {
      let numbers = group["params"]?.elements ?? []
      for (number, name) in zip(numbers, group["param_names"]?.elements ?? []) {
        names[number.keyText] = name.string
      }
    }
    var isDerived = false
    if names.isEmpty,
      let derived = try Self.names(of: states, groups: groupValues, in: archive, beside: path)
    {
      names = derived
      isDerived = true
    }
    var builder = OptimizerBuilder()
    for (key, state) in states {
      let name = names[key.keyText] ?? key.keyText
      builder.note(name)
      for (kind, value, shape) in Self.parts(state) {
        if let step = value.double, kind == "step" { builder.set(step: step, of: name) }
        let full = "\(name).\(kind)"
        guard let tensor = try archive.tensor(value, name: full) else { continue }
        if let shape { builder.set(shape: shape, of: name) }
        builder.add(
          name, kind, try describe(full, tensor.elementType, tensor.shape, path: path),
          tensor.layout(file: archive.number))
      }
    }
    // Plain SGD keeps nothing of any parameter, which tells nothing of their gradients.
    let held = Set(states.map(\.key.keyText))
    let lacking = (states.isEmpty ? [] : groupValues).flatMap { $0["params"]?.elements ?? [] }.map(\.keyText)
      .filter {
        !held.contains($0)
      }
    return try builder.state(
      path: path, format: .pytorch, files: files, globals: archive.archive.globals,
      groups: groupValues.map(Group.init), namedByOrder: isDerived
    ).lacking(lacking.map { names[$0] ?? $0 })
  }

  /// What stands in the state of a parameter. bitsandbytes keeps its own in a dictionary within, where the second moment
  /// may be codes: their scales come before them. torchao's moments are tensors of several, and of a shape of their own.
  private static func parts(_ state: PickleValue) -> [(kind: String, value: PickleValue, shape: [Int]?)] {
    var parts: [(kind: String, value: PickleValue, shape: [Int]?)] = []
    for (key, value) in state.entries ?? [] {
      if key.string == "__bnb_optimizer_quant_state__", let inner = value.entries {
        let isCoded = inner.contains { $0.key.string == "absmax2" }
        parts += inner.filter { !(isCoded && $0.key.string == "state2") }.map {
          ($0.key.keyText, $0.value, nil)
        }
      } else if let (shape, members) = value.wrappedTensors {
        parts += members.map { ("\(key.keyText).\($0.key)", $0.value, shape) }
      } else {
        parts.append((key.keyText, value, nil))
      }
    }
    return parts
  }

  /// The names of numbered parameters, by the weights that stand beside the state at `path`; nil where they cannot be
  /// told.
  private static func names(
    of states: [(key: PickleValue, value: PickleValue)], groups: [PickleValue], in archive: NumberedArchive,
    beside path: String
  ) throws(CheckpointError) -> [String: String]? {
    var shapes: [String: [Int]] = [:]
    for (key, state) in states {
      for (kind, value, shape) in Self.parts(state) where MomentNames.mean.contains(kind) {
        if let shape {
          shapes[key.keyText] = shape
        } else {
          shapes[key.keyText] = try archive.tensor(value, name: kind)?.shape
        }
      }
    }
    // Without weights beside it, or with some that cannot be read, numbers are all there is.
    guard !shapes.isEmpty, let weights = try? Checkpoint(opening: Path.parent(of: path)) else { return nil }
    return ParameterOrder.names(
      groups: groups.map { $0["params"]?.elements?.map(\.keyText) ?? [] }, shapes: shapes,
      tensors: weights.tensors)
  }

  private static func open(zero folder: ZeROModel, path: String) throws(CheckpointError) -> Self {
    var model = folder
    var builder = OptimizerBuilder()
    var base: PickleValue?
    for checkpoint in model.ranks where !checkpoint.optimizerStates.isEmpty {
      let archive = checkpoint.optimizerStates[0]
      let state = archive.root["optimizer_state_dict"]
      base = state?[checkpoint.stage == 3 ? "optimizer_state_dict" : "base_optimizer_state"]
      for parameter in checkpoint.trained {
        guard let step = Self.groupState(base, parameter.group)?["step"] else { continue }
        if let number = step.double {
          builder.set(step: number, of: parameter.name)
        } else if let tensor = try archive.tensor(step, name: "step") {
          builder.set(step: archive.scalar(tensor), of: parameter.name)
        }
      }
    }
    for (kind, isThere) in ["exp_avg", "exp_avg_sq"].map({ ($0, Self.groupState(base, 0)?[$0] != nil) })
    where isThere {
      for (tensor, layout) in try model.moments(kind) {
        // The parts of a tensor that could not be joined have the rank at the end of their names.
        let parts = tensor.name.split(separator: "@", maxSplits: 1)
        let rank = parts.count == 2 && parts[0].hasSuffix("." + kind) ? "@" + parts[1] : ""
        let name = tensor.name.dropLast(rank.count + kind.count + 1)
        builder.add(String(name) + rank, kind, tensor, layout)
      }
    }
    let trained = model.ranks.flatMap(\.trained)
    let groups = (base?["param_groups"]?.elements ?? []).enumerated().map { number, value in
      let count = Set(trained.filter { $0.group == number }.map(\.name)).count
      return Group(settings: Group(value).settings, parameterCount: count)
    }
    return try builder.state(
      path: path, format: .zero, files: model.files, globals: model.globals, groups: groups)
  }

  /// The state of a group: by number, or one of a list (elastic checkpoints).
  fileprivate static func groupState(_ base: PickleValue?, _ group: Int) -> PickleValue? {
    if let list = base?.elements { return list.indices.contains(group) ? list[group] : nil }
    return base?["state"]?.entries?.last { $0.key.int == group }?.value
  }
}

extension ZeROCheckpoint {
  /// The moments `kind` of every trained parameter, joined from all ranks of data.
  mutating func moments(_ kind: String) throws(CheckpointError) -> [TensorParallelJoin.Tensor] {
    guard !optimizerStates.isEmpty else { return [] }
    guard stage == 3 else {
      return try joinFlat(suffix: "." + kind) {
        OptimizerState.groupState($0["base_optimizer_state"], $1)?[kind]
      }
    }
    let groups = Set(trained.map(\.group)).sorted()
    let parts = try partitions { state in
      groups.compactMap { OptimizerState.groupState(state["optimizer_state_dict"], $0)?[kind] }
    }
    return try gather(parts, suffix: "." + kind)
  }
}

extension OptimizerState.Group {
  /// The settings of a group of torch's `param_groups`.
  init(_ value: PickleValue) {
    var settings: [JSONValue.Member] = []
    for (key, setting) in value.entries ?? [] where key.string != "params" && key.string != "param_names" {
      settings.append(.init(key.keyText, setting.json(budget: 1000)))
    }
    self.init(settings: settings, parameterCount: value["params"]?.elements?.count)
  }
}

extension NumberedArchive {
  /// The value of a tensor of one element.
  func scalar(_ tensor: PyTorchTensor) -> Double? {
    guard tensor.elementCount == 1 else { return nil }
    let size = tensor.elementType.bitWidth / 8
    return archive.file.bytes.extracting(tensor.byteOffset..<tensor.byteOffset + size).number(
      tensor.elementType)
  }
}

extension RawSpan {
  /// The only element, as a number.
  func number(_ type: ElementType) -> Double? {
    guard byteCount == type.bitWidth / 8 else { return nil }
    return switch type {
    case .float32: Double(unsafe unsafeLoadUnaligned(fromByteOffset: 0, as: Float.self))
    case .float64: unsafe unsafeLoadUnaligned(fromByteOffset: 0, as: Double.self)
    case .int64: Double(unsafe unsafeLoadUnaligned(fromByteOffset: 0, as: Int64.self))
    case .int32: Double(unsafe unsafeLoadUnaligned(fromByteOffset: 0, as: Int32.self))
    case .bfloat16:
      Double(
        Float(bitPattern: UInt32(unsafe unsafeLoadUnaligned(fromByteOffset: 0, as: UInt16.self)) << 16))
    default: nil
    }
  }
}
