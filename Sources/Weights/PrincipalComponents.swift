/// The directions in which vectors differ most, exactly: by the eigenvalues of the smaller of their two Gram matrices.
public struct PrincipalComponents: Equatable, Sendable {
  /// For each component the coordinate of every vector, in the order of the vectors; the one farthest from 0 is positive.
  public private(set) var scores: [[Double]] = []
  /// The share of the vectors' variance along each component.
  public private(set) var shares: [Double] = []

  /// The first `count` components of `rows` vectors of `columns` numbers each, which stand one after another; nil where
  /// they are all the same, or a number is not finite.
  ///
  /// - Complexity: O(rows · columns · m + m³) for m the smaller of both, O(m²) memory beside the vectors.
  public init?(of elements: [Double], rows: Int, columns: Int, count: Int = 2) {
    precondition(elements.count == rows * columns)
    guard rows > 1, columns > 0 else { return nil }
    var means = [Double](repeating: 0, count: columns)
    for row in 0..<rows {
      for column in 0..<columns { means[column] += elements[row * columns + column] }
    }
    for column in 0..<columns { means[column] /= Double(rows) }
    let isWide = columns > rows
    let (long, short) = isWide ? (columns, rows) : (rows, columns)
    /// The centred element: of the vectors as rows, or, where they are wide, as columns.
    func element(_ i: Int, _ j: Int) -> Double {
      isWide ? elements[j * columns + i] - means[i] : elements[i * columns + j] - means[j]
    }
    var gram = SquareMatrix(size: short)
    for start in stride(from: 0, to: long, by: gram.stride) {
      // A part of the rows at a time, as many as the kernels' matrices have.
      var part = SquareMatrix(size: short)
      for i in start..<min(start + gram.stride, long) {
        for j in 0..<short { part.elements[(i - start) * gram.stride + j] = element(i, j) }
      }
      gram = gram + part.transposedTimes(part)
    }
    let total = (0..<short).reduce(0.0) { $0 + gram[$1, $1] }
    guard total > 0, total.isFinite, let (values, found) = gram.eigen(vectors: true), let vectors = found
    else {
      return nil
    }
    for index in 0..<min(count, short) {
      shares.append(max(0, values[index]) / total)
      var score: [Double]
      if isWide {
        let length = max(0, values[index]).squareRoot()
        score = (0..<rows).map { vectors[index, $0] * length }
      } else {
        score = (0..<rows).map { row in
          var sum = 0.0
          for column in 0..<columns { sum += element(row, column) * vectors[index, column] }
          return sum
        }
      }
      let farthest = score.max { $0.magnitude < $1.magnitude } ?? 0
      scores.append(farthest < 0 ? score.map { -$0 } : score)
    }
  }
}
