/// Looks for singular vectors of W with |cos| ≥ ½ to given vectors, without a decomposition of W.
///
/// For a unit vector u, the squared cosines with all left singular vectors of W are the masses that u's spectral measure
/// under W·Wᵀ has at the σ². Lanczos' method started at u gives the Gauss quadrature of that measure: a node that has
/// converged to an eigenvalue shows the mass there; and no point can have more than the nodes on both sides of it
/// together (Chebyshev, Markov and Stieltjes; Golub and Meurant, Matrices, Moments and Quadrature, 2010).
struct CounterpartSearch {
  /// What is known about a vector.
  enum Verdict: Equatable, Sendable {
    /// A singular vector of W is at most 60° from it.
    case counterpart
    /// None is.
    case none
    /// The steps did not tell.
    case open
  }

  /// The most steps, of two products with W each.
  static let stepLimit = 48
  /// The share of σ² below which the residual of a Ritz vector must lie to count as a singular vector.
  private static let tolerance = 1e-3
  /// The share of the mean of σ² below which a node belongs to the null space.
  private static let nullShare = 1e-6

  /// The verdicts on the first `count` vectors of a block of unit vectors; those that are not among `columns` stay open.
  static func verdicts(
    on start: VectorBlock, count: Int, only columns: [Int]? = nil, in weight: WeightOperator, norm: Double
  )
    -> [Verdict]
  {
    let width = VectorBlock.width
    precondition(count <= width)
    let null = nullShare * norm * norm / Double(max(1, min(weight.rows, weight.columns)))
    var verdicts = [Verdict](repeating: .open, count: count)
    var open = Set(columns ?? Array(0..<count))
    var diagonal: [[Double]] = [], beside: [[Double]] = []
    var vectors = [start]
    while !open.isEmpty, diagonal.count < stepLimit, let last = vectors.last {
      var next = weight.times(weight.transposedTimes(last))
      let own = next.dots(last)
      diagonal.append(own)
      let whole = next.dots(next)
      for _ in 0..<2 { for vector in vectors { next.subtract(vector, times: next.dots(vector)) } }
      let rest = next.dots(next).map { max(0, $0).squareRoot() }
      for column in open {
        // The space is exhausted where no more than rounding is left.
        let isWhole = rest[column] <= 1e-5 * whole[column].squareRoot()
        let verdict = verdict(
          diagonal.map { $0[column] }, beside.map { $0[column] }, rest: isWhole ? 0 : rest[column], null: null
        )
        guard verdict != .open else { continue }
        verdicts[column] = verdict
        open.remove(column)
      }
      if open.isEmpty { break }
      beside.append(rest)
      next.divide(by: rest)
      vectors.append(next)
    }
    return verdicts
  }

  /// What the tridiagonal matrix of one vector tells, with `rest` as the element that would come next.
  private static func verdict(
    _ diagonal: [Double], _ beside: [Double], rest: Double, null: Double
  ) -> Verdict {
    let size = diagonal.count
    var matrix = SquareMatrix(size: size)
    for i in 0..<size {
      matrix[i, i] = diagonal[i]
      if i + 1 < size {
        matrix[i, i + 1] = beside[i]
        matrix[i + 1, i] = beside[i]
      }
    }
    guard let (nodes, found) = matrix.eigen(vectors: true), let found else { return .open }
    let masses = (0..<size).map { found[$0, 0] * found[$0, 0] }
    for i in 0..<size where masses[i] >= 0.25 && nodes[i] > null {
      if rest * abs(found[i, size - 1]) <= tolerance * nodes[i] { return .counterpart }
    }
    if rest == 0 { return .none }
    // A point between two nodes has at most the mass of both; one beyond the outermost, that of this one.
    for i in 0..<size where nodes[i] > null {
      let lower = i + 1 < size && nodes[i + 1] > null ? masses[i + 1] : 0
      if masses[i] + lower >= 0.25 { return .open }
    }
    return .none
  }
}
