/// Whether a mean of neighbouring saves of one training is worth an evaluation, by how the weights went from one to the
/// next: of three saves the two movements and the way from the first to the last.
///
/// Where a training scatters around a point, saves far enough apart are independent draws: each movement takes half of the
/// one before back, and the cosine of the two is −½; the mean is nearer to the point than any of them. Where it walks at
/// random the cosine is 0, and where it goes one way it is 1, so that the mean lies behind. Nothing here measures how well
/// any of them does.
public struct SaveAveraging: Equatable, Sendable {
  /// The steps of the three saves.
  public var steps: [Int64]
  /// The distances of the first from the second, of the second from the third, and of the first from the third.
  public var distances: [Double]
  /// How far the whole training moved the weights: ‖ΔW‖ of the last save of an adapter, else the distance of the last save
  /// from the first.
  public var movement: Double
  /// Whether the distances are those of ΔW.
  public var isOfAdapter: Bool

  /// What the figures speak for; the raw values are names for JSON.
  public enum Verdict: String, Sendable {
    /// The saves hardly differ: a mean would be any one of them.
    case same
    /// They scatter around a point, and the mean is nearer to it.
    case scattering
    /// Neither one way nor around a point.
    case wandering
    /// They still go one way, and the mean lies behind.
    case travelling
  }

  /// Bounds that the verdict goes by.
  public enum Thresholds {
    /// The distance of the mean from the last save, as a share of the movement, below which it hardly differs.
    public static let same = 0.005
    /// The cosine that lies midway between that of a random walk, 0, and those of what it is told from, ±½.
    public static let turn = 0.25
  }

  /// Figures of three saves; nil where they are not finite, or nothing moved.
  public init?(steps: [Int64], distances: [Double], movement: Double, isOfAdapter: Bool) {
    guard steps.count == 3, distances.count == 3, movement > 0, movement.isFinite,
      distances.allSatisfy(\.isFinite), distances[0] > 0, distances[1] > 0
    else { return nil }
    self.steps = steps
    self.distances = distances
    self.movement = movement
    self.isOfAdapter = isOfAdapter
  }

  /// The cosine of the second movement with the first.
  public var cosine: Double {
    let (first, second, whole) = (distances[0], distances[1], distances[2])
    return max(-1, min(1, (whole * whole - first * first - second * second) / (2 * first * second)))
  }

  /// The distance of the mean of the three from the last, over the movement.
  public var share: Double {
    let squares = distances.map { $0 * $0 }
    // ‖x₃ − x̄‖² = ⅓·Σ‖x₃ − xᵢ‖² − (1/9)·Σ‖xᵢ − xⱼ‖² over pairs.
    return max(0, (squares[1] + squares[2]) / 3 - squares.reduce(0, +) / 9).squareRoot() / movement
  }

  /// What the figures speak for.
  public var verdict: Verdict {
    if share < Thresholds.same { return .same }
    if cosine <= -Thresholds.turn { return .scattering }
    return cosine >= Thresholds.turn ? .travelling : .wandering
  }
}

extension CheckpointHistory {
  /// The three neighbouring saves whose mean would come closest to what is wanted: around the best where one is known, else
  /// the last. They can be read, are finite, and stand in no doubt of being the same; nil without three of them.
  public var averagingCandidates: [Int]? {
    let readable = entries.indices.filter {
      entries[$0].problem == nil && entries[$0].norm != nil && entries[$0].nonFiniteCount == 0
    }
    guard readable.count >= 3 else { return nil }
    let middle = best.flatMap { readable.firstIndex(of: $0) } ?? readable.count - 2
    let start = max(0, min(readable.count - 3, middle - 1))
    return Array(readable[start..<start + 3])
  }
}
