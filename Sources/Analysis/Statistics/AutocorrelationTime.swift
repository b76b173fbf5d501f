/// How many points of a correlated sequence say as much as one independent point.
///
/// The integrated autocorrelation time τ by Geyer's initial monotone sequence (Practical Markov chain Monte Carlo,
/// Statistical Science 7, 1992): with the autocorrelations ρ, Γₘ = ρ₂ₘ + ρ₂ₘ₊₁ is summed until it is no longer
/// positive, each held to at most the one before it; τ = max(1, −1 + 2ΣΓ).
///
/// More than 4096 values are first averaged in batches, of which the last may be shorter and is then left out;
/// with b values in a batch, τ = b · τ(batch means) · variance(batch means) / variance(values), again at least 1.
/// So the cost stays O(values), whatever the correlation.
public struct AutocorrelationTime: Equatable, Sendable {
  /// τ, in points.
  public let points: Double

  /// The greatest number of values that are correlated one by one.
  static let directLimit = 4096

  /// The autocorrelation time of `residuals`, whose mean is taken to be 0.
  ///
  /// - Complexity: O(n) above 4096 values, O(n · lags) below.
  public init(ofCentred residuals: [Double]) {
    if residuals.count <= Self.directLimit {
      points = max(1, Self.monotoneSequence(residuals))
      return
    }
    let size = (residuals.count + Self.directLimit - 1) / Self.directLimit
    let count = residuals.count / size
    var means: [Double] = []
    means.reserveCapacity(count)
    let values = residuals.span
    for batch in 0..<count {
      var sum = 0.0
      for index in batch * size..<(batch + 1) * size { sum += values[index] }
      means.append(sum / Double(size))
    }
    let centre = means.reduce(0, +) / Double(count)
    for index in means.indices { means[index] -= centre }
    let variance = Self.product(residuals.span, lag: 0) / Double(residuals.count)
    let batchVariance = Self.product(means.span, lag: 0) / Double(count)
    guard variance > 0 else {
      points = 1
      return
    }
    points = max(1, Double(size) * Self.monotoneSequence(means) * batchVariance / variance)
  }

  /// The integrated time of an AR(1) process that would leave `residuals` about a fitted line, at least 1.
  ///
  /// The lag-1 autocorrelation r of n residuals about a line is too small by about (2 + 4ρ)/n (Kendall, Note on bias in
  /// the estimation of autocorrelation, Biometrika 41, 1954, with the line's second degree of freedom), so
  /// ρ = (n·r + 2)/(n − 4) and the time is (1 + ρ)/(1 − ρ). In windows of few points, where the sums of Geyer's
  /// sequence end too early, it keeps the rate of false alarms: the table in `docs/statistics.md` measures it.
  static func firstOrder(ofDetrended residuals: [Double]) -> Double {
    let n = Double(residuals.count)
    let variance = product(residuals.span, lag: 0)
    guard residuals.count > 8, variance > 0 else { return 1 }
    let rho = (n * product(residuals.span, lag: 1) / variance + 2) / (n - 4)
    guard rho > 0 else { return 1 }
    return (1 + min(rho, 0.95)) / (1 - min(rho, 0.95))
  }

  /// −1 + 2ΣΓ; 1 for values without variance.
  private static func monotoneSequence(_ values: [Double]) -> Double {
    let span = values.span
    let variance = product(span, lag: 0)
    guard variance > 0 else { return 1 }
    var sum = 0.0
    var previous = Double.infinity
    var lag = 0
    while lag + 1 < values.count {
      let pair = (product(span, lag: lag) + product(span, lag: lag + 1)) / variance
      guard pair > 0 else { break }
      previous = min(previous, pair)
      sum += previous
      lag += 2
    }
    return -1 + 2 * sum
  }

  /// Σ vᵢ·vᵢ₊ₗₐᵧ, in four partial sums that do not wait for each other.
  private static func product(_ values: Span<Double>, lag: Int) -> Double {
    let count = values.count - lag
    var sums = SIMD4<Double>.zero
    var index = 0
    while index + 4 <= count {
      let left = SIMD4(values[index], values[index + 1], values[index + 2], values[index + 3])
      let right = SIMD4(
        values[index + lag], values[index + lag + 1], values[index + lag + 2], values[index + lag + 3])
      sums += left * right
      index += 4
    }
    var sum = sums.sum()
    while index < count {
      sum += values[index] * values[index + lag]
      index += 1
    }
    return sum
  }
}
