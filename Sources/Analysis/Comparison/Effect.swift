/// The difference of a figure between a baseline and a run, and what the noise lets one say about it.
///
/// The bounds are one-sided at `confidence`: Δ ± t·SE with Student's t at `degreesOfFreedom`. Where the figures have no
/// noise, such as counts or two curves that are the same, the standard error is 0 and both bounds are Δ.
public struct Effect: Equatable, Sendable {
  /// The baseline's figure; the mean over the baselines where there are several.
  public var base: Double
  /// The run's figure.
  public var new: Double
  /// The run's figure minus the baseline's, less `selection`.
  public var difference: Double
  /// How much of the distance between the two figures is expected because one was chosen among more points than the
  /// other, as the best of fifty evaluations is against the best of five; 0 where nothing was chosen.
  public var selection: Double
  /// The standard error of `difference`, 0 where nothing is known to be noise.
  public var standardError: Double
  /// The degrees of freedom of the standard error.
  public var degreesOfFreedom: Double
  /// The confidence of each one-sided bound.
  public var confidence: Double
  /// How the standard error came about.
  public var method: Method
  /// Where the noise of the figures comes from.
  public var model: ErrorModel
  /// The spread of the baselines among each other, where there are several.
  public var spread: Spread?
  /// The standard deviation between seeds that had to be assumed, as a share of the level; nil where none was.
  public var assumedSeedSpread: Double?
  /// The part of `standardError` that known or assumed differences between seeds make; 0 where none were added.
  public var seedError = 0.0

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
    /// degrees of freedom (Hahn and Meeker, Statistical Intervals, 1991); with two baselines, whose deviation alone
    /// says little, it is pooled with the assumed one at two degrees of freedom.
    public var predictionBound: Double
    /// How far the mean of the baselines may be below that of all such runs, at the confidence: `t·s/√k`.
    public var meanBound: Double
    /// The probability of a further run of the same kind that is at least so far above the mean.
    func probability(above distance: Double) -> Double {
      guard error > 0 else { return distance > 0 ? 0 : 1 }
      return StudentT(degreesOfFreedom: freedom)?.upperTail(distance / error) ?? 1
    }
    /// The standard error and the degrees of freedom of a further run's distance from the mean.
    private var error: Double, freedom: Double

    /// The spread of `values`, nil with less than two.
    ///
    /// - Parameter assumed: the standard deviation that two values are pooled with, as a share of their mean.
    public init?(of values: [Double], confidence: Double, assumed: Double = SeedSpread.assumed) {
      guard values.count >= 2 else { return nil }
      let count = Double(values.count)
      let mean = values.reduce(0, +) / count
      let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      self.count = values.count
      deviation = (squares / (count - 1)).squareRoot()
      let expected = assumed * abs(mean)
      freedom = values.count > 2 ? count - 1 : 3
      let pooled = values.count > 2 ? deviation : ((2 * expected * expected + squares) / 3).squareRoot()
      let quantile = StudentT(degreesOfFreedom: freedom)?.quantile(confidence) ?? .infinity
      error = pooled * (1 + 1 / count).squareRoot()
      predictionBound = quantile * error
      meanBound = quantile * pooled / count.squareRoot()
    }
  }

  /// An effect from its parts.
  public init(
    base: Double, new: Double, standardError: Double = 0, degreesOfFreedom: Double = .infinity,
    confidence: Double, method: Method = .exact, spread: Spread? = nil, model: ErrorModel = .none,
    selection: Double = 0
  ) {
    self.base = base
    self.new = new
    self.selection = selection
    self.model = model
    self.difference = new - base - selection
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

  /// The distance between the two figures as they stand, `selection` included.
  public var distance: Double { new - base }
  /// `distance` as a share of the baseline's figure; nil where that is 0.
  public var relativeDistance: Double? { base == 0 ? nil : distance / abs(base) }

  /// The same effect seen from the other side, so that a decrease reads as an increase.
  public var mirrored: Effect {
    var mirrored = Effect(
      base: -base, new: -new, standardError: standardError, degreesOfFreedom: degreesOfFreedom,
      confidence: confidence, method: method, spread: spread, model: model, selection: -selection)
    mirrored.assumedSeedSpread = assumedSeedSpread
    mirrored.seedError = seedError
    return mirrored
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

/// What leaves a verdict open.
public enum EffectDoubt: Sendable {
  /// The noise of the figures.
  case noise
  /// The spread between seeds: by their noise alone the figures could be told apart.
  case seeds
}

extension Effect {
  /// Whether the figure rose by more than `margin`.
  ///
  /// - `beyond` when the lower bound of the difference is above 0, the difference is above the margin and, with several
  ///   baselines, also above what one more run of the baseline's kind would show (the prediction bound).
  /// - `within` when the upper bound is at most the margin, also with what seeds may hide, and either the data could have
  ///   shown a rise of twice the margin, also where the standard error is somewhat greater than it looks (without that
  ///   condition a lucky draw of very noisy data would pass), or the figure fell so far that no such draw explains it: it is
  ///   below 0 at a confidence of 99 % and by 3.3 standard errors. A margin of 0, as of a fixed bound, asks for no such power: there
  ///   the upper bound says all.
  /// - `undecided` otherwise.
  ///
  /// - Parameter holdsSeeds: whether the margin is made for the differences from seed to seed already, so that only the
  ///   uncertainty of the baselines' mean is added to the difference, and not that of one more run.
  public func verdict(rise margin: Double, holdsSeeds: Bool = false) -> EffectVerdict {
    guard difference.isFinite, halfWidth.isFinite else { return .undecided }
    if lowerBound > 0, difference > max(margin, spread?.predictionBound ?? 0) { return .beyond }
    return doubt(rise: margin, holdsSeeds: holdsSeeds) == nil ? .within : .undecided
  }

  /// Why nobody can say that the figure rose by less than `margin`; nil where that can be said.
  public func doubt(rise margin: Double, holdsSeeds: Bool = false) -> EffectDoubt? {
    if lowerBound > 0, difference > margin { return .seeds }
    guard upperBound <= margin, isSharp(margin) || isClearFall else { return .noise }
    let hidden = holdsSeeds ? spread?.meanBound : spread?.predictionBound
    return difference + (hidden ?? 0) <= margin ? nil : .seeds
  }

  /// Whether the data could have shown a rise of twice `margin`.
  private func isSharp(_ margin: Double) -> Bool {
    margin == 0 || standardError == 0
      || smallestDetectable * Self.errorDoubt(degreesOfFreedom) <= 2 * margin
  }

  /// Whether the figure fell, at a confidence of 99 % and by 3.3 standard errors: that of strongly correlated noise may be
  /// too small.
  private var isClearFall: Bool {
    guard let student = StudentT(degreesOfFreedom: min(degreesOfFreedom, 1e6)) else { return false }
    return difference + max(student.quantile(0.99), 3.3) * standardError <= 0
  }

  /// Whether known or assumed differences between seeds make half of the variance or more.
  public var isOfSeeds: Bool { seedError > 0.7 * standardError }

  /// By how much a standard error of so many degrees of freedom is too small in three cases of ten: √(ν/χ²), by the
  /// cube of a normal number (Wilson and Hilferty, The distribution of chi-square, 1931).
  static func errorDoubt(_ freedom: Double) -> Double {
    let part = 2 / (9 * freedom)
    let root = max(0.05, 1 - part - 0.5 * part.squareRoot())
    return 1 / (root * root * root).squareRoot()
  }

  /// The probability of a rise as great as this one where there is none: the greater of those that noise and the spread
  /// between seeds give.
  var riseProbability: Double {
    let freedom = min(degreesOfFreedom, 1e6)
    let noise = StudentT(degreesOfFreedom: freedom)?.upperTail(difference / standardError) ?? 1
    return max(noise, spread?.probability(above: difference) ?? 0)
  }

  /// The margin for the differences from seed to seed: 2.8 of their standard deviations, within which two of one kind
  /// are in 95 of 100 cases, and at least one per cent of the baseline's figure; nil with one baseline.
  public var seedMargin: Double? {
    spread.map { max(0.01 * abs(base), 2.8 * $0.deviation) }
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
