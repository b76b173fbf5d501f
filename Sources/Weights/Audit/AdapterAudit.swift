public import Checkpoint
internal import Process

/// The singular values of every module of an adapter, and what they tell about its rank.
///
/// ΔW = s·B·A is never built: with B = Q_B·R_B and Aᵀ = Q_A·R_A the singular values of ΔW are those of s·R_B·R_Aᵀ.
public struct AdapterAudit: Equatable, Sendable {
  /// The modules, in the order of the checkpoint.
  public var modules: [ModuleSpectrum]
  /// The number of tensors beside the modules that were trained whole, which no spectrum covers.
  public var wholeTensorCount: Int
  /// Modules whose values are not finite, by name.
  public var nonFinite: [String]
  /// The kind of adapter of whose factors no ΔW is made, such as `LOHA`; nil for LoRA and AdaLoRA.
  public var otherKind: String?
  /// Whether ΔW is a part of what the adapter changes alone, as DoRA's magnitudes change the weights too.
  public var isPart = false

  /// Audits the adapter in `checkpoint`.
  ///
  /// - Parameter configuration: what gives the scaling; looked for beside the checkpoint where nil.
  /// - Throws: `CheckpointError` where values are out of reach.
  /// - Complexity: O(r²) for each element of a factor, and O(r³) for each module.
  public init(_ checkpoint: Checkpoint, configuration: AdapterConfiguration? = nil) throws(CheckpointError) {
    let subject = try Subject(checkpoint, configuration)
    let adapter = subject.adapter
    let results = concurrentMap(count: adapter.modules.count) { index in
      Self.spectrum(adapter.modules[index], subject.checkpoint)
    }
    modules = []
    nonFinite = []
    for (module, result) in zip(adapter.modules, results) {
      if let spectrum = try result.get() {
        modules.append(spectrum)
      } else {
        nonFinite.append(module.name.name)
      }
    }
    if adapter.isEmpty { otherKind = adapter.configuration?.variant }
    isPart = adapter.modules.contains(where: \.isPartOfChange)
    wholeTensorCount = adapter.otherTensors.count(where: { subject.role(ofTensorAt: $0) == .whole })
  }

  private static func spectrum(
    _ module: LowRankModule, _ checkpoint: Checkpoint
  ) -> Result<ModuleSpectrum?, CheckpointError> {
    do throws(CheckpointError) {
      let factors = try ModuleFactors(module, checkpoint)
      for index in module.tensorIndices { checkpoint.release(tensorAt: index) }
      return .success(factors.flatMap { ModuleSpectrum($0) })
    } catch {
      return .failure(error)
    }
  }

  /// The least rank with which every module keeps `share` of its ‖ΔW‖²; nil without any ΔW.
  public func rank(keeping share: Double) -> Int? { modules.compactMap { $0.rank(keeping: share) }.max() }

  /// The modules whose ‖ΔW‖ is below a thousandth of the median: they learnt nothing.
  public var idle: [ModuleSpectrum] {
    let norms = modules.map(\.norm).sorted()
    guard !norms.isEmpty else { return [] }
    let limit = 1e-3 * norms[norms.count / 2]
    return modules.filter { $0.norm == 0 || $0.norm < limit }
  }

  /// ‖ΔW‖ of all modules together.
  public var norm: Double { modules.reduce(0) { $0 + $1.norm * $1.norm }.squareRoot() }
}

/// The singular values of one module's ΔW.
public struct ModuleSpectrum: Equatable, Sendable {
  /// The module.
  public var name: ModuleName
  /// The number of the expert, where the tensors hold several.
  public var expert: Int?
  /// The rank of the tensors.
  public var rank: Int
  /// The rows and columns of ΔW.
  public var rows: Int, columns: Int
  /// The factor between B·A and ΔW; nil where it is not known, and 1 stands for it.
  public var scaling: Double?
  /// The singular values of ΔW, greatest first, as many as the rank; within 10⁻⁹ of the greatest.
  public var singularValues: [Double]
  /// ‖A‖ and ‖B‖, unscaled.
  public var factorNorms: (a: Double, b: Double)
  /// What the greatest singular value would be about if both factors were noise of their size: by Marchenko and Pastur
  /// the greatest of an m × r matrix of noise with deviation d is d·(√m + √r).
  public var noiseEdge: Double
  /// Directions that no longer do anything: a row of A or a column of B that is 0.
  public var deadDirections: Int
  /// Directions that do what another does: their rows of A and columns of B are parallel (|cos| above 0.99 in both).
  public var duplicateDirections: Int

  /// ‖ΔW‖.
  public var norm: Double { singularValues.reduce(0) { $0 + $1 * $1 }.squareRoot() }

  /// Σσ²/σ₁².
  public var stableRank: Double? { ModuleComparison.stableRank(singularValues) }

  /// exp H(σ/Σσ).
  public var effectiveRank: Double? { ModuleComparison.effectiveRank(singularValues) }

  /// The singular values that stand out of the noise.
  public var aboveNoise: Int { singularValues.count(where: { $0 > noiseEdge }) }

  /// The leading directions that hold `share` of ‖ΔW‖²; nil where that is 0.
  public func rank(keeping share: Double) -> Int? {
    let whole = singularValues.reduce(0) { $0 + $1 * $1 }
    guard whole > 0 else { return nil }
    var sum = 0.0
    for (index, value) in singularValues.enumerated() {
      sum += value * value
      if sum >= share * whole * (1 - 1e-15) { return index + 1 }
    }
    return singularValues.count
  }

  /// The share of ‖ΔW‖ that the directions after the first `count` hold: the error of keeping these alone.
  public func error(keeping count: Int) -> Double {
    let tail = singularValues.dropFirst(count).reduce(0) { $0 + $1 * $1 }
    return norm > 0 ? tail.squareRoot() / norm : 0
  }

  /// Whether both hold the same figures.
  public static func == (left: Self, right: Self) -> Bool {
    left.name == right.name && left.expert == right.expert && left.singularValues == right.singularValues
      && left.scaling == right.scaling && left.factorNorms == right.factorNorms
      && left.deadDirections == right.deadDirections && left.duplicateDirections == right.duplicateDirections
  }

  /// The spectrum of `factors`; nil where the iteration for it does not converge.
  init?(_ factors: ModuleFactors) {
    guard let values = factors.singularValues else { return nil }
    let module = factors.module
    let gramA = factors.gramA, gramB = factors.gramB
    let normA = Self.norm(gramA), normB = Self.norm(gramB)
    name = module.name
    expert = module.expert
    rank = module.rank
    rows = module.shape.rows
    columns = module.shape.columns
    scaling = module.scaling
    singularValues = values
    factorNorms = (a: normA, b: normB)
    noiseEdge =
      abs(module.scaling ?? 1) * Self.edge(normA, length: module.a.length, rank: module.rank)
      * Self.edge(normB, length: module.b.length, rank: module.rank)
    let idle = Self.idleDirections(gramA, gramB)
    deadDirections = idle.dead
    duplicateDirections = idle.duplicate
  }

  /// The norm of a factor, by the diagonal of its Gram matrix.
  private static func norm(_ gram: SquareMatrix) -> Double {
    var sum = 0.0
    for index in 0..<gram.size { sum += gram[index, index] }
    return sum.squareRoot()
  }

  /// The greatest singular value of noise with the norm and extents of a factor.
  private static func edge(_ norm: Double, length: Int, rank: Int) -> Double {
    let m = Double(length), r = Double(rank)
    return norm / (m * r).squareRoot() * (m.squareRoot() + r.squareRoot())
  }

  /// How many directions are 0, and how many of the others are parallel to an earlier one.
  private static func idleDirections(_ a: SquareMatrix, _ b: SquareMatrix) -> (dead: Int, duplicate: Int) {
    var dead = 0, duplicate = 0
    var living: [Int] = []
    for i in 0..<a.size {
      guard a[i, i] > 0, b[i, i] > 0 else {
        dead += 1
        continue
      }
      let isTwin = living.contains { j in
        let cosineA = a[i, j] / (a[i, i] * a[j, j]).squareRoot()
        let cosineB = b[i, j] / (b[i, i] * b[j, j]).squareRoot()
        return abs(cosineA) > 0.99 && abs(cosineB) > 0.99
      }
      if isTwin { duplicate += 1 }
      living.append(i)
    }
    return (dead, duplicate)
  }
}
