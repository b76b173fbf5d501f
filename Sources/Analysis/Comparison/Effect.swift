/// The difference of a figure between a baseline and a run, and what the noise lets one say about it.
///
/// The bounds are one-sided at `confidence`: Δ ± t·SE with Student's t at `degreesOfFreedom`. Where the figure has no
/// noise of its own, such as the best of a few evaluations, the standard error is 0 and both bounds are Δ.
public struct Effect: Equatable, Sendable {
  /// The baseline's figure; the mean over the baselines where there are several.
  public var base: Double
  /// The run's figure.
  public var new: Double
  /// The run's figure minus the baseline's.
  public var difference: Double
  /// The standard error of `difference`, 0 where nothing is known to be noise.
  public var standardError: Double
  /// The degrees of freedom of the standard error.
  public var degreesOfFreedom: Double
  /// The confidence of each one-sided bound.
  public var confidence: Double
  /// How the standard error came about.
  public var method: Method
  /// The spread of the baselines among each other, where there are several.
  public var spread: Spread?

  /// How the standard error of a difference came about.
  public enum Method: String, Sendable {
    /// Two numbers without noise.
    case exact
    /// Two levels, each with its own noise (Welch's test with effective sample sizes).
    case welch
    /// Step by step, because both runs saw the same data in the same order.
    case paired
  }

  /// The differences between the baselines.
  public struct Spread: Equatable, Sendable {
    /// The number of baselines.
    public var count: Int
    /// The standard deviation of their figures.
    public var deviation: Double
    /// How far above the mean a further run of the same kind stays at the confidence: `t·s·√(1 + 1/k)` with k − 1
    /// degrees of freedom; nil with less than three baselines.
    public var predictionBound: Double?

    /// The spread of `values`, nil with less than two.
    public init?(of values: [Double], confidence: Double) {
      guard values.count >= 2 else { return nil }
      let count = Double(values.count)
      let mean = values.reduce(0, +) / count
      let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      self.count = values.count
      deviation = (squares / (count - 1)).squareRoot()
      guard values.count >= 3, let t = StudentT(degreesOfFreedom: count - 1) else { return }
      predictionBound = t.quantile(confidence) * deviation * (1 + 1 / count).squareRoot()
    }
  }

  /// An effect from its parts.
  public init(
    base: Double, new: Double, standardError: Double = 0, degreesOfFreedom: Double = .infinity,
    confidence: Double, method: Method = .exact, spread: Spread? = nil
  ) {
    self.base = base
    self.new = new
    self.difference = new - base
    self.standardError = standardError
    self.degreesOfFreedom = degreesOfFreedom
    self.confidence = confidence
    self.method = method
    self.spread = spread
    let student = standardError > 0 ? StudentT(degreesOfFreedom: min(degreesOfFreedom, 1e6)) : nil
    halfWidth = student.map { $0.quantile(confidence) * standardError } ?? 0
    smallestDetectable = student.map { ($0.quantile(confidence) + $0.quantile(0.8)) * standardError } ?? 0
    let wide = student.map { $0.halfWidth(confidence: confidence) * standardError } ?? 0
    interval = difference.isFinite && wide.isFinite ? difference - wide...difference + wide : nil
  }

  /// The distance of each one-sided bound from `difference`.
  public private(set) var halfWidth: Double
  /// The smallest difference that this much data shows in four cases of five: `(t_confidence + t_.80)·SE`.
  public private(set) var smallestDetectable: Double
  /// The two-sided interval of `difference` at `confidence`; nil where something is not finite.
  public private(set) var interval: ClosedRange<Double>?
  /// The one-sided lower bound of the difference.
  public var lowerBound: Double { difference - halfWidth }
  /// The one-sided upper bound of the difference.
  public var upperBound: Double { difference + halfWidth }
  /// The difference as a share of the baseline's figure; nil where that is 0.
  public var relativeDifference: Double? { base == 0 ? nil : difference / abs(base) }

  /// The same effect seen from the other side, so that a decrease reads as an increase.
  public var mirrored: Effect {
    Effect(
      base: -base, new: -new, standardError: standardError, degreesOfFreedom: degreesOfFreedom,
      confidence: confidence, method: method, spread: spread)
  }
}

/// What can be said about a difference and a margin.
public enum EffectVerdict: String, Sendable {
  /// The figure rose by less than the margin, surely enough.
  case within
  /// The figure rose, surely enough, and by more than the margin.
  case beyond
  /// The noise lets nobody tell.
  case undecided
}

extension Effect {
  /// Whether the figure rose by more than `margin`.
  ///
  /// - `beyond` when the lower bound of the difference is above 0, the difference is above the margin and, with three
  ///   baselines or more, also above what one more run of the baseline's kind would show (the prediction bound).
  /// - `within` when the upper bound is at most the margin, and the data could have shown a rise of twice the
  ///   margin: without the second condition a lucky draw of very noisy data would pass.
  /// - `undecided` otherwise.
  public func verdict(rise margin: Double) -> EffectVerdict {
    guard difference.isFinite, halfWidth.isFinite else { return .undecided }
    let seeds = spread?.predictionBound ?? -.infinity
    if lowerBound > 0, difference > margin, difference > seeds { return .beyond }
    if upperBound <= margin, smallestDetectable <= 2 * margin || standardError == 0 { return .within }
    return .undecided
  }

  /// The margin for the differences from seed to seed: at least one per cent of the baseline's figure and the
  /// prediction bound, or with two baselines 2.8 of their standard deviations; nil with one baseline.
  public var seedMargin: Double? {
    guard let spread else { return nil }
    return max(0.01 * abs(base), spread.predictionBound ?? 2.8 * spread.deviation)
  }
}

extension Effect {
  /// The standard error of a sum of independent figures, and its degrees of freedom by Welch and Satterthwaite.
  static func welch(_ parts: [(error: Double, freedom: Double)]) -> (error: Double, freedom: Double) {
    let variance = parts.reduce(0) { $0 + $1.error * $1.error }
    guard variance > 0 else { return (0, .infinity) }
    let denominator = parts.reduce(0) {
      $0 + $1.error * $1.error * ($1.error * $1.error / variance) / $1.freedom
    }
    return (variance.squareRoot(), max(1, variance / denominator))
  }
}
