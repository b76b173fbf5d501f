internal import Bytes

/// A save of DeepSpeed's ZeRO: parameters, fp32 masters and moments that all ranks hold parts of.
///
/// The joining follows what DeepSpeed's own `zero_to_fp32.py` makes of the same files. Opening reads the pickles
/// of all files, none of their tensors.
struct ZeROCheckpoint: Sendable {
  /// 1 and 2 are stored alike; DeepSpeed's BF16_Optimizer too, without a number, and is told as 1.
  let stage: Int
  let isBF16Optimizer: Bool
  let worldSize: Int
  /// The parameters: fp32 masters where trained, as stored where frozen; then shared ones and buffers.
  private(set) var tensors: [TensorDescription] = []
  private(set) var layouts: [TensorLayout] = []
  /// The trained parameters in the order of their groups: name, shape, and group.
  private(set) var trained: [(name: String, shape: [Int], group: Int)] = []
  private(set) var remarks: [String] = []
  private(set) var files = CheckpointFiles()
  let globals: [PickleGlobal]
  let folder: ZeROFolder
  let modelStates: [NumberedArchive]
  let optimizerStates: [NumberedArchive]
  private var seen: [String: Int] = [:]

  init(_ folder: ZeROFolder) throws(CheckpointError) {
    self.folder = folder
    guard let firstName = folder.modelFiles.first?.name else {
      throw CheckpointError(.sharded(.missingFile("mp_rank_00_model_states.pt")), path: folder.path)
    }
    var files = CheckpointFiles()
    var optimizer: [NumberedArchive] = []
    for file in folder.optimizerFiles { optimizer.append(try files.open(Path.join(folder.path, file.name))) }
    var models: [NumberedArchive] = []
    for file in folder.modelFiles { models.append(try files.open(Path.join(folder.path, file.name))) }
    optimizerStates = optimizer
    modelStates = models
    self.files = files
    globals = PyTorchArchive.merge((models + optimizer).map(\.archive.globals))

    let state = optimizer.first?.root["optimizer_state_dict"]
    let isPartitioned = state?["fp32_flat_groups"] != nil || (state == nil && folder.isPartitioned)
    stage = state?["zero_stage"]?.int ?? (state == nil ? 0 : isPartitioned ? 3 : 1)
    isBF16Optimizer = state != nil && state?["zero_stage"] == nil && !isPartitioned
    let counts = state?["partition_count"].flatMap { $0.int.map { [$0] } ?? $0.extents }
    let claimed = counts?.max() ?? models[0].root["dp_world_size"]?.int
    worldSize = claimed ?? max(optimizer.count, 1)
    try checkRanks(firstModelName: firstName)
    if !folder.unread.isEmpty {
      remarks.append("not joined: \(folder.unread.joined(separator: ", "))")
    }
    if state == nil {
      // Stage 0, or the optimizer left out: the module as it is.
      try addModule(all: true)
      if folder.isPartitioned {
        remarks.append("no optimizer states, so the parameters' values are not here")
      }
      return
    }
    if isPartitioned { try addPartitioned() } else { try addFlat() }
    try addFrozen()
    try addModule(all: false)
    addShared()
  }

  /// More elements than any model has, and few enough that sums of them cannot overflow.
  private static let elementLimit = 1 << 48

  private func checkRanks(firstModelName: String) throws(CheckpointError) {
    guard (1...1 << 20).contains(worldSize) else {
      throw fault(.structure("a world of \(worldSize) ranks"), modelStates[0].path)
    }
    func missing(_ files: [RankFileName]) -> [Int] {
      let present = Set(files.map(\.rank))
      return (0..<worldSize).filter { !present.contains($0) }
    }
    guard !folder.optimizerFiles.isEmpty else { return }
    let ranks = missing(folder.optimizerFiles)
    guard ranks.isEmpty else {
      throw CheckpointError(.sharded(.missingRanks(ranks, of: worldSize)), path: folder.path)
    }
    guard folder.optimizerFiles.count == worldSize else {
      throw fault(
        .structure("\(folder.optimizerFiles.count) optimizer states of a world of \(worldSize) ranks"),
        folder.path)
    }
    if folder.isPartitioned, let first = missing(folder.modelFiles).first, first == 0 {
      throw CheckpointError(.sharded(.missingRanks([0], of: worldSize)), path: folder.path)
    }
  }

  private func fault(_ fault: ShardFault, _ path: String) -> CheckpointError {
    CheckpointError(.sharded(fault), path: path)
  }

  private mutating func add(_ tensor: TensorDescription, _ layout: TensorLayout) {
    guard seen.updateValue(tensors.count, forKey: tensor.name) == nil else { return }
    tensors.append(tensor)
    layouts.append(layout)
  }

  /// The groups of parameters: their names and shapes in order.
  private func parameterShapes() throws(CheckpointError) -> [[(name: String, shape: [Int])]] {
    let archive = modelStates[0]
    guard let groups = archive.root["param_shapes"]?.elements else {
      throw fault(.structure("no param_shapes"), archive.path)
    }
    var shapes: [[(name: String, shape: [Int])]] = []
    var total = 0
    for group in groups {
      var members: [(name: String, shape: [Int])] = []
      for entry in group.entries ?? [] {
        guard let name = entry.key.string, let shape = entry.value.extents, shape.allSatisfy({ $0 >= 0 }),
          let count = shape.checkedProduct(), let sum = total.checkedAdd(count), sum <= Self.elementLimit
        else { throw fault(.structure("param_shapes holds something else than shapes"), archive.path) }
        total = sum
        members.append((name, shape))
      }
      shapes.append(members)
    }
    return shapes
  }

  /// Stages 1 and 2: each group is one flat tensor, cut in equal parts over the ranks.
  private mutating func addFlat() throws(CheckpointError) {
    let groups = try parameterShapes()
    for (number, group) in groups.enumerated() {
      let flat = try flat(group: number) { state in
        state["single_partition_of_fp32_groups"]?.elements.flatMap {
          $0.indices.contains(number) ? $0[number] : nil
        }
      }
      var offset = 0
      for (name, shape) in group {
        let count = shape.reduce(1, &*)
        trained.append((name, shape, number))
        guard let runs = flat.runs(from: offset, count: count) else {
          throw fault(
            .coverage(
              name,
              what: "the ranks hold \(grouped(flat.count)) elements of its group, it ends at "
                + grouped(offset + count)), folder.path)
        }
        let type = flat.elementType ?? .float32
        add(try describe(name, type, shape, path: folder.path), TensorLayout(runs: runs))
        offset += count
      }
      // Groups are padded to a multiple of twice the world size.
      if flat.count - offset >= max(2 * worldSize, 1) {
        remarks.append(
          "group \(number): \(grouped(flat.count - offset)) elements at its end belong to no parameter")
      }
    }
  }

  /// The parts of a group that the ranks hold, one after another.
  func flat(
    group: Int, of value: (PickleValue) -> PickleValue?
  ) throws(CheckpointError) -> FlatSequence {
    var flat = FlatSequence()
    for archive in optimizerStates {
      let name = "group \(group)"
      guard let part = archive.root["optimizer_state_dict"].flatMap(value),
        let tensor = try archive.tensor(part, name: name), flat.append(tensor, file: archive.number)
      else { throw fault(.structure("no flat partition of parameter group \(group)"), archive.path) }
    }
    return flat
  }

  /// Stage 3: each rank holds its part of every parameter, one after another.
  private mutating func addPartitioned() throws(CheckpointError) {
    let parts = try partitions { state in state["fp32_flat_groups"]?.elements ?? [] }
    let groups = try parameterShapes()
    for (number, group) in groups.enumerated() {
      for (name, shape) in group { trained.append((name, shape, number)) }
    }
    for (tensor, layout) in try gather(parts, suffix: "") { add(tensor, layout) }
  }

  /// What each rank holds of all groups, one after another.
  func partitions(
    _ values: (PickleValue) -> [PickleValue]
  ) throws(CheckpointError) -> [FlatSequence] {
    var parts: [FlatSequence] = []
    for archive in optimizerStates {
      var flat = FlatSequence()
      for value in archive.root["optimizer_state_dict"].map(values) ?? [] {
        guard let tensor = try archive.tensor(value, name: "a flat group"),
          flat.append(tensor, file: archive.number)
        else { throw fault(.structure("a group that is no flat tensor"), archive.path) }
      }
      parts.append(flat)
    }
    return parts
  }

  /// Joins every trained parameter from the parts of the ranks (stage 3).
  func gather(
    _ parts: [FlatSequence], suffix: String
  ) throws(CheckpointError) -> [(TensorDescription, TensorLayout)] {
    var joined: [(TensorDescription, TensorLayout)] = []
    var offset = 0
    for (name, shape, _) in trained {
      let count = shape.reduce(1, &*)
      let share = count / worldSize + (count.isMultiple(of: worldSize) ? 0 : 1)
      var runs: [TensorRun] = []
      for (rank, part) in parts.enumerated() {
        let start = rank * share
        let held = max(0, min(share, count - start))
        guard let more = part.runs(from: offset, count: held, target: start) else {
          throw fault(
            .coverage(name, what: "rank \(rank) holds \(grouped(part.count)) elements, too few for it"),
            folder.path)
        }
        runs += more
      }
      let type = parts.first?.elementType ?? .float32
      joined.append(
        (try describe(name + suffix, type, shape, path: folder.path), TensorLayout(runs: runs)))
      offset += share
    }
    return joined
  }

  /// The parameters that were not trained, as they were stored.
  private mutating func addFrozen() throws(CheckpointError) {
    guard let shapes = modelStates[0].root["frozen_param_shapes"]?.entries, !shapes.isEmpty else { return }
    // Shared parts may be left out on purpose, as HF Trainer does for adapters.
    guard let first = modelStates[0].root["frozen_param_fragments"]?.entries, !first.isEmpty else {
      remarks.append("\(shapes.count) frozen parameters were not saved")
      return
    }
    for entry in shapes {
      guard let name = entry.key.string, let shape = entry.value.extents else {
        throw fault(.structure("frozen_param_shapes holds something else than shapes"), modelStates[0].path)
      }
      var flat = FlatSequence()
      for archive in folder.isPartitioned ? modelStates : [modelStates[0]] {
        guard let value = archive.root["frozen_param_fragments"]?[name],
          var tensor = try archive.tensor(value, name: name)
        else { throw fault(.structure("no part of frozen parameter \"\(name)\""), archive.path) }
        if tensor.strides == nil { tensor.shape = [tensor.elementCount] }
        guard flat.append(tensor, file: archive.number) else {
          throw fault(.structure("frozen parameter \"\(name)\" is not flat"), archive.path)
        }
      }
      guard let count = shape.checkedProduct(), let runs = flat.runs(from: 0, count: count) else {
        throw fault(.coverage(name, what: "the ranks hold too few of its elements"), folder.path)
      }
      let type = flat.elementType ?? .float32
      add(try describe(name, type, shape, path: folder.path), TensorLayout(runs: runs))
    }
  }

  /// The module's buffers, or all of its tensors.
  private mutating func addModule(all: Bool) throws(CheckpointError) {
    let archive = modelStates[0]
    guard let module = archive.root["module"] else { return }
    let buffers = Set((archive.root["buffer_names"]?.elements ?? []).compactMap(\.string))
    guard all || !buffers.isEmpty else { return }
    for found in try archive.tensors(below: module) where all || buffers.contains(found.name) {
      add(
        try describe(found.name, found.tensor.elementType, found.tensor.shape, path: archive.path),
        found.tensor.layout(file: archive.number))
    }
  }

  /// Parameters that are others under a second name.
  private mutating func addShared() {
    let archive = modelStates[0]
    let pairs: [(String?, String?)] =
      archive.root["shared_params"]?.entries?.map { ($0.key.string, $0.value.string) }
      ?? (archive.root["shared_params"]?.elements ?? []).map { pair in
        let parts = pair.elements ?? []
        return (parts.first?.string, parts.last?.string)
      }
    for case (let name?, let other?) in pairs {
      guard let index = seen[other] else { continue }
      add(tensors[index].renamed(name), layouts[index])
    }
  }
}
