/// The noise of evaluations, which are few and stand on a trend.
///
/// The distance of a point from the middle of its neighbours, |y₋₁ − 2y₀ + y₊₁|/√6, sees the noise and neither level nor
/// slope (von Neumann and others, The mean square successive difference, Annals of Mathematical Statistics 12, 1941). m
/// evaluations give about 0.7·(m − 2) degrees of freedom. So few are held up by what evaluations of fine-tunings show in
/// general: a standard deviation of `prior` of the level, the median of 42 families of public runs that do not rise (a
/// tenth of them is below 0.24 %, a tenth above 1.29 %), which counts as much as `priorFreedom` degrees of freedom.
public struct EvaluationNoise: Equatable, Sendable {
  /// Degrees of freedom of `variance`: 0 where fewer than three evaluations tell nothing.
  public var freedom: Double
  /// The variance of a single evaluation by its neighbours, 0 where `freedom` is.
  public var variance: Double

  /// The standard deviation of an evaluation where nothing else tells, as a share of the level.
  public static let prior = 0.008
  /// The degrees of freedom that the prior counts as.
  public static let priorFreedom = 2.0

  /// The degrees of freedom from which on evaluations that scatter more than usual are believed: eight on either side.
  private static let trustedFreedom = 8.0

  /// Noise from its parts.
  public init(freedom: Double, variance: Double) {
    self.freedom = freedom
    self.variance = variance
  }

  /// The noise of `values`, all finite.
  ///
  /// - Parameter level: the level that the prior is a share of; the median of the values where it is nil.
  init(_ values: [Double], level: Double? = nil) {
    guard values.count >= 3 else {
      self.init(freedom: 0, variance: 0)
      return
    }
    let squares = (1..<values.count - 1).map { index in
      let second = values[index - 1] - 2 * values[index] + values[index + 1]
      return second * second / 6
    }
    // One jump is no noise: of enough evaluations the median square tells it, 0.455 that of normal noise (the median of
    // χ² with one degree of freedom); of few, each square counts for at most six times the median.
    let middle = Selection.median(squares)
    let usual = Self.prior * abs(level ?? Selection.median(values))
    let own =
      squares.count >= 6
      ? middle / 0.455
      : squares.reduce(0) { $0 + min($1, 6 * max(middle, usual * usual)) } / Double(squares.count)
    self.init(freedom: 0.7 * Double(values.count - 2), variance: own)
  }

  /// The standard deviation of a single evaluation around `level`, drawn towards what is usual.
  ///
  /// Neighbours' distances hold what a jump of the curve is too, so that for a search of jumps they are drawn down, however
  /// many there are; a comparison holds on to them (`pooled`).
  func deviation(around level: Double) -> Double {
    Self.drawn([self], towards: Self.prior * abs(level)).squareRoot()
  }

  /// The variance of `noises` and of the prior with the deviation `expected`, pooled.
  private static func drawn(_ noises: [EvaluationNoise], towards expected: Double) -> Double {
    let squares = noises.reduce(priorFreedom * expected * expected) { $0 + $1.freedom * $1.variance }
    return squares / noises.reduce(priorFreedom) { $0 + $1.freedom }
  }

  /// The standard deviation of a single evaluation and its degrees of freedom, by all of `noises`, held up by the prior.
  ///
  /// - Parameter level: what the prior is a share of.
  static func pooled(_ noises: [EvaluationNoise], level: Double) -> (deviation: Double, freedom: Double) {
    let expected = prior * abs(level)
    let freedom = noises.reduce(0) { $0 + $1.freedom }
    let squares = noises.reduce(0) { $0 + $1.freedom * $1.variance }
    let pooled = drawn(noises, towards: expected)
    // Few are held up by what is usual, and a bend of theirs is talked down; enough of them are believed.
    let own = freedom >= trustedFreedom ? squares / freedom : 0
    return (max(pooled, own).squareRoot(), freedom + priorFreedom)
  }
}
