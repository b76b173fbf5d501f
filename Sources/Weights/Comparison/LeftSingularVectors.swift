/// The left singular vectors of a dense matrix, for matrices of moderate size.
///
/// From the eigenvectors of W·Wᵀ, or of Wᵀ·W where that is smaller; those are never multiplied out.
struct LeftSingularVectors {
  /// The lesser extent from which a full decomposition is not made: it grows with its third power.
  static let limit = 1024

  let rows: Int
  let columns: Int
  private let values: [Double]
  private let isWide: Bool
  /// The singular values above rounding, greatest first.
  let singularValues: [Double]
  /// As many eigenvectors of the smaller Gram matrix.
  private let vectors: [[Double]]

  /// The vectors of `values`, row after row; nil for matrices above the limit or that are not finite.
  init?(_ values: [Double], rows: Int, columns: Int) {
    guard min(rows, columns) <= Self.limit, rows > 0, columns > 0, values.count == rows * columns else {
      return nil
    }
    isWide = rows <= columns
    let gram =
      isWide
      ? SquareMatrix(gramOf: values, rank: rows, length: columns, stepK: 1, stepI: columns)
      : SquareMatrix(gramOf: values, rank: columns, length: rows, stepK: columns, stepI: 1)
    guard gram.isFinite, let (squares, found) = gram.eigen(vectors: true), let found else { return nil }
    let threshold = (squares.first ?? 0) * 1e-13
    let count = squares.prefix { $0 > threshold && $0 > 0 }.count
    singularValues = squares.prefix(count).map { $0.squareRoot() }
    let size = gram.size
    vectors = (0..<count).map { index in (0..<size).map { found[index, $0] } }
    self.rows = rows
    self.columns = columns
    self.values = values
  }

  /// The i-th left singular vector.
  func vector(_ index: Int) -> [Double] {
    guard !isWide else { return vectors[index] }
    let v = vectors[index]
    return (0..<rows).map { row in
      var sum = 0.0
      for column in 0..<columns { sum += values[row * columns + column] * v[column] }
      return sum / singularValues[index]
    }
  }

  /// The greatest |cos| of the unit vector `u` with any of the left singular vectors.
  func greatestCosine(with u: [Double]) -> Double {
    var target = u
    if !isWide {
      // u·(W·v/σ) = (Wᵀu)·v/σ
      target = [Double](repeating: 0, count: columns)
      for row in 0..<rows {
        for column in 0..<columns { target[column] += values[row * columns + column] * u[row] }
      }
    }
    var greatest = 0.0
    for (index, vector) in vectors.enumerated() {
      var sum = 0.0
      for (x, y) in zip(vector, target) { sum += x * y }
      greatest = max(greatest, abs(isWide ? sum : sum / singularValues[index]))
    }
    return greatest
  }
}
