internal import Checkpoint

/// The change of a weight W of the base by a module, with W itself at hand.
///
/// Mostly that is s·B·A. With DoRA the weight becomes m·(W + s·B·A)/‖W + s·B·A‖, row by row (Liu et al., 2024). KaSA's start
/// takes the least singular directions P from W, as many as the rank (Wang et al., 2025), so that s·B·diag·A − P is the
/// change. It is made row by row in float64, and never held.
struct WholeChange {
  /// One side: factors whose product is added to W, in the order in which W is stored, and what the sum is multiplied by.
  struct Side {
    /// Stored rows × rank.
    var left: [Double]
    /// Rank × stored columns.
    var right: [Double]
    var rank: Int
    /// DoRA's magnitudes; none where the sum is the weight.
    var magnitudes: [Double] = []
    /// m/‖W + s·B·A‖, of each row of B·A; none without magnitudes.
    fileprivate(set) var factors: [Double] = []

    init(left: [Double], right: [Double], rank: Int) {
      self.left = left
      self.right = right
      self.rank = rank
    }

    /// From A and B, each as `rank × length`.
    init(a: [Double], b: [Double], scaling: Double, rank: Int, isTransposed: Bool) {
      let (outer, inner) = isTransposed ? (a, b) : (b, a)
      let count = outer.count / rank
      left = [Double](repeating: 0, count: outer.count)
      for i in 0..<rank {
        for row in 0..<count { left[row * rank + i] = scaling * outer[i * count + row] }
      }
      right = inner
      self.rank = rank
    }

    /// Takes another product away, of as many directions.
    mutating func subtract(_ other: (left: [Double], right: [Double])) {
      var joined: [Double] = []
      joined.reserveCapacity(2 * left.count)
      for start in stride(from: 0, to: left.count, by: rank) {
        joined += left[start..<start + rank]
        joined += other.left[start..<start + rank].map { -$0 }
      }
      left = joined
      right += other.right
      rank *= 2
    }
  }

  let base: Checkpoint
  let place: BaseModel.Place
  private(set) var sides: [Side]
  /// Whether the sides hold all of the change.
  let isComplete: Bool

  init(
    _ base: Checkpoint, _ place: BaseModel.Place, sides: [Side], isComplete: Bool = true
  ) throws(CheckpointError) {
    self.isComplete = isComplete
    self.base = base
    self.place = place
    self.sides = sides
    try findFactors()
  }

  private mutating func findFactors() throws(CheckpointError) {
    guard sides.contains(where: { !$0.magnitudes.isEmpty }) else { return }
    var squares = sides.map { [Double](repeating: 0, count: $0.magnitudes.count) }
    try forEachRow { row, _, sums in
      for side in sums.indices where !squares[side].isEmpty {
        if place.isTransposed {
          for (column, value) in sums[side].enumerated() { squares[side][column] += value * value }
        } else {
          squares[side][row] = sums[side].reduce(0) { $0 + $1 * $1 }
        }
      }
    }
    for side in sides.indices {
      sides[side].factors = zip(sides[side].magnitudes, squares[side]).map { $0 / $1.squareRoot() }
    }
  }

  /// The squared norm of the change on each side, and for two the product of both and the squared norm of their
  /// difference; nil where one is not finite.
  func figures() throws(CheckpointError) -> (squares: [Double], inner: Double, difference: Double)? {
    var squares = [Double](repeating: 0, count: sides.count)
    var inner = 0.0, difference = 0.0
    try forEachRow { row, weights, sums in
      for (side, factors) in sides.map(\.factors).enumerated() where !factors.isEmpty {
        for column in weights.indices { sums[side][column] *= factors[place.isTransposed ? column : row] }
      }
      for side in sums.indices {
        squares[side] += zip(sums[side], weights).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      }
      guard sums.count == 2 else { return }
      for column in weights.indices {
        let (before, after) = (sums[0][column], sums[1][column])
        difference += (after - before) * (after - before)
        inner += (before - weights[column]) * (after - weights[column])
      }
    }
    guard squares.allSatisfy(\.isFinite), inner.isFinite, difference.isFinite else { return nil }
    return (squares, inner, difference)
  }

  /// Hands out each stored row of W, and W + s·B·A of each side there.
  private func forEachRow(
    _ body: (_ row: Int, _ weights: [Double], _ sums: inout [[Double]]) -> Void
  ) throws(CheckpointError) {
    let type = base.tensors[place.index].elementType
    let columns = place.columns
    let step = max(1, (1 << 16) / max(columns, 1))
    for start in stride(from: 0, to: place.rows, by: step) {
      let block = start..<min(place.rows, start + step)
      let values = try base.withBytes(
        ofTensorAt: place.index, elements: block.lowerBound * columns..<block.upperBound * columns
      ) { bytes throws(CheckpointError) in
        ElementConversion.doubles(bytes, type, count: block.count * columns)
      }
      for row in block {
        let from = (row - block.lowerBound) * columns
        let weights = Array(values[from..<from + columns])
        var sums = sides.map { side in
          var sum = weights
          for i in 0..<side.rank {
            Self.add(side.left[row * side.rank + i], side.right.span, from: i * columns, to: &sum)
          }
          return sum
        }
        body(row, weights, &sums)
      }
    }
    base.release(tensorAt: place.index)
  }

  private static func add(_ factor: Double, _ values: Span<Double>, from start: Int, to sums: inout [Double])
  {
    let values = values.extracting(start..<start + sums.count)
    var sums = sums.mutableSpan
    for column in sums.indices { sums[column] += factor * values[column] }
  }
}
