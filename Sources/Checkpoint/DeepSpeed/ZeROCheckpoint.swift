internal import Bytes
internal import FileSystem

/// What one model-parallel rank saved under DeepSpeed's ZeRO: parameters, fp32 masters and moments that the ranks of
/// data hold parts of.
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
  /// The parameters that were not trained, by name.
  private(set) var frozenNames: [String] = []
  /// The trained parameters in the order of their groups.
  private(set) var trained: [Trained] = []
  private(set) var remarks: [String] = []
  let globals: [PickleGlobal]
  /// The path of the folder.
  let path: String
  let folder: ZeROFolder.Rank
  let modelStates: [NumberedArchive]
  let optimizerStates: [NumberedArchive]
  private var seen: [String: Int] = [:]

  /// A parameter that was trained.
  struct Trained: Sendable {
    var name: String
    var shape: [Int]
    var group: Int
    /// The rank of experts that holds it; 0 for all others.
    var expertRank = 0
  }

  /// Reads the files that `folder` lists, and adds them to `files`.
  init(
    _ folder: ZeROFolder.Rank, path: String, files: inout CheckpointFiles
  ) throws(CheckpointError) {
    self.path = path
    self.folder = folder
    let number = String(folder.number)
    guard !folder.modelFiles.isEmpty else {
      let rank = number.count < 2 ? "0" + number : number
      throw CheckpointError(.sharded(.missingFile("mp_rank_\(rank)_model_states.pt")), path: path)
    }
    var optimizer: [NumberedArchive] = []
    for file in folder.optimizerFiles { optimizer.append(try files.open(Path.join(path, file.name))) }
    var models: [NumberedArchive] = []
    for file in folder.modelFiles { models.append(try files.open(Path.join(path, file.name))) }
    var parts: [NumberedArchive] = []
    for file in folder.expertFiles { parts.append(try files.open(Path.join(path, file.name))) }
    optimizerStates = optimizer
    modelStates = models
    globals = PyTorchArchive.merge((models + optimizer + parts).map(\.archive.globals))

    let state = optimizer.first?.root["optimizer_state_dict"]
    let isPartitioned = state?["fp32_flat_groups"] != nil || (state == nil && folder.isPartitioned)
    stage = state?["zero_stage"]?.int ?? (state == nil ? 0 : isPartitioned ? 3 : 1)
    isBF16Optimizer = state != nil && state?["zero_stage"] == nil && !isPartitioned
    let counts = state?["partition_count"].flatMap { $0.int.map { [$0] } ?? $0.extents }
    let claimed = counts?.max() ?? models[0].root["dp_world_size"]?.int
    worldSize = claimed ?? max(optimizer.count, 1)
    try checkRanks()
    if state == nil {
      // Stage 0, or the optimizer left out: the module as it is.
      try addModule(all: true)
      try addExperts(parts)
      if folder.isPartitioned {
        remarks.append("no optimizer states, so the parameters' values are not here")
      }
      return
    }
    if isPartitioned { try addPartitioned() } else { try addFlat() }
    try addFrozen()
    try addModule(all: false)
    try addExperts(parts)
    addShared()
  }

  /// More elements than any model has, and few enough that sums of them cannot overflow.
  private static let elementLimit = 1 << 48

  private func checkRanks() throws(CheckpointError) {
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
      throw CheckpointError(.sharded(.missingRanks(ranks, of: worldSize)), path: path)
    }
    guard folder.optimizerFiles.count == worldSize else {
      throw fault(
        .structure("\(folder.optimizerFiles.count) optimizer states of a world of \(worldSize) ranks"),
        path)
    }
    if folder.isPartitioned, let first = missing(folder.modelFiles).first, first == 0 {
      throw CheckpointError(.sharded(.missingRanks([0], of: worldSize)), path: path)
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
      for expertRank in 0..<expertRankCount(ofGroup: number) {
        for (name, shape) in Self.counted(group, expertRank: expertRank) {
          trained.append(Trained(name: name, shape: shape, group: number, expertRank: expertRank))
        }
      }
    }
    for (tensor, layout) in try joinFlat(
      suffix: "", noteRest: true,
      of: { state, number in
        state["single_partition_of_fp32_groups"]?.elements.flatMap {
          $0.indices.contains(number) ? $0[number] : nil
        }
      })
    {
      add(tensor, layout)
    }
  }

  /// Joins what the ranks hold of every trained parameter in one flat tensor a group (stages 1 and 2).
  mutating func joinFlat(
    suffix: String, noteRest: Bool = false, of value: (PickleValue, Int) -> PickleValue?
  ) throws(CheckpointError) -> [TensorParallelJoin.Tensor] {
    var joined: [TensorParallelJoin.Tensor] = []
    var flat = FlatSequence()
    var offset = 0
    var current: (group: Int, expertRank: Int) = (-1, 0)
    for parameter in trained {
      if (parameter.group, parameter.expertRank) != current {
        if noteRest { note(rest: flat.count - offset, of: current.group) }
        current = (parameter.group, parameter.expertRank)
        flat = try self.flat(group: current.group, expertRank: current.expertRank) {
          value($0, current.group)
        }
        offset = 0
      }
      let count = parameter.shape.reduce(1, &*)
      let name = parameter.name + suffix
      guard let runs = flat.runs(from: offset, count: count) else {
        throw fault(
          .coverage(
            name,
            what: "the ranks hold \(Thousands.text(flat.count)) elements of its group, it ends at "
              + Thousands.text(offset + count)), path)
      }
      offset += count
      joined.append(
        (
          try describe(name, flat.elementType ?? .float32, parameter.shape, path: path),
          TensorLayout(runs: runs)
        ))
    }
    if noteRest { note(rest: flat.count - offset, of: current.group) }
    return joined
  }

  /// Groups are padded to a multiple of twice the world size.
  private mutating func note(rest count: Int, of group: Int) {
    guard group >= 0, count >= max(2 * worldSize, 1) else { return }
    remarks.append("group \(group): \(Thousands.text(count)) elements at its end belong to no parameter")
  }

  /// How many ranks hold experts of their own in a group: a group of experts is cut over the world divided by that.
  private func expertRankCount(ofGroup group: Int) -> Int {
    let state = optimizerStates[0].root["optimizer_state_dict"]
    let groups = state?["base_optimizer_state"]?["param_groups"]?.elements ?? []
    guard groups.indices.contains(group), groups[group]["moe"]?.bool == true,
      let counts = state?["partition_count"]?.extents, counts.indices.contains(group), counts[group] > 0,
      worldSize.isMultiple(of: counts[group])
    else { return 1 }
    return worldSize / counts[group]
  }

  /// A rank numbers its experts from 0 on: the names with the numbers that they have in the whole model.
  private static func counted(
    _ group: [(name: String, shape: [Int])], expertRank: Int
  ) -> [(name: String, shape: [Int])] {
    guard expertRank > 0 else { return group }
    func split(_ name: String) -> (head: [Substring], number: Int, tail: ArraySlice<Substring>)? {
      let parts = name.split(separator: ".", omittingEmptySubsequences: false)
      guard let place = parts.firstIndex(of: "deepspeed_experts"), place + 1 < parts.count,
        let number = Int(parts[place + 1]), (0..<1 << 20).contains(number)
      else { return nil }
      return (Array(parts[...place]), number, parts[(place + 2)...])
    }
    var counts: [[Substring]: Int] = [:]
    for (name, _) in group {
      if let (head, number, _) = split(name) { counts[head] = max(counts[head] ?? 0, number + 1) }
    }
    return group.map { name, shape in
      guard let (head, number, tail) = split(name), let count = counts[head] else {
        return ("\(name)@expert_rank\(expertRank)", shape)
      }
      return ((head + ["\(number + expertRank * count)"] + tail).joined(separator: "."), shape)
    }
  }

  /// The parts of a group that the ranks hold, one after another.
  private func flat(
    group: Int, expertRank: Int, of value: (PickleValue) -> PickleValue?
  ) throws(CheckpointError) -> FlatSequence {
    var flat = FlatSequence()
    let stride = expertRankCount(ofGroup: group)
    // Neighbours hold different experts.
    for (rank, archive) in optimizerStates.enumerated() where rank % stride == expertRank {
      let name = "group \(group)"
      guard let part = archive.root["optimizer_state_dict"].flatMap(value),
        let tensor = try archive.tensor(part, name: name), flat.append(tensor, file: archive.number)
      else { throw fault(.structure("no flat partition of parameter group \(group)"), archive.path) }
    }
    return flat
  }

  /// The experts that stand in files of their own.
  private mutating func addExperts(_ archives: [NumberedArchive]) throws(CheckpointError) {
    for archive in archives {
      for found in try archive.tensors(below: archive.root) {
        add(
          try describe(found.name, found.tensor.elementType, found.tensor.shape, path: archive.path),
          found.tensor.layout(file: archive.number))
      }
    }
  }

  /// Stage 3: each rank holds its part of every parameter, one after another.
  private mutating func addPartitioned() throws(CheckpointError) {
    let parts = try partitions { state in state["fp32_flat_groups"]?.elements ?? [] }
    let groups = try parameterShapes()
    for (number, group) in groups.enumerated() {
      for (name, shape) in group { trained.append(Trained(name: name, shape: shape, group: number)) }
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
  ) throws(CheckpointError) -> [TensorParallelJoin.Tensor] {
    var joined: [TensorParallelJoin.Tensor] = []
    var offset = 0
    for parameter in trained {
      let (name, shape) = (parameter.name, parameter.shape)
      let count = shape.reduce(1, &*)
      let share = count / worldSize + (count.isMultiple(of: worldSize) ? 0 : 1)
      var runs: [TensorRun] = []
      for (rank, part) in parts.enumerated() {
        let start = rank * share
        let held = max(0, min(share, count - start))
        guard let more = part.runs(from: offset, count: held, target: start) else {
          throw fault(
            .coverage(
              name, what: "rank \(rank) holds \(Thousands.text(part.count)) elements, too few for it"),
            path)
        }
        runs += more
      }
      let type = parts.first?.elementType ?? .float32
      joined.append(
        (try describe(name + suffix, type, shape, path: path), TensorLayout(runs: runs)))
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
        throw fault(.coverage(name, what: "the ranks hold too few of its elements"), path)
      }
      let type = flat.elementType ?? .float32
      frozenNames.append(name)
      add(try describe(name, type, shape, path: path), TensorLayout(runs: runs))
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
