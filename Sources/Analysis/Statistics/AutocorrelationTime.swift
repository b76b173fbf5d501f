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
    let values = residuals.span
    self.init(of: Residuals(count: residuals.count) { values[$0] })
  }

  /// The autocorrelation time of residuals that were looked at.
  init(of residuals: Residuals) {
    guard residuals.batchSize > 1 else {
      points = max(1, Self.monotoneSequence(residuals.means))
      return
    }
    var means = residuals.means
    let centre = means.reduce(0, +) / Double(means.count)
    for index in means.indices { means[index] -= centre }
    let variance = residuals.squares / Double(residuals.count)
    let batchVariance = Self.product(means.span, lag: 0) / Double(means.count)
    guard variance > 0 else {
      points = 1
      return
    }
    points = max(1, Double(residuals.batchSize) * Self.monotoneSequence(means) * batchVariance / variance)
  }

  /// The integrated time of an AR(1) process that would leave `residuals` about a fitted line, at least 1.
  ///
  /// The lag-1 autocorrelation r of n residuals about a line is too small by about (2 + 4ρ)/n (Kendall, Note on bias in
  /// the estimation of autocorrelation, Biometrika 41, 1954, with the line's second degree of freedom), so
  /// ρ = (n·r + 2)/(n − 4) and the time is (1 + ρ)/(1 − ρ). In windows of few points, where the sums of Geyer's
  /// sequence end too early, it keeps the rate of false alarms: the table in `docs/statistics.md` measures it. Less
  /// than twenty points say little of ρ at all: it is drawn up towards 0.7, by the share of the twenty that is missing.
  static func firstOrder(ofDetrended residuals: Residuals) -> Double {
    let n = Double(residuals.count)
    guard residuals.squares > 0 else { return 1 }
    let own = n > 4 ? (n * residuals.neighbours / residuals.squares + 2) / (n - 4) : 0
    let share = min(1, n / 20)
    let rho = min(0.95, max(0, own, max(0, own) * share + 0.7 * (1 - share)))
    return (1 + rho) / (1 - rho)
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

  /// Σ vᵢ·vᵢ₊ₗₐᵧ.
  private static func product(_ values: Span<Double>, lag: Int) -> Double {
    PartialSums.products(of: values, in: 0..<values.count - lag, lag: lag)
  }
}
