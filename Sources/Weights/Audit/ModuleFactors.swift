internal import Checkpoint

/// The factors of a module as what their triangular parts tell.
struct ModuleFactors: Sendable {
  let module: LowRankModule
  /// A·Aᵀ, with AdaLoRA's diagonal, and BᵀB, both unscaled.
  let gramA: SquareMatrix
  let gramB: SquareMatrix
  /// The upper triangular R of Aᵀ = Q·R and B = Q·R.
  private let a: SquareMatrix
  private let b: SquareMatrix

  /// Reads the factors of `module`; nil where a value is not finite.
  init?(_ module: LowRankModule, _ checkpoint: Checkpoint) throws(CheckpointError) {
    var diagonal: [Double]?
    if let index = module.diagonal { diagonal = try checkpoint.doubles(ofTensorAt: index) }
    let first = try Self.triangle(module.a, module.rank, diagonal, checkpoint)
    let second = try Self.triangle(module.b, module.rank, nil, checkpoint)
    guard let first, let second else { return nil }
    self.module = module
    gramA = first.gram
    a = first.triangle
    gramB = second.gram
    b = second.triangle
  }

  /// The least pivot of a Cholesky factor, over the greatest, down to which its error is below 10⁻¹⁰ of the greatest
  /// singular value: forming the Gram matrix loses ε·σ₁²/σ of each σ.
  private static let pivotLimit = 1e-5

  /// The Gram matrix of a factor and its triangular part: by Cholesky's decomposition of the former, or where that loses
  /// digits by orthogonalising the columns themselves.
  private static func triangle(
    _ factor: LowRankModule.Factor, _ rank: Int, _ diagonal: [Double]?, _ checkpoint: Checkpoint
  ) throws(CheckpointError) -> (gram: SquareMatrix, triangle: SquareMatrix)? {
    let tensor = checkpoint.tensors[factor.tensor]
    return try checkpoint.withBytes(ofTensorAt: factor.tensor) { bytes throws(CheckpointError) in
      let gram = unsafe FactorView.with(
        factor, rank: rank, in: bytes, of: tensor, scale: 1, diagonal: diagonal
      ) {
        unsafe $0.gram()
      }
      guard gram.isFinite else { return nil }
      let lower = gram.cholesky()
      let pivots = (0..<rank).map { lower[$0, $0] }
      if let least = pivots.min(), let greatest = pivots.max(), least > pivotLimit * greatest {
        return (gram, lower.transposed)
      }
      let values = ElementConversion.doubles(bytes, tensor)
      var columns: [[Double]] = []
      for i in 0..<rank {
        let weight = diagonal?[i] ?? 1
        var column = [Double](repeating: 0, count: factor.length)
        for k in 0..<factor.length {
          column[k] = weight * values[factor.offset + k * factor.stepK + i * factor.stepI]
        }
        columns.append(column)
      }
      return (gram, orthogonalise(&columns))
    }
  }

  /// R of Q·R by Gram and Schmidt's method in its modified order, whose R is as exact as Householder's (Björck, 1967).
  private static func orthogonalise(_ columns: inout [[Double]]) -> SquareMatrix {
    let rank = columns.count
    var triangle = SquareMatrix(size: rank)
    for i in 0..<rank {
      let column = columns[i]
      let norm = column.reduce(0) { $0 + $1 * $1 }.squareRoot()
      triangle[i, i] = norm
      guard norm > 0 else { continue }
      for j in i + 1..<max(rank, i + 1) {
        var dot = 0.0
        for k in column.indices { dot += column[k] * columns[j][k] }
        let factor = dot / norm
        triangle[i, j] = factor
        let share = factor / norm
        for k in column.indices { columns[j][k] -= share * column[k] }
      }
    }
    return triangle
  }

  /// s·R_B·R_Aᵀ, r × r, whose singular values are those of ΔW.
  private var core: SquareMatrix {
    let scale = module.scaling ?? 1
    // (R_Bᵀ)ᵀ·R_Aᵀ
    var product = b.transposed.transposedTimes(a.transposed)
    for index in product.elements.indices { product.elements[index] *= scale }
    return product
  }

  /// The singular values of ΔW, greatest first; nil where the iteration does not converge.
  ///
  /// They are the positive eigenvalues of [[0, C], [Cᵀ, 0]], which unlike those of CᵀC keep all digits of the small ones.
  var singularValues: [Double]? {
    let rank = module.rank, core = core
    var both = SquareMatrix(size: 2 * rank)
    for i in 0..<rank {
      for j in 0..<rank {
        both[i, rank + j] = core[i, j]
        both[rank + j, i] = core[i, j]
      }
    }
    guard let (values, _) = both.eigen(vectors: false) else { return nil }
    return values.prefix(rank).map { max(0, $0) }
  }
}
