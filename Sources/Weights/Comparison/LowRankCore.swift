/// What the Gram matrices of two low-rank products tell about both and about their difference, without either product
/// ever being built.
///
/// With P the columns [B₁ | B₂] and Q the columns [A₁ᵀ | A₂ᵀ], each product is P·M·Qᵀ for a small M, so that
/// MᵀG_P·M and G_Q hold all of it: σ² are the eigenvalues of Lᵀ(MᵀG_P·M)L with G_Q = L·Lᵀ. Where the ranks agree the
/// second half of P and Q is the difference B₂ − B₁ and A₂ − A₁ instead, so that small changes keep their digits,
/// and no change is exactly zero.
struct LowRankCore {
  /// One product on its own.
  struct Spectrum: Equatable {
    var singularValues: [Double]
    /// ‖ΔW‖.
    var norm: Double
    /// The singular values above rounding.
    var rank: Int
    /// U = B·z for each of the leading directions: the columns z.
    var left: [[Double]]
    /// V = Aᵀ·y, likewise.
    var right: [[Double]]
  }

  /// Both products.
  struct Comparison: Equatable {
    var before: Spectrum
    var after: Spectrum
    var innerProduct: Double
    var differenceNorm: Double
    var differenceSingularValues: [Double]
    /// U₁ᵀU₂ and V₁ᵀV₂ of all directions above rounding.
    var leftCosines: [[Double]]
    var rightCosines: [[Double]]
  }

  /// The product alone whose Gram matrices are `a` and `b`; nil where they are not finite.
  static func spectrum(a: SquareMatrix, b: SquareMatrix) -> Spectrum? {
    guard a.isFinite, b.isFinite else { return nil }
    let rank = a.size
    let lower = a.cholesky()
    let core = lower.transposedTimes(b.transposedTimes(lower))
    guard let (values, vectors) = core.eigen(vectors: true), let vectors else { return nil }
    let singular = values.map { max(0, $0).squareRoot() }
    let threshold = (values.first ?? 0) * Double(4 * rank) * Double.ulpOfOne
    let above = values.prefix { $0 > threshold && $0 > 0 }.count
    var left: [[Double]] = []
    var right: [[Double]] = []
    for index in 0..<above {
      let inverse = 1 / singular[index]
      var z = [Double](repeating: 0, count: rank)
      for i in 0..<rank {
        var sum = 0.0
        for j in 0...i { sum += lower[i, j] * vectors[index, j] }
        z[i] = sum * inverse
      }
      left.append(z)
      right.append(b.times(z).map { $0 * inverse })
    }
    return Spectrum(
      singularValues: singular, norm: max(0, a.dot(b)).squareRoot(), rank: above, left: left, right: right)
  }

  /// Both products, from the Gram matrices of Q and P.
  ///
  /// - Parameters:
  ///   - ranks: of the first and the second product; their sum is the size of the matrices.
  ///   - isDifference: whether the second half of P and Q is a difference.
  static func comparison(
    a: SquareMatrix, b: SquareMatrix, ranks: Pair<Int>, isDifference: Bool
  ) -> Comparison? {
    let (r, s) = (ranks.before, ranks.after)
    let a11 = a.block(0, 0, size: r), b11 = b.block(0, 0, size: r)
    guard let before = spectrum(a: a11, b: b11) else { return nil }
    var secondA = a.block(r, r, size: s), secondB = b.block(r, r, size: s)
    var crossA = a.rectangle(rows: 0..<r, columns: r..<r + s)
    var crossB = b.rectangle(rows: 0..<r, columns: r..<r + s)
    var core = b
    if isDifference {
      let a12 = a.block(0, r, size: r), b12 = b.block(0, r, size: r), b22 = secondB
      secondA = a11 + a12 + a12.transposed + secondA
      secondB = b11 + b12 + b12.transposed + b22
      for i in 0..<r {
        for j in 0..<r {
          crossA[i][j] += a11[i, j]
          crossB[i][j] += b11[i, j]
          // M = [[0, 1], [1, 1]]: ΔW₂ − ΔW₁ = dB·(A₁ + dA) + B₁·dA.
          core[i, j] = b22[i, j]
          core[i, r + j] = b12[j, i] + b22[i, j]
          core[r + i, j] = b12[i, j] + b22[i, j]
          core[r + i, r + j] = secondB[i, j]
        }
      }
    } else {
      // M = diag(−1, 1).
      for i in 0..<r {
        for j in 0..<s {
          core[i, r + j].negate()
          core[r + j, i].negate()
        }
      }
    }
    guard let after = spectrum(a: secondA, b: secondB) else { return nil }
    var inner = 0.0
    for (rowA, rowB) in zip(crossA, crossB) {
      for (x, y) in zip(rowA, rowB) { inner += x * y }
    }
    let lower = a.cholesky()
    guard let (values, _) = lower.transposedTimes(core.transposedTimes(lower)).eigen(vectors: false) else {
      return nil
    }
    return Comparison(
      before: before, after: after, innerProduct: inner, differenceNorm: max(0, core.dot(a)).squareRoot(),
      differenceSingularValues: values.map { max(0, $0).squareRoot() },
      leftCosines: cosines(before.left, crossB, after.left),
      rightCosines: cosines(before.right, crossA, after.right))
  }

  /// xᵀ·cross·y for all x of `left` and y of `right`.
  private static func cosines(_ left: [[Double]], _ cross: [[Double]], _ right: [[Double]]) -> [[Double]] {
    guard let width = cross.first?.count, !left.isEmpty, !right.isEmpty else { return [] }
    let size = max(cross.count, width, left.count, right.count)
    var crossMatrix = SquareMatrix(size: size), x = SquareMatrix(size: size), y = SquareMatrix(size: size)
    for i in cross.indices {
      for j in 0..<width { crossMatrix[i, j] = cross[i][j] }
    }
    for (i, column) in left.enumerated() {
      for (k, value) in column.enumerated() { x[k, i] = value }
    }
    for (j, column) in right.enumerated() {
      for (k, value) in column.enumerated() { y[k, j] = value }
    }
    // (crossᵀ·x)ᵀ·y
    let product = crossMatrix.transposedTimes(x).transposedTimes(y)
    return left.indices.map { i in right.indices.map { product[i, $0] } }
  }
}

extension SquareMatrix {
  var isFinite: Bool { (0..<size).allSatisfy { self[$0, $0].isFinite } }

  func times(_ vector: [Double]) -> [Double] {
    (0..<size).map { row in
      var sum = 0.0
      for (column, value) in vector.enumerated() { sum += self[row, column] * value }
      return sum
    }
  }

  func rectangle(rows: Range<Int>, columns: Range<Int>) -> [[Double]] {
    rows.map { row in columns.map { self[row, $0] } }
  }
}
