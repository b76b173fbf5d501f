extension Effect {
  /// The effect between the mean of the baselines' figures and the run's, by Welch's test.
  ///
  /// Figures over the points of windows share one autocorrelation time, the geometric mean of theirs: runs of one kind
  /// have noise of one kind, and a time from few points is mostly off by a factor. Evaluations share one deviation. What
  /// was chosen among many points is freed from what that choice is worth. Where one baseline tells nothing of the
  /// differences from seed to seed, evaluations have those that are known or assumed on both sides.
  ///
  /// - Parameter seedSpread: the standard deviation between seeds as a share of the level, where somebody knows it.
  init(
    base figures: [Figure], new: Figure, confidence: Double, spread: Spread? = nil, seedSpread: Double? = nil
  ) {
    let count = Double(figures.count)
    let shared = Figure.sharingNoise(figures + [new])
    var parts = shared.enumerated().map { index, figure in
      (index < figures.count ? figure.standardError / count : figure.standardError, figure.degreesOfFreedom)
    }
    let level = figures.reduce(0) { $0 + $1.value } / count
    let isEvaluation = shared.allSatisfy { $0.evaluations != nil }
    let seeds = figures.count == 1 ? (seedSpread ?? (isEvaluation ? SeedSpread.assumed : 0)) * abs(level) : 0
    if seeds > 0 { parts.append((seeds * 2.0.squareRoot(), .infinity)) }
    let biases = shared.dropLast().reduce(0) { $0 + $1.bias } / count
    let selection = (shared.last?.bias ?? 0) - biases
    if isEvaluation, selection != 0, let known = shared.last?.degreesOfFreedom {
      // What the choice is worth is as uncertain as the one deviation that it is told by.
      parts.append((abs(selection) / (2 * known).squareRoot(), known))
    }
    let (error, freedom) = Self.welch(parts)
    self.init(
      base: level, new: new.value, standardError: error, degreesOfFreedom: freedom, confidence: confidence,
      method: error > 0 ? .welch : .exact, spread: spread,
      model: shared.contains { $0.model == .rhythm } ? .rhythm : shared.last?.model ?? .none,
      selection: selection)
    seedError = seeds * 2.0.squareRoot()
    assumedSeedSpread = seeds > 0 && seedSpread == nil ? SeedSpread.assumed : nil
  }

  /// The effect between the levels of two windows, by Welch's test with effective sample sizes.
  public init(base: WindowLevel, new: WindowLevel, confidence: Double) {
    self.init(base: [Figure(base)], new: Figure(new), confidence: confidence)
  }
}

extension Figure {
  /// The points that a standard error comes from.
  typealias Sample = GoldenBaseline.Figure.Sample

  /// The level of a window.
  init(_ level: WindowLevel) {
    self.init(
      value: level.mean, standardError: level.standardError, degreesOfFreedom: level.degreesOfFreedom)
    model = .window
    sample = Sample(level)
  }

  /// The figures with the noise that they have when the times of all are the geometric mean of theirs; as they are
  /// where one has no sample.
  static func sharingTime(_ figures: [Figure]) -> [Figure] {
    let samples = figures.compactMap(\.sample)
    guard samples.count == figures.count, samples.count >= 2 else { return figures }
    let time = Elementary.exp(samples.reduce(0) { $0 + Elementary.log($1.time) } / Double(samples.count))
    return zip(figures, samples).map { figure, sample in
      var figure = figure
      figure.standardError *= (time / sample.time).squareRoot()
      return figure
    }
  }
}

extension Figure.Sample {
  init(_ level: WindowLevel) { self.init(count: level.count, time: level.autocorrelationTime) }
}
