internal import EventFile
internal import Process
internal import RunFolder

/// Computes figures of one metric of two aligned runs, and their effect.
struct MetricAligner {
  let runs: AlignedRuns
  let base: Series
  let new: Series
  let baseRange: Range<Int>
  let newRange: Range<Int>
  let baseWindow: LastWindow
  let newWindow: LastWindow
  let direction: MetricDirection
  /// What kind of noise the points have.
  let noise: PointNoise
  /// The common steps, where the two are compared step by step.
  let pairs: StepPairs?
  /// The level of the differences over the last window; nil where the runs do not pair.
  let pairedLevel: WindowLevel?
  let confidence: Double

  /// - Parameters:
  ///   - isPaired: whether the noise of the two runs' training losses correlates.
  ///   - pairs: the common steps, where they are known already.
  init(
    _ runs: AlignedRuns, base: Series, new: Series, isPaired: Bool, window: Double, confidence: Double,
    direction: MetricDirection? = nil, pairs: StepPairs? = nil
  ) {
    self.runs = runs
    self.base = base
    self.new = new
    self.confidence = confidence
    self.direction = direction ?? MetricDirection(ofTag: base.tag)
    let known = Self.noise(of: base.tag, direction: self.direction)
    noise = known == .none && Self.isUnsteady(base) && Self.isUnsteady(new) ? .steps : known
    baseRange = runs.baseIndices(base)
    newRange = runs.newIndices(new)
    // The window begins where the last share of the points of either run begins, whichever is earlier.
    let starts = [
      Self.windowStart(base, baseRange, runs.baseClock, share: window),
      Self.windowStart(new, newRange, runs.newClock, share: window),
    ]
    let start = starts.compactMap { $0 }.min() ?? runs.alignment.overlap.upperBound
    let tails = [
      (base, Self.tail(of: base, baseRange, runs.baseClock, from: start)),
      (new, Self.tail(of: new, newRange, runs.newClock, from: start)),
    ]
    let isLong = tails.contains { $0.1.count >= Self.longCount }
    let windows = concurrentMap(count: 2, threads: isLong ? nil : 1) { [noise, baseRange, newRange] side in
      let start = side == 0 ? baseRange.lowerBound : newRange.lowerBound
      return LastWindow(
        of: tails[side].0, in: tails[side].1, from: start, noise: noise,
        epochs: side == 0 ? runs.baseEpochs : runs.newEpochs, confidence: confidence)
    }
    (baseWindow, newWindow) = (windows[0], windows[1])
    let mayPair = isPaired && runs.alignment.sharesSteps && noise == .steps
    let common = mayPair ? pairs ?? StepPairs(base, baseRange, new, newRange) : nil
    let window = baseWindow.range
    self.pairs = common
    pairedLevel = common.flatMap { Self.pairedLevel($0, of: base, over: window, confidence: confidence) }
  }

  /// The points from which a window is worth a thread of its own.
  private static let longCount = 1 << 15

  /// Whether a single point of the metric is a noisy measurement of a level.
  var isNoisy: Bool { noise == .steps }

  /// What kind of noise the points of the metric `tag` have.
  ///
  /// - Parameter direction: which way is better, where more than the name tells it.
  static func noise(of tag: String, direction: MetricDirection = .neutral) -> PointNoise {
    if isNoisy(tag) { return .steps }
    let isMeasured = direction != .neutral || MetricNameReading(of: tag).isMeasured
    return isEvaluation(tag) && isMeasured && !MetricDirection.isTiming(tag) ? .evaluations : .none
  }

  /// Whether a single point of the metric is a noisy measurement of a level: a loss or a gradient norm of a step is, an
  /// evaluation over a whole set, a schedule or a count is not.
  static func isNoisy(_ tag: String) -> Bool {
    guard !isEvaluation(tag), MetricRole.role(of: tag) != .meanTrainLoss else { return false }
    return MetricNameReading(of: tag).isMeasured || MetricRole.gradientNorm.rank(of: tag) != nil
  }

  /// Whether the points of a metric that no name tells of go up and down like measurements: at a quarter of twenty places
  /// or more. Schedules and counters do not.
  private static func isUnsteady(_ series: Series) -> Bool {
    guard !isEvaluation(series.tag), !MetricDirection.isTiming(series.tag),
      MetricRole.role(of: series.tag).map({ $0 == .gradientNorm }) ?? true
    else { return false }
    let values = series.values.suffix(200)
    guard values.count >= 20 else { return false }
    var (turns, before) = (0, 0.0)
    for (left, right) in zip(values, values.dropFirst()) {
      let step = right - left
      if step * before < 0 { turns += 1 }
      if step != 0 { before = step }
    }
    return 4 * turns >= values.count
  }

  /// Whether a tag measures data that is not trained on.
  static func isEvaluation(_ tag: String) -> Bool {
    if MetricRole.evalLoss.rank(of: tag) != nil { return true }
    return ["eval", "val", "valid", "validation", "test"].contains {
      tag.hasPrefix($0 + "/") || tag.hasPrefix($0 + "_")
    }
  }

  /// The first common step at which the two differ at all; nil where a step does not mean the same in both runs.
  var firstDifferentStep: Int64? {
    if let pairs { return pairs.firstDifferentStep }
    guard runs.alignment.sharesSteps else { return nil }
    return StepPairs.firstDifferentStep(base, baseRange, new, newRange)
  }

  /// A figure of the baseline.
  func baseFigure(_ statistic: GateStatistic) throws(Figure.Absence) -> Figure {
    try Figure(statistic, of: base, in: baseRange, window: baseWindow, direction: direction)
  }

  /// A figure of the run.
  func newFigure(_ statistic: GateStatistic) throws(Figure.Absence) -> Figure {
    try Figure(statistic, of: new, in: newRange, window: newWindow, direction: direction)
  }

  /// The difference between two figures, step by step where the runs pair and the figure allows it.
  ///
  /// - Parameter seedSpread: the standard deviation between seeds as a share of the level, where somebody knows it.
  func effect(
    _ statistic: GateStatistic, _ left: Figure, _ right: Figure, seedSpread: Double? = nil
  ) -> Effect {
    if isIdentical { return Effect(base: left.value, new: right.value, confidence: confidence) }
    if let paired = pairedEffect(statistic, left, right, seedSpread: seedSpread ?? 0) { return paired }
    return Effect(base: [left], new: right, confidence: confidence, seedSpread: seedSpread)
  }

  /// Why nothing can be said of the two, whatever their figures are.
  var doubt: MetricComparison.Reason? {
    guard noise != .none, !isIdentical else { return nil }
    if runs.commonShare < 0.1 { return .shortOverlap }
    // Evaluations have the noise that is usual, single points of a loss have none that could be told; a figure that is
    // written once for a run (a runtime, a total) is neither, and nobody is better by it.
    return isNoisy && direction != .neutral && min(baseRange.count, newRange.count) < 3 ? .fewPoints : nil
  }

  /// Whether both curves have the same values over the overlap: what was trained twice alike has no noise between.
  private var isIdentical: Bool {
    guard baseRange.count == newRange.count, !baseRange.isEmpty else { return false }
    let (left, right) = (base.values.span, new.values.span)
    return zip(baseRange, newRange).allSatisfy { left[$0] == right[$1] }
  }

  /// The level of the differences at the common steps of the window of the baseline.
  private static func pairedLevel(
    _ pairs: StepPairs, of base: Series, over window: Range<Int>, confidence: Double
  ) -> WindowLevel? {
    guard let first = window.first else { return nil }
    let last = pairs.indices(from: base.steps[first])
    guard last.count >= min(WindowLevel.minimumCount, window.count) else { return nil }
    let curve = max(0, last.lowerBound - 7 * last.count)..<last.upperBound
    let (steps, differences) = (pairs.steps(curve), pairs.differences(curve))
    return WindowLevel(
      steps: steps.span, values: differences.span,
      in: curve.count - last.count..<curve.count, curve: 0..<curve.count, confidence: confidence)
  }

  /// The effect with the noise of the differences over the last window in place of the noise of both curves.
  private func pairedEffect(
    _ statistic: GateStatistic, _ left: Figure, _ right: Figure, seedSpread: Double
  ) -> Effect? {
    guard let pairs, let first = baseWindow.range.first, let level = pairedLevel, level.nonFiniteCount == 0
    else { return nil }
    var (base, new) = (left.value, right.value)
    let error: Double
    switch statistic {
    case .final:
      let last = pairs.indices(from: self.base.steps[first])
      base = pairs.baseMean(last)
      new = base + level.mean
      error = level.standardError
    case .mean, .area: error = level.standardError * (Double(level.count) / Double(pairs.count)).squareRoot()
    case .first, .last: error = level.deviation
    default: return nil
    }
    let seeds = seedSpread * abs(base) * 2.0.squareRoot()
    let (whole, freedom) = Effect.welch([(error, level.degreesOfFreedom), (seeds, .infinity)])
    var effect = Effect(
      base: base, new: new, standardError: whole, degreesOfFreedom: freedom, confidence: confidence,
      method: .paired, model: .differences)
    effect.seedError = seeds
    return effect
  }

  private static func windowStart(
    _ series: Series, _ range: Range<Int>, _ clock: RunClock, share: Double
  ) -> Double? {
    let window = WindowLevel.range(share: share, count: range.count)
    guard let first = window.first else { return nil }
    return clock.place(of: series.steps[range.lowerBound + first])
  }

  private static func tail(
    of series: Series, _ range: Range<Int>, _ clock: RunClock, from start: Double
  ) -> Range<Int> {
    let slack = 1e-9 * abs(start)
    let first = clock.firstIndex(of: series.steps, at: start - slack)
    return min(max(first, range.lowerBound), range.upperBound)..<range.upperBound
  }
}
