internal import Bytes
internal import CKernels

/// Sixteen vectors as the columns of a matrix, which the kernels multiply at once.
struct VectorBlock {
  static let width = 16

  /// The length of the vectors.
  let count: Int
  /// Row after row.
  var elements: [Float]

  init(count: Int) {
    self.count = count
    elements = [Float](repeating: 0, count: count * Self.width)
  }

  /// Vectors of +1 and −1, always the same ones.
  static func signs(count: Int) -> VectorBlock {
    var block = VectorBlock(count: count)
    var random = SplitMix64(seed: 0x5eed)
    for row in 0..<count {
      let bits = random.next()
      for column in 0..<width { block.elements[row * width + column] = bits >> column & 1 == 0 ? 1 : -1 }
    }
    return block
  }

  subscript(row: Int, column: Int) -> Float {
    get { elements[row * Self.width + column] }
    set { elements[row * Self.width + column] = newValue }
  }

  /// The vector in a column.
  func vector(_ column: Int) -> [Double] { (0..<count).map { Double(self[$0, column]) } }

  /// The product of a matrix, `rows × columns` row after row, with the vectors.
  static func product(_ matrix: [Float], rows: Int, columns: Int, _ x: VectorBlock) -> VectorBlock {
    precondition(matrix.count == rows * columns && x.count == columns)
    var result = VectorBlock(count: rows)
    unsafe ck_block_multiply(rows, columns, matrix, x.elements, &result.elements)
    return result
  }

  /// The product of the same matrix mirrored at its diagonal with the vectors.
  static func transposedProduct(_ matrix: [Float], rows: Int, columns: Int, _ y: VectorBlock) -> VectorBlock {
    precondition(matrix.count == rows * columns && y.count == rows)
    var result = VectorBlock(count: columns)
    unsafe ck_block_multiply_transposed(rows, columns, matrix, y.elements, &result.elements)
    return result
  }

  /// selfᵀ · `other`, 16 × 16.
  func transposedTimes(_ other: VectorBlock) -> VectorBlock {
    Self.transposedProduct(elements, rows: count, columns: Self.width, other)
  }

  /// Combinations of the vectors, by a block of 16 × 16.
  func times(_ coefficients: VectorBlock) -> VectorBlock {
    Self.product(elements, rows: count, columns: Self.width, coefficients)
  }

  /// The products of each vector with the one in the same column of `other`.
  func dots(_ other: VectorBlock) -> [Double] {
    precondition(count == other.count)
    var dots = [Double](repeating: 0, count: Self.width)
    unsafe ck_block_dots(count, elements, other.elements, &dots)
    return dots
  }

  /// Subtracts from each vector the one in the same column of `other`, times its factor.
  mutating func subtract(_ other: VectorBlock, times factors: [Double]) {
    precondition(count == other.count && factors.count == Self.width)
    unsafe ck_block_subtract(count, factors.map { Float($0) }, other.elements, &elements)
  }

  mutating func subtract(_ other: VectorBlock) {
    subtract(other, times: [Double](repeating: 1, count: Self.width))
  }

  /// Makes the vectors orthonormal; those whose squared norm is left at their limit become zero.
  mutating func orthonormalise(limits: [Double]) {
    precondition(limits.count == Self.width)
    unsafe ck_block_orthonormalise(count, &elements, limits)
  }

  /// Divides each vector by its divisor; by zero, it becomes zero.
  mutating func divide(by divisors: [Double]) {
    var quotient = VectorBlock(count: count)
    quotient.subtract(self, times: divisors.map { $0 > 0 ? -1 / $0 : 0 })
    self = quotient
  }
}

/// W, or W + ΔW of a low-rank product, by its products with vectors: the sum is never built.
struct WeightOperator {
  let rows: Int
  let columns: Int
  /// W in float32, row after row.
  let weights: [Float]
  /// A, `rank × columns`, and B with the scaling, `rows × rank`.
  var change: (rank: Int, a: [Float], b: [Float])?
  /// What each row of the sum is multiplied by; empty for nothing.
  var rowFactors: [Double] = []

  func times(_ x: VectorBlock) -> VectorBlock {
    var result = VectorBlock.product(weights, rows: rows, columns: columns, x)
    if let (rank, a, b) = change {
      let inner = VectorBlock.product(a, rows: rank, columns: columns, x)
      let outer = VectorBlock.product(b, rows: rows, columns: rank, inner)
      result.subtract(outer, times: [Double](repeating: -1, count: VectorBlock.width))
    }
    return scaled(result)
  }

  private func scaled(_ block: VectorBlock) -> VectorBlock {
    guard !rowFactors.isEmpty else { return block }
    var block = block
    for row in 0..<block.count {
      for column in 0..<VectorBlock.width { block[row, column] *= Float(rowFactors[row]) }
    }
    return block
  }

  func transposedTimes(_ y: VectorBlock) -> VectorBlock {
    let y = scaled(y)
    var result = VectorBlock.transposedProduct(weights, rows: rows, columns: columns, y)
    if let (rank, a, b) = change {
      let inner = VectorBlock.transposedProduct(b, rows: rows, columns: rank, y)
      let outer = VectorBlock.transposedProduct(a, rows: rank, columns: columns, inner)
      result.subtract(outer, times: [Double](repeating: -1, count: VectorBlock.width))
    }
    return result
  }
}
