public import Checkpoint
internal import FileSystem
internal import Process
internal import RunFolder

extension CheckpointComparison {
  /// Compares two checkpoints, tensor by tensor and module by module.
  ///
  /// Tensors are matched by their names without what PEFT and wrappers put around them, so that saves of different
  /// formats match. Memory is bounded by a few tensors for each processor.
  ///
  /// - Parameters:
  ///   - base: the model that the adapters belong to, for what its weights tell about theirs.
  ///   - configurations: the settings of the adapter on each side; where nil, those that `AdapterSettings` finds beside
  ///     the checkpoint and in the run that it is of.
  /// - Throws: `CheckpointError` where values or configurations are out of reach.
  /// - Complexity: O(bytes), and O(r²) operations for each element of a factor of rank r.
  public init(
    _ before: Checkpoint, _ after: Checkpoint, base: Checkpoint? = nil,
    configurations: Pair<AdapterConfiguration?> = Pair(nil, nil)
  ) throws(CheckpointError) {
    let first = try Subject(before, configurations.before)
    let second = try Subject(after, configurations.after)
    try self.init(first, second, base: base)
  }

  /// Examines one checkpoint alone: norms, singular values, non-finite elements.
  ///
  /// - Throws: `CheckpointError` where values or configurations are out of reach.
  public init(
    examining checkpoint: Checkpoint, configuration: AdapterConfiguration? = nil
  ) throws(CheckpointError) {
    try self.init(nil, try Subject(checkpoint, configuration))
  }

  private init(_ before: Subject?, _ after: Subject, base: Checkpoint? = nil) throws(CheckpointError) {
    let plan = ComparisonPlan(before, after, base: base.map(BaseModel.init))
    // The largest pieces first, so that the processors end together.
    let order = plan.tasks.indices.sorted { plan.tasks[$0].byteCount > plan.tasks[$1].byteCount }
    let found = concurrentFold(count: order.count, into: ComparisonPlan.Results(for: plan)) {
      plan.perform(plan.tasks[order[$0]])
    } _: { results, index, outcome in
      results.add(outcome, ofTaskAt: order[index], rank: index)
    }
    // Whatever went wrong with a file that changed, that it changed is why.
    for checkpoint in [before?.checkpoint, after.checkpoint, base].compactMap(\.self) {
      try checkpoint.checkUnchanged()
    }
    if let error = found.failure?.error { throw error }
    sides = Pair(before?.side, after.side)
    modules = found.modules.compactMap(\.self)
    tensors = found.tensors
    if let base { sides.after?.remarks += Self.remarks(on: base, after.adapter, modules) }
    onlyBefore = plan.onlyBefore
    onlyAfter = plan.onlyAfter
    reshaped = plan.reshaped
    byteCount = plan.byteCount
  }
}

extension CheckpointComparison {
  /// That modules have no weight in `base` that they could belong to.
  private static func remarks(
    on base: Checkpoint, _ adapter: Adapter, _ modules: [ModuleComparison]
  ) -> [String] {
    if adapter.configuration?.replicatesLayers ?? false {
      return [
        "layer_replication: the adapter's layers are not those of the base of the same number, so that nothing is held against \(base.path)"
      ]
    }
    let missing = modules.count { $0.base == nil && $0.kind != .experts }
    guard missing > 0 else { return [] }
    return [
      "\(missing) of \(modules.count) \(modules.count == 1 ? "module" : "modules") of the adapter \(missing == 1 ? "has" : "have") no weight of the same name and shape in \(base.path)"
    ]
  }
}

/// One side of a comparison: a checkpoint with its modules found.
struct Subject: Sendable {
  /// The weights, decoded where they are quantised.
  let checkpoint: Checkpoint
  let adapter: Adapter
  private let decoded: DecodedCheckpoint

  init(_ checkpoint: Checkpoint, _ configuration: AdapterConfiguration?) throws(CheckpointError) {
    decoded = DecodedCheckpoint(checkpoint)
    self.checkpoint = decoded.checkpoint
    var found = configuration
    if found == nil { found = try AdapterSettings.find(for: checkpoint) }
    adapter = Adapter(decoded.checkpoint, configuration: found)
  }

  /// That what the optimizer keeps is not compared, where it stands beside the weights.
  private var optimizerRemark: [String] {
    let count = adapter.canonicalNames.count(where: TensorName.isOptimizers)
    return count == 0
      ? [] : ["\(count) \(count == 1 ? "tensor" : "tensors") of the optimizer's state left out"]
  }

  /// What the tensor at `index` is, as far as its name tells.
  func role(ofTensorAt index: Int) -> TensorComparison.Role {
    if decoded.undecoded.contains(index) { return .codes }
    let tensor = checkpoint.tensors[index]
    if tensor.elementType.isWholeNumber { return .buffer }
    return adapter.fixedTensors.contains(index) || checkpoint.frozenNames.contains(tensor.name)
      ? .fixed : .whole
  }

  var side: CheckpointComparison.Side {
    CheckpointComparison.Side(
      path: checkpoint.path, format: checkpoint.format, tensorCount: checkpoint.tensors.count,
      elementCount: decoded.elementCount, tensorByteCount: checkpoint.tensorByteCount,
      configuration: adapter.configuration,
      emptyTensors: checkpoint.tensors.lazy.filter { $0.elementCount == 0 }.map(\.name),
      quantized: decoded.quantized,
      remarks: checkpoint.remarks + decoded.remarks + optimizerRemark + adapter.remarks
        + (adapter.configuration?.remarks ?? [])
    )
  }
}
