/// The sixteen leading left singular vectors of a large matrix, by a block Krylov method from random vectors (Musco and
/// Musco, arXiv 1504.05477), in float32 with coefficients in float64.
struct LeadingVectors {
  /// The blocks of the Krylov space: with sixteen vectors each, 128 directions.
  private static let depth = 8
  /// The share of σ² below which the residual of a vector must lie to count as found.
  static let tolerance = 1e-2

  /// The vectors, the leading one first.
  let vectors: VectorBlock
  let singularValues: [Double]
  /// Whether ‖(M·Mᵀ − σ²)u‖ is within the tolerance of σ².
  let isFound: [Bool]

  /// The vectors of `matrix`; nil where it is not finite.
  init?(of matrix: WeightOperator) {
    let width = VectorBlock.width
    let none = [Double](repeating: 0, count: width)
    var block = VectorBlock.signs(count: matrix.rows)
    block.orthonormalise(limits: none)
    block.orthonormalise(limits: none)
    var basis: [VectorBlock] = [], images: [VectorBlock] = []
    while true {
      let image = matrix.transposedTimes(block)
      guard image.dots(image).allSatisfy(\.isFinite) else { return nil }
      basis.append(block)
      images.append(image)
      if basis.count == Self.depth { break }
      block = matrix.times(image)
      // What projection leaves of a vector below this is rounding: the space is exhausted in that direction.
      let limits = block.dots(block).map { $0 * 1e-10 }
      for pass in 0..<2 {
        for _ in 0..<2 {
          for known in basis { block.subtract(known.times(known.transposedTimes(block))) }
        }
        block.orthonormalise(limits: pass == 0 ? limits : [Double](repeating: 1e-6, count: width))
      }
    }
    var gram = SquareMatrix(size: width * basis.count)
    for (i, left) in images.enumerated() {
      for (j, right) in images.prefix(through: i).enumerated() {
        let product = left.transposedTimes(right)
        for row in 0..<width {
          for column in 0..<width {
            let value = Double(product[row, column])
            gram[width * i + row, width * j + column] = value
            gram[width * j + column, width * i + row] = value
          }
        }
      }
    }
    guard let (_, found) = gram.eigen(vectors: true), let found else { return nil }
    var vectors = VectorBlock(count: matrix.rows)
    for (i, known) in basis.enumerated() {
      var coefficients = VectorBlock(count: width)
      for row in 0..<width {
        for column in 0..<width { coefficients[row, column] = -Float(found[column, width * i + row]) }
      }
      vectors.subtract(known.times(coefficients))
    }
    let image = matrix.transposedTimes(vectors)
    let squares = image.dots(image)
    var residual = matrix.times(image)
    residual.subtract(vectors, times: squares)
    isFound = zip(residual.dots(residual), squares).map {
      $1 > 0 && $0.squareRoot() <= Self.tolerance * $1
    }
    singularValues = squares.map { $0.squareRoot() }
    self.vectors = vectors
  }
}
