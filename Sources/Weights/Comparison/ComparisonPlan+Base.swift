internal import Checkpoint

extension ComparisonPlan {
  /// What the base model's weight tells about a module; nil without a base model, or where it has no such weight.
  func baseComparison(
    _ before: LowRankModule?, _ after: LowRankModule?
  ) throws(CheckpointError) -> BaseComparison? {
    guard let base, let any = before ?? after, any.kind == .linear,
      let index = base.indices[any.name.name + ".weight"],
      base.checkpoint.tensors[index].shape == [any.shape.rows, any.shape.columns]
    else { return nil }
    let tensor = base.checkpoint.tensors[index]
    let (rows, columns) = any.shape
    var result = BaseComparison(weightNorm: 0, intruders: Pair(nil, nil), undetermined: Pair([], []))
    let isSmall = min(rows, columns) <= LeftSingularVectors.limit
    let isSought = rows * columns <= IntruderSearch.elementLimit
    var exact: [Double] = [], approximate: [Float] = []
    try base.checkpoint.withBytes(ofTensorAt: index) { bytes throws(CheckpointError) in
      var pass = ElementComparison()
      pass.add(bytes, tensor.elementType, bytes, tensor.elementType, range: 0..<tensor.elementCount)
      result.weightNorm = pass.result(name: "", tensor, tensor).norm.before
      guard isSought else { return }
      if isSmall {
        exact = ElementConversion.doubles(bytes, tensor)
      } else {
        approximate = ElementConversion.floats(bytes, tensor)
      }
    }
    base.checkpoint.release(tensorAt: index)
    guard isSought else { return result }
    let reference = isSmall ? LeftSingularVectors(exact, rows: rows, columns: columns) : nil
    func found(_ module: LowRankModule?, _ checkpoint: Checkpoint?) throws(CheckpointError)
      -> IntruderSearch.Result?
    {
      guard let module, let checkpoint else { return nil }
      let a = try scaledA(module, checkpoint), b = try scaledB(module, checkpoint)
      if isSmall {
        return reference.flatMap { IntruderSearch.full(exact, $0, rank: module.rank, a: a, b: b) }
      }
      var changed = WeightOperator(rows: rows, columns: columns, weights: approximate)
      let weight = changed
      changed.change = (module.rank, a.map { Float($0) }, b.map { Float($0) })
      return IntruderSearch.leading(changed, against: weight, norm: result.weightNorm)
    }
    let before = try found(before, self.before?.checkpoint), after = try found(after, self.after.checkpoint)
    result.intruders = Pair(before?.intruders, after?.intruders)
    result.undetermined = Pair(before?.undetermined ?? [], after?.undetermined ?? [])
    return result
  }

  /// A, `rank × columns`, its rows times AdaLoRA's diagonal where there is one.
  private func scaledA(_ module: LowRankModule, _ checkpoint: Checkpoint) throws(CheckpointError) -> [Double]
  {
    var a = try checkpoint.doubles(ofTensorAt: module.a.tensor)
    guard let diagonal = try diagonal(module, checkpoint) else { return a }
    for i in 0..<module.rank {
      for column in 0..<module.shape.columns { a[i * module.shape.columns + column] *= diagonal[i] }
    }
    return a
  }

  /// B, `rows × rank`, with the scaling.
  private func scaledB(_ module: LowRankModule, _ checkpoint: Checkpoint) throws(CheckpointError) -> [Double]
  {
    let scaling = module.scaling ?? 1
    return try checkpoint.doubles(ofTensorAt: module.b.tensor).map { $0 * scaling }
  }
}

/// The model that adapters belong to, its tensors by the names that modules have.
struct BaseModel: Sendable {
  let checkpoint: Checkpoint
  let indices: [String: Int]

  init(_ original: Checkpoint) {
    // A base in 4 bits counts as the values that its codes stand for.
    let decoded = DecodedCheckpoint(original)
    let checkpoint = decoded.checkpoint
    self.checkpoint = checkpoint
    indices = Dictionary(
      checkpoint.tensors.enumerated().map { (TensorName($1.name).canonical, $0) },
      uniquingKeysWith: { first, _ in first })
  }
}
