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
    var result = BaseComparison(weightNorm: 0, intruders: Pair(nil, nil))
    let weights = try base.checkpoint.withBytes(ofTensorAt: index) {
      bytes throws(CheckpointError) -> [Double]? in
      var pass = ElementComparison()
      pass.add(bytes, tensor.elementType, bytes, tensor.elementType, range: 0..<tensor.elementCount)
      result.weightNorm = pass.result(name: "", tensor, tensor).norm.before
      return min(rows, columns) <= LeftSingularVectors.limit ? ElementConversion.doubles(bytes, tensor) : nil
    }
    base.checkpoint.release(tensorAt: index)
    guard let weights, let reference = LeftSingularVectors(weights, rows: rows, columns: columns) else {
      return result
    }
    if let before {
      result.intruders.before = try intruders(before, self.before?.checkpoint, weights, reference)
    }
    if let after { result.intruders.after = try intruders(after, self.after.checkpoint, weights, reference) }
    return result
  }

  /// The places, among the first ten left singular vectors of W + ΔW, of those whose |cos| with every left singular
  /// vector of W is below ½ (arXiv 2410.21228).
  private func intruders(
    _ module: LowRankModule, _ checkpoint: Checkpoint?, _ weights: [Double], _ reference: LeftSingularVectors
  ) throws(CheckpointError) -> [Int]? {
    guard let checkpoint else { return nil }
    let (rows, columns) = module.shape
    func values(_ index: Int) throws(CheckpointError) -> [Double] {
      let tensor = checkpoint.tensors[index]
      return try checkpoint.withBytes(ofTensorAt: index) { bytes throws(CheckpointError) in
        ElementConversion.doubles(bytes, tensor)
      }
    }
    let a = try values(module.a.tensor), b = try values(module.b.tensor)
    let scaling = module.scaling ?? 1
    var sum = weights
    for row in 0..<rows {
      for i in 0..<module.rank {
        let factor = scaling * b[row * module.rank + i]
        for column in 0..<columns { sum[row * columns + column] += factor * a[i * columns + column] }
      }
    }
    guard let changed = LeftSingularVectors(sum, rows: rows, columns: columns) else { return nil }
    return (0..<min(10, changed.singularValues.count)).filter { index in
      reference.greatestCosine(with: changed.vector(index)) < 0.5
    }
  }
}

/// The model that adapters belong to, its tensors by the names that modules have.
struct BaseModel: Sendable {
  let checkpoint: Checkpoint
  let indices: [String: Int]

  init(_ checkpoint: Checkpoint) {
    self.checkpoint = checkpoint
    indices = Dictionary(
      checkpoint.tensors.enumerated().map { (TensorName($1.name).canonical, $0) },
      uniquingKeysWith: { first, _ in first })
  }
}
