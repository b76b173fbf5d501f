internal import Checkpoint

extension ComparisonPlan {
  /// The change of the base's weight by a module; nil without a base model, or where it has no such weight.
  func baseChange(_ before: LowRankModule?, _ after: LowRankModule?) throws(CheckpointError) -> WholeChange? {
    let modules = [(before, first), (after, second)].compactMap { module, checkpoint in
      module.map { ($0, checkpoint) }
    }
    guard let base, let any = modules.first?.0, any.kind != .experts,
      modules.allSatisfy({ $0.0.shape == any.shape && $0.0.kind == any.kind }),
      let place = base.place(of: any, in: self.after.adapter)
    else { return nil }
    var sides: [WholeChange.Side] = []
    var isComplete = true
    for (module, checkpoint) in modules {
      var side = WholeChange.Side(
        a: try values(of: module.a, module.rank, checkpoint, times: try diagonal(module, checkpoint)),
        b: try values(of: module.b, module.rank, checkpoint), scaling: module.scaling ?? 1, rank: module.rank,
        isTransposed: place.isTransposed)
      if let index = module.magnitude { side.magnitudes = try checkpoint.doubles(ofTensorAt: index) }
      if module.hasOtherMagnitude { isComplete = false }
      if module.hasCutBase {
        let cut = try base.leastDirections(place, count: module.rank)
        if let cut { side.subtract(cut) } else { isComplete = false }
      }
      sides.append(side)
    }
    return try WholeChange(base.checkpoint, place, sides: sides, isComplete: isComplete)
  }

  /// The figures of the base's weight itself, and the intruders among the leading directions of the changed one.
  func baseComparison(
    _ change: WholeChange, _ before: LowRankModule?, _ after: LowRankModule?
  ) throws(CheckpointError) -> BaseComparison {
    let tensor = change.base.tensors[change.place.index]
    let (rows, columns) = (change.place.rows, change.place.columns)
    var result = BaseComparison(weightNorm: 0)
    let isSmall = min(rows, columns) <= LeftSingularVectors.limit
    let isSought =
      rows * columns <= IntruderSearch.elementLimit && !change.place.isTransposed
      && (before ?? after)?.kind == .linear
    var exact: [Double] = [], approximate: [Float] = []
    try change.base.withBytes(ofTensorAt: change.place.index) { bytes throws(CheckpointError) in
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
    change.base.release(tensorAt: change.place.index)
    guard isSought else { return result }
    let found: [IntruderSearch.Result?]
    if isSmall {
      let reference = LeftSingularVectors(exact, rows: rows, columns: columns)
      found = change.sides.map { side in reference.flatMap { IntruderSearch.full(exact, $0, side) } }
    } else {
      let weight = WeightOperator(rows: rows, columns: columns, weights: approximate)
      let leading = LeadingVectors(of: weight)
      found = change.sides.map { side in
        var changed = weight
        changed.change = (side.rank, side.right.map { Float($0) }, side.left.map { Float($0) })
        changed.rowFactors = side.factors
        return IntruderSearch.leading(changed, against: weight, leading, norm: result.weightNorm)
      }
    }
    let first = before == nil ? nil : found.first ?? nil, last = after == nil ? nil : found.last ?? nil
    result.intruders = Pair(first?.intruders, last?.intruders)
    result.undetermined = Pair(first?.undetermined ?? [], last?.undetermined ?? [])
    result.withinSpan = Pair(first?.withinSpan ?? [], last?.withinSpan ?? [])
    return result
  }

  /// A factor as `rank × length`, its rows times the diagonal where there is one.
  private func values(
    of factor: LowRankModule.Factor, _ rank: Int, _ checkpoint: Checkpoint, times diagonal: [Double]? = nil
  ) throws(CheckpointError) -> [Double] {
    let stored = try checkpoint.doubles(ofTensorAt: factor.tensor)
    var values = [Double](repeating: 0, count: rank * factor.length)
    for i in 0..<rank {
      let weight = diagonal?[i] ?? 1
      for k in 0..<factor.length {
        values[i * factor.length + k] = weight * stored[factor.offset + k * factor.stepK + i * factor.stepI]
      }
    }
    return values
  }
}

/// The model that adapters belong to, its tensors by the names that modules have.
struct BaseModel: Sendable {
  let checkpoint: Checkpoint
  private let indices: [String: Int]

  /// A weight of the base that a module changes, as rows and columns that are stored.
  struct Place: Equatable, Sendable {
    var index: Int
    var rows: Int
    var columns: Int
    /// Whether B belongs to the columns, and A to the rows.
    var isTransposed: Bool
  }

  init(_ original: Checkpoint) {
    // A base in 4 bits counts as the values that its codes stand for.
    let decoded = DecodedCheckpoint(original)
    let checkpoint = decoded.checkpoint
    self.checkpoint = checkpoint
    indices = Dictionary(
      checkpoint.tensors.enumerated().filter { !decoded.undecoded.contains($0.offset) }
        .map { (TensorName($1.name).canonical, $0) },
      uniquingKeysWith: { first, _ in first })
  }

  /// The weight of a module of `adapter`; nil where there is none of its shape.
  func place(of module: LowRankModule, in adapter: Adapter) -> Place? {
    if adapter.configuration?.replicatesLayers ?? false { return nil }
    // Embeddings are stored the other way round, and what GPT-2 calls `Conv1D`.
    let isTransposed = module.kind == .embedding || (adapter.configuration?.isFanInFanOut ?? false)
    let names = [module.name.name + ".weight", module.name.name, module.name.name + ".in_proj_weight"]
    guard let index = names.lazy.compactMap({ indices[$0] }).first else { return nil }
    let tensor = checkpoint.tensors[index]
    let (b, a) = (module.b.length, module.a.length)
    // Lengths that a file claims may have a product beyond any number.
    let (count, overflows) = a.multipliedReportingOverflow(by: b)
    guard !overflows, tensor.elementCount == count, !tensor.elementType.isComplex,
      tensor.elementType.bitWidth >= 8,
      tensor.shape.first == (isTransposed ? a : b)
    else { return nil }
    return Place(
      index: index, rows: isTransposed ? a : b, columns: isTransposed ? b : a, isTransposed: isTransposed)
  }

  /// The least singular directions of a weight, `count` of them, as the product of `rows × count` and `count × columns`;
  /// nil where it is too large to be decomposed.
  func leastDirections(
    _ place: Place, count: Int
  ) throws(CheckpointError) -> (left: [Double], right: [Double])? {
    let (rows, columns) = (place.rows, place.columns)
    guard min(rows, columns) <= LeftSingularVectors.limit, !place.isTransposed else { return nil }
    let weights = try checkpoint.doubles(ofTensorAt: place.index)
    guard let vectors = LeftSingularVectors(weights, rows: rows, columns: columns) else { return nil }
    let kept = max(0, min(rows, columns) - count)
    var left = [Double](repeating: 0, count: rows * count)
    var right = [Double](repeating: 0, count: count * columns)
    // P = Σ u·(uᵀW); where W has less than full rank, the directions without strength are none.
    for (i, index) in (kept..<max(kept, vectors.singularValues.count)).enumerated() {
      let u = vectors.vector(index)
      for row in 0..<rows {
        left[row * count + i] = u[row]
        for column in 0..<columns { right[i * columns + column] += u[row] * weights[row * columns + column] }
      }
    }
    return (left, right)
  }
}
