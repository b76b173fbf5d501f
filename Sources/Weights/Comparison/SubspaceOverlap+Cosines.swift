internal import Libc

extension SubspaceOverlap {
  /// The number of leading directions that are compared, where both have so many.
  static let leadingCount = 8

  /// The overlap from U₁ᵀU₂ and V₁ᵀV₂ of all directions; nil where one side has none.
  init?(left: [[Double]], right: [[Double]], rows: Int, columns: Int) {
    guard let width = left.first?.count, width > 0, right.count == left.count else { return nil }
    let count = min(Self.leadingCount, left.count, width)
    self.count = count
    self.left = Self.squares(left, count, count) / Double(count)
    self.right = Self.squares(right, count, count) / Double(count)
    leftBaseline = min(1, Double(count) / Double(rows))
    rightBaseline = min(1, Double(count) / Double(columns))
    leftAngles = Self.angles(left, count)
    rightAngles = Self.angles(right, count)
    let lesser = Double(min(left.count, width))
    fullLeft = Self.squares(left, left.count, width) / lesser
    fullRight = Self.squares(right, left.count, width) / lesser
  }

  private static func squares(_ cosines: [[Double]], _ rows: Int, _ columns: Int) -> Double {
    cosines.prefix(rows).reduce(0) { $0 + $1.prefix(columns).reduce(0) { $0 + $1 * $1 } }
  }

  /// The principal angles: their cosines are the singular values of the block.
  private static func angles(_ cosines: [[Double]], _ count: Int) -> [Double] {
    var gram = SquareMatrix(size: count)
    for i in 0..<count {
      for j in 0..<count {
        gram[i, j] = (0..<count).reduce(0) { $0 + cosines[$1][i] * cosines[$1][j] }
      }
    }
    guard let (values, _) = gram.eigen(vectors: false) else { return [] }
    return values.map { acos(max(0, min(1, $0)).squareRoot()) * 180 / .pi }
  }
}
