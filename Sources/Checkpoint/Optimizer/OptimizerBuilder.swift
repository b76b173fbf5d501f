/// Gathers what an optimizer kept of each parameter, as its format is read.
struct OptimizerBuilder {
  private var tensors: [TensorDescription] = []
  private var layouts: [TensorLayout] = []
  private var names: [String] = []
  private var known: Set<String> = []
  private var steps: [String: Double] = [:]
  private var shapes: [String: [Int]] = [:]
  private var means: [String: Int] = [:]
  private var squares: [String: Int] = [:]
  /// Tensors that hold steps, by parameter.
  private var stepTensors: [String: Int] = [:]

  mutating func set(step: Double?, of name: String) {
    note(name)
    steps[name] = step
  }

  /// Notes the shape of a parameter whose moments have another.
  mutating func set(shape: [Int], of name: String) { shapes[name] = shape }

  mutating func add(
    _ name: String, _ kind: String, _ tensor: TensorDescription, _ layout: TensorLayout
  ) {
    if note(name, kind, index: tensors.count) {
      tensors.append(tensor)
      layouts.append(layout)
    }
  }

  /// Notes that the parameter `name` has a state, whatever stands in it.
  mutating func note(_ name: String) {
    if known.insert(name).inserted { names.append(name) }
  }

  /// Notes that the tensor at `index` is the `kind` of the parameter `name`; false where that is known already.
  @discardableResult
  mutating func note(_ name: String, _ kind: String, index: Int) -> Bool {
    note(name)
    if kind == "step" { return stepTensors.updateValue(index, forKey: name) == nil }
    if MomentNames.mean.contains(kind) { return means.updateValue(index, forKey: name) == nil }
    if MomentNames.square.contains(kind) { return squares.updateValue(index, forKey: name) == nil }
    return true
  }

  /// The state over the tensors that were added.
  func state(
    path: String, format: Checkpoint.Format, files: CheckpointFiles, globals: [PickleGlobal],
    groups: [OptimizerState.Group], namedByOrder: Bool = false, remarks: [String] = []
  ) throws(CheckpointError) -> OptimizerState {
    let moments = Checkpoint(
      path: path, format: format, files: files.descriptions, remarks: remarks, globals: globals,
      source: AssembledSource(tensors: tensors, layouts: layouts, files: files.files))
    return try state(moments, groups: groups, namedByOrder: namedByOrder)
  }

  /// The state over the tensors of `moments`.
  func state(
    _ moments: Checkpoint, groups: [OptimizerState.Group], namedByOrder: Bool = false
  ) throws(CheckpointError) -> OptimizerState {
    var parameters: [OptimizerState.Parameter] = []
    for name in names {
      var step = steps[name]
      if step == nil, let index = stepTensors[name], moments.tensors[index].elementCount == 1 {
        let type = moments.tensors[index].elementType
        step = try moments.withBytes(ofTensorAt: index) { $0.number(type) }
      }
      parameters.append(
        OptimizerState.Parameter(
          name: name, step: step, mean: means[name], square: squares[name],
          shape: shapes[name] ?? (means[name] ?? squares[name]).map { moments.tensors[$0].shape }))
    }
    return OptimizerState(
      moments: moments, groups: groups, parameters: parameters, isNamedByOrder: namedByOrder)
  }
}
