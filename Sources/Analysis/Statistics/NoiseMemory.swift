/// How far neighbouring points of a curve depend on each other, as far as its points tell: the ρ of an AR(1) process.
///
/// The lag-1 autocorrelation r of the n residuals that a fit of p terms leaves is too small by about (p + (p + 2)ρ)/n
/// (Kendall, Note on bias in the estimation of autocorrelation, Biometrika 41, 1954, with the further terms), so
/// ρ = (n·r + p)/(n − p − 2). Few points say little of it: it is drawn up towards `prior`, which counts as `priorCount`
/// points, so that the interval of a short curve is wide and not wrong. `docs/statistics.md` measures what is left.
struct NoiseMemory: Equatable, Sendable {
  /// ρ, from 0 to `greatest`.
  let correlation: Double

  /// What neighbours may depend on each other where nothing tells.
  static let prior = 0.98
  /// The points that the prior counts as.
  static let priorCount = 24.0
  /// The greatest ρ: a greater one is a trend.
  static let greatest = 0.985
  /// The points of a curve that tell one degree of freedom of its noise.
  private static let pointsOfFreedom = 11.0
  /// The count from which on a mean is as long as any.
  private static let longCount = 256

  /// The memory of residuals.
  ///
  /// - Parameters:
  ///   - correlation: their lag-1 autocorrelation.
  ///   - count: their number.
  ///   - terms: the terms of the fit that left them.
  init(correlation: Double, count: Int, terms: Int) {
    let (n, p) = (Double(count), Double(terms))
    let own = n > p + 2 ? max(0, (n * correlation + p) / (n - p - 2)) : 0
    let drawn = (own * n + Self.prior * Self.priorCount) / (n + Self.priorCount)
    self.correlation = min(Self.greatest, max(own, drawn))
  }

  /// The memory of noise whose ρ is known.
  init(exactly correlation: Double) { self.correlation = correlation }

  /// The variance of the mean of `count` neighbours, times their number, as a multiple of the variance that they show
  /// about their own line: (1 + ρ)/(1 − ρ) of many, and more of few, whose line follows the noise.
  ///
  /// - Complexity: O(`count`), at most O(256).
  func time(ofMean count: Int) -> Double {
    let rho = correlation
    guard count <= Self.longCount else { return (1 + rho) / (1 - rho) }
    let n = Double(count)
    // ΣΣ aᵢaⱼρ^|i−j| of a constant and of a line, each of length 1: what a fit of both takes out of n variances.
    var (level, slope, squares) = (0.0, 0.0, 0.0)
    var (before, beforeX) = (0.0, 0.0)
    for index in 0..<count {
      let x = Double(index) - (n - 1) / 2
      before *= rho
      beforeX *= rho
      level += 1 + 2 * before
      slope += x * x + 2 * x * beforeX
      squares += x * x
      before += 1
      beforeX += x
    }
    level /= n
    slope /= squares
    return level * (n - 2) / (n - level - slope)
  }

  /// The degrees of freedom that the variance of `count` points about their line has, of a curve whose noise shows in
  /// `known` points: no more than those tell of ρ.
  func freedom(ofVariance count: Int, known: Int) -> Double {
    let square = correlation * correlation
    let own = Double(count - 2) * (1 - square) / (1 + square)
    return max(1, min(own, Double(max(known, count)) / Self.pointsOfFreedom))
  }
}
