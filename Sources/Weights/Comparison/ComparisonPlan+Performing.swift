internal import Checkpoint

extension ComparisonPlan {
  /// What a task found.
  struct Outcome: Sendable {
    /// The module, of a task that has one.
    var module: ModuleComparison?
    /// The tensors, in the order of the task.
    var tensors: [TensorComparison]
  }

  /// What all tasks found, each in its place.
  struct Results: Sendable {
    private let plan: ComparisonPlan
    private(set) var modules: [ModuleComparison?]
    private(set) var tensors: [TensorComparison]
    /// The error of the first task, by rank, that had one.
    private(set) var failure: (rank: Int, error: CheckpointError)?

    init(for plan: ComparisonPlan) {
      self.plan = plan
      modules = Array(repeating: nil, count: plan.tasks.count { $0.module != nil })
      tensors = Array(repeating: .pending, count: plan.pairs.count)
    }

    mutating func add(_ outcome: Result<Outcome, CheckpointError>, ofTaskAt index: Int, rank: Int) {
      let task = plan.tasks[index]
      switch outcome {
      case .success(let outcome):
        if let module = task.module { modules[module.index] = outcome.module }
        for (place, tensor) in zip(plan.places(of: task), outcome.tensors) { tensors[place] = tensor }
      case .failure(let error):
        if rank < failure?.rank ?? .max { failure = (rank, error) }
      }
    }
  }

  /// The places among the pairs of the tensors that `task` compares.
  func places(of task: Task) -> [Int] { task.module?.tensors ?? Array(task.tensors) }

  /// Carries `task` out.
  func perform(_ task: Task) -> Result<Outcome, CheckpointError> {
    do throws(CheckpointError) {
      let places = places(of: task)
      var tensors: [TensorComparison] = []
      tensors.reserveCapacity(places.count)
      for place in places { tensors.append(try compare(pairs[place])) }
      var outcome = Outcome(tensors: tensors)
      if let module = task.module {
        outcome.module = try compare(module.before, module.after, among: tensors)
      }
      release(task)
      return .success(outcome)
    } catch {
      return .failure(error)
    }
  }

  var first: Checkpoint { (before ?? after).checkpoint }
  var second: Checkpoint { after.checkpoint }

  private func release(_ task: Task) {
    for pair in places(of: task).lazy.map({ pairs[$0] }) {
      first.release(tensorAt: pair.before)
      second.release(tensorAt: pair.after)
    }
    for index in task.module?.before?.tensorIndices ?? [] { first.release(tensorAt: index) }
    for index in task.module?.after?.tensorIndices ?? [] { second.release(tensorAt: index) }
  }

  /// The elements that one step of a pass reads, so that both sides of it stay in a cache; of values that are made as they
  /// are asked for fewer, so that they do too.
  private static let step = 1 << 21, computedStep = 1 << 19

  private func compare(_ pair: TensorPair) throws(CheckpointError) -> TensorComparison {
    let x = first.tensors[pair.before], y = second.tensors[pair.after]
    return try withWhole(first, pair.before) { a throws(CheckpointError) in
      try withWhole(second, pair.after) { b throws(CheckpointError) in
        var comparison = ElementComparison()
        var start = 0
        let isComputed = first.isComputed(tensorAt: pair.before) || second.isComputed(tensorAt: pair.after)
        let step = isComputed ? Self.computedStep : Self.step
        while start < x.elementCount {
          let range = start..<min(x.elementCount, start + step)
          try withPart(a, first, pair.before, range) { a throws(CheckpointError) in
            try withPart(b, second, pair.after, range) { b throws(CheckpointError) in
              comparison.add(
                a, x.elementType, b, y.elementType, range: 0..<range.count, from: range.lowerBound)
            }
          }
          if x.elementCount > step {
            first.release(tensorAt: pair.before, elements: range)
            second.release(tensorAt: pair.after, elements: range)
          }
          start = range.upperBound
        }
        var result = comparison.result(name: name(pair), x, y)
        result.role = pair.role
        return result
      }
    }
  }

  /// Hands out all bytes of a tensor; none of one that is computed, whose parts are asked for one by one.
  private func withWhole<Result>(
    _ checkpoint: Checkpoint, _ index: Int, _ body: (RawSpan) throws(CheckpointError) -> Result
  ) throws(CheckpointError) -> Result {
    guard !checkpoint.isComputed(tensorAt: index) else { return try body(RawSpan()) }
    return try checkpoint.withBytes(ofTensorAt: index, body)
  }

  /// Hands out the bytes of some elements: a part of `whole`, or computed.
  private func withPart(
    _ whole: RawSpan, _ checkpoint: Checkpoint, _ index: Int, _ elements: Range<Int>,
    _ body: (RawSpan) throws(CheckpointError) -> Void
  ) throws(CheckpointError) {
    guard !checkpoint.isComputed(tensorAt: index) else {
      return try checkpoint.withBytes(ofTensorAt: index, elements: elements, body)
    }
    // A step is a multiple of eight elements, so that those of 4 and 6 bits begin at a byte.
    let width = checkpoint.tensors[index].elementType.bitWidth
    try body(whole.extracting(elements.lowerBound * width / 8..<(elements.upperBound * width + 7) / 8))
  }

  // MARK: Modules

  private func compare(
    _ before: LowRankModule?, _ after: LowRankModule?, among tensors: [TensorComparison]
  ) throws(CheckpointError) -> ModuleComparison {
    guard let any = before ?? after else { preconditionFailure("a module on neither side") }
    var result = ModuleComparison(any, Pair(before, after))
    if let before, let after, before.shape == after.shape {
      let core = try core(before, after)
      if let core {
        result.fill(
          core, rows: any.shape.rows, columns: any.shape.columns, isEmbedding: any.kind == .embedding)
      }
    }
    // One side at a time: where the other is missing, has other extents, or is not finite.
    if result.deltaNorm.before == nil, let before {
      let (spectrum, nonFinite) = try examine(before, in: first)
      if let spectrum {
        result.deltaNorm.before = spectrum.norm
        result.singularValues.before = spectrum.singularValues
      }
      result.nonFiniteCount.before = nonFinite
    }
    if result.deltaNorm.after == nil, let after {
      let (spectrum, nonFinite) = try examine(after, in: second)
      if let spectrum {
        result.deltaNorm.after = spectrum.norm
        result.singularValues.after = spectrum.singularValues
      }
      result.nonFiniteCount.after = nonFinite
    }
    result.factorNorms = try factorNorms(before, after, among: tensors)
    guard let change = try baseChange(before, after) else { return result }
    result.base = try baseComparison(change, before, after)
    if result.extent == .part, change.isComplete, let figures = try change.figures() {
      result.fill(figures, Pair(before != nil, after != nil))
    }
    return result
  }

  private func core(
    _ before: LowRankModule, _ after: LowRankModule
  ) throws(CheckpointError) -> LowRankCore.Comparison? {
    let isDifference = before.rank == after.rank
    let a = try gram(before, after, isDifference: isDifference, isB: false)
    guard a.isFinite else { return nil }
    let b = try gram(before, after, isDifference: isDifference, isB: true)
    return LowRankCore.comparison(
      a: a, b: b, ranks: Pair(before.rank, after.rank), isDifference: isDifference)
  }

  /// The joint Gram matrix of the factors A, or B, of both sides.
  private func gram(
    _ before: LowRankModule, _ after: LowRankModule, isDifference: Bool, isB: Bool
  ) throws(CheckpointError) -> SquareMatrix {
    let diagonals = (isB ? nil : try diagonal(before, first), isB ? nil : try diagonal(after, second))
    let (x, y) = isB ? (before.b, after.b) : (before.a, after.a)
    let scales = isB ? (before.scaling ?? 1, after.scaling ?? 1) : (1, 1)
    return try first.withBytes(ofTensorAt: x.tensor) { bytes throws(CheckpointError) in
      try unsafe FactorView.with(
        x, rank: before.rank, in: bytes, of: first.tensors[x.tensor], scale: scales.0, diagonal: diagonals.0
      ) { one throws(CheckpointError) in
        try second.withBytes(ofTensorAt: y.tensor) { bytes throws(CheckpointError) in
          unsafe FactorView.with(
            y, rank: after.rank, in: bytes, of: second.tensors[y.tensor], scale: scales.1,
            diagonal: diagonals.1
          ) { unsafe one.gram(with: $0, isDifference: isDifference) }
        }
      }
    }
  }

  /// A module alone; where its spectrum is nil, how many of its elements are not finite.
  private func examine(
    _ module: LowRankModule, in checkpoint: Checkpoint
  ) throws(CheckpointError) -> (spectrum: LowRankCore.Spectrum?, nonFinite: Int) {
    let a = try gram(module, module.a, scale: 1, try diagonal(module, checkpoint), checkpoint)
    let b = try gram(module, module.b, scale: module.scaling ?? 1, nil, checkpoint)
    if let spectrum = LowRankCore.spectrum(a: a, b: b) { return (spectrum, 0) }
    var count = 0
    for index in module.tensorIndices {
      let tensor = checkpoint.tensors[index]
      count += try checkpoint.withBytes(ofTensorAt: index) { bytes throws(CheckpointError) in
        var pass = ElementComparison()
        pass.add(bytes, tensor.elementType, bytes, tensor.elementType, range: 0..<tensor.elementCount)
        return pass.result(name: "", tensor, tensor).nonFinite.before.count
      }
    }
    return (nil, count)
  }

  private func gram(
    _ module: LowRankModule, _ factor: LowRankModule.Factor, scale: Double, _ diagonal: [Double]?,
    _ checkpoint: Checkpoint
  ) throws(CheckpointError) -> SquareMatrix {
    try checkpoint.withBytes(ofTensorAt: factor.tensor) { bytes throws(CheckpointError) in
      unsafe FactorView.with(
        factor, rank: module.rank, in: bytes, of: checkpoint.tensors[factor.tensor], scale: scale,
        diagonal: diagonal
      ) { unsafe $0.gram() }
    }
  }

  /// AdaLoRA's diagonal between B and A; nil for other modules.
  func diagonal(_ module: LowRankModule, _ checkpoint: Checkpoint) throws(CheckpointError)
    -> [Double]?
  {
    guard let index = module.diagonal else { return nil }
    return try checkpoint.doubles(ofTensorAt: index)
  }

  /// The norms of A and B, from the passes over the tensors where they were made.
  private func factorNorms(
    _ before: LowRankModule?, _ after: LowRankModule?, among tensors: [TensorComparison]
  ) throws(CheckpointError) -> FactorNorms {
    func norms(_ path: KeyPath<LowRankModule, LowRankModule.Factor>) -> Pair<Double?> {
      let names = (
        before.map { first.tensors[$0[keyPath: path].tensor].name },
        after.map { second.tensors[$0[keyPath: path].tensor].name }
      )
      guard let tensor = tensors.first(where: { $0.fileNames.after == names.1 && names.1 != nil }) else {
        return Pair(nil, nil)
      }
      return Pair(names.0 == nil ? nil : tensor.norm.before, tensor.norm.after)
    }
    return FactorNorms(a: norms(\.a), b: norms(\.b))
  }
}

extension ModuleComparison {
  /// A comparison without figures yet.
  init(_ any: LowRankModule, _ sides: Pair<LowRankModule?>) {
    self.init(
      name: any.name, expert: any.expert, kind: any.kind, rank: sides.map { $0?.rank },
      configuredRank: sides.map { $0?.configuredRank }, scaling: sides.map { $0?.scaling },
      rows: any.shape.rows, columns: any.shape.columns, deltaNorm: Pair(nil, nil), differenceNorm: nil,
      innerProduct: nil, singularValues: Pair([], []), differenceSingularValues: [], overlap: nil,
      factorNorms: FactorNorms(a: Pair(nil, nil), b: Pair(nil, nil)), nonFiniteCount: Pair(0, 0), base: nil)
    if sides.before?.isPartOfChange ?? false || sides.after?.isPartOfChange ?? false { extent = .part }
  }

  /// Puts the figures of the whole change in the place of those of its low-rank part.
  mutating func fill(
    _ whole: (squares: [Double], inner: Double, difference: Double), _ isThere: Pair<Bool>
  ) {
    extent = .whole
    deltaNorm = Pair(
      isThere.before ? whole.squares.first.map { $0.squareRoot() } : nil,
      isThere.after ? whole.squares.last.map { $0.squareRoot() } : nil)
    differenceNorm = isThere.before && isThere.after ? whole.difference.squareRoot() : nil
    innerProduct = isThere.before && isThere.after ? whole.inner : nil
    singularValues = Pair([], [])
    differenceSingularValues = []
    overlap = nil
  }

  mutating func fill(_ core: LowRankCore.Comparison, rows: Int, columns: Int, isEmbedding: Bool) {
    deltaNorm = Pair(core.before.norm, core.after.norm)
    differenceNorm = core.differenceNorm
    innerProduct = core.innerProduct
    singularValues = Pair(core.before.singularValues, core.after.singularValues)
    differenceSingularValues = core.differenceSingularValues
    // An embedding's ΔW is (B·A)ᵀ, so that left and right change places.
    overlap = SubspaceOverlap(
      left: isEmbedding ? core.rightCosines : core.leftCosines,
      right: isEmbedding ? core.leftCosines : core.rightCosines, rows: rows, columns: columns)
  }
}
