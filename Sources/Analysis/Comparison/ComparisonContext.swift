internal import EventFile
internal import RunFolder

/// Two aligned runs with what is known about them, from which the rows and curves are made.
struct ComparisonContext {
  let runs: AlignedRuns
  let options: ComparisonOptions
  let evaluationSets: EvaluationSets
  let pairing: Pairing
  /// Whether the training loss of the baseline, and of the run, is worthless.
  let flaws: (base: Bool, new: Bool)
  /// Which way of metrics is better, by their tags, where more than their names tells it.
  private let directions: [String: MetricDirection]
  /// Why the figures of a metric cannot be held against each other.
  private let obstacle: (String) -> Comparability.Kind?
  private let lossPairs: StepPairs?

  init(
    runs: AlignedRuns, options: ComparisonOptions, evaluationSets: EvaluationSets,
    flaws: (base: Bool, new: Bool) = (false, false), directions: [String: MetricDirection] = [:],
    obstacle: @escaping (String) -> Comparability.Kind? = { _ in nil }
  ) {
    self.flaws = flaws
    self.directions = directions
    self.obstacle = obstacle
    self.runs = runs
    self.options = options
    self.evaluationSets = evaluationSets
    guard runs.alignment.sharesSteps, let base = runs.base.metric(for: .trainLoss)?.series,
      let new = runs.new.metric(for: .trainLoss)?.series
    else {
      lossPairs = nil
      pairing = .none
      return
    }
    let (baseRange, newRange) = (runs.baseIndices(base), runs.newIndices(new))
    let end = Pairing(of: StepPairs.last(Pairing.sufficient, base, baseRange, new, newRange))
    guard end.isPaired else {
      lossPairs = nil
      pairing = end
      return
    }
    // What is the same at the end may differ before.
    let pairs = StepPairs(base, baseRange, new, newRange)
    lossPairs = pairs
    pairing = Pairing(of: pairs)
  }

  /// The curves with `role`; nil where either run has none.
  func curve(_ role: MetricRole) -> AlignedCurve? {
    guard let base = runs.base.metric(for: role)?.series, let new = runs.new.metric(for: role)?.series else {
      return nil
    }
    let isLoss = role == .trainLoss
    return AlignedCurve(
      aligner(base: base, new: new, pairs: isLoss ? lossPairs : nil), isTraining: isLoss)
  }

  /// The computations over one metric.
  private func aligner(base: Series, new: Series, pairs: StepPairs? = nil) -> MetricAligner {
    MetricAligner(
      runs, base: base, new: new, isPaired: pairing.isPaired, window: options.window,
      confidence: options.confidence, direction: directions[base.tag], pairs: pairs)
  }

  /// The rows of the table for one metric.
  ///
  /// - Parameter loss: the curves of the training loss, which need not be looked at again.
  func rows(for shared: SharedMetric, loss: AlignedCurve?) -> [MetricComparison] {
    let known = loss.flatMap { $0.isOf(shared.base.tag, shared.new.tag) ? $0 : nil }
    let aligner = known?.aligner ?? aligner(base: shared.base.series, new: shared.new.series)
    let nonFinite =
      known.map { ($0.base.nonFiniteCount, $0.new.nonFiniteCount) }
      ?? (Self.nonFinite(aligner.base, aligner.baseRange), Self.nonFinite(aligner.new, aligner.newRange))
    return statistics(for: shared, aligner).map { statistic in
      row(shared, aligner, statistic, nonFinite: nonFinite)
    }
  }

  private func statistics(for shared: SharedMetric, _ aligner: MetricAligner) -> [GateStatistic] {
    if MetricAligner.isEvaluation(shared.base.tag) {
      let isPlain = aligner.direction == .neutral || MetricDirection.isTiming(shared.base.tag)
      return isPlain || aligner.baseRange.count < 2 ? [.last] : [.best, .last]
    }
    guard aligner.isNoisy else { return [.last] }
    return aligner.baseRange.count >= 3 && aligner.newRange.count >= 3 ? [.final] : [.last]
  }

  private func row(
    _ shared: SharedMetric, _ aligner: MetricAligner, _ statistic: GateStatistic,
    nonFinite: (base: Int, new: Int)
  ) -> MetricComparison {
    var row = MetricComparison(
      tag: shared.base.tag, newTag: shared.new.tag, statistic: statistic, direction: aligner.direction,
      verdict: .inconclusive, baseCount: aligner.baseRange.count, newCount: aligner.newRange.count,
      baseNonFinite: nonFinite.base, newNonFinite: nonFinite.new)
    // Timings depend on the machine, and HF's mean of the whole run on where a resume began: no side is better.
    let isNeutral = MetricDirection.isTiming(shared.base.tag) || shared.role == .meanTrainLoss
    if isNeutral { row.direction = .neutral }
    if aligner.isNoisy, row.direction != .neutral, flaws.base || flaws.new {
      row.verdict = flaws.base ? .notComparable(.untrusted) : .worse
      return row
    }
    let base: Figure
    let new: Figure
    do throws(Figure.Absence) {
      base = try aligner.baseFigure(statistic)
    } catch {
      row.verdict = .notComparable(error == .noPoints ? .noOverlap : .nonFinite)
      return row
    }
    do throws(Figure.Absence) {
      new = try aligner.newFigure(statistic)
    } catch {
      // A run that lost a metric which the baseline kept is worse, whatever its number.
      let isWorse = error != .noPoints && row.direction != .neutral
      row.verdict = isWorse ? .worse : .notComparable(error == .noPoints ? .noOverlap : .nonFinite)
      return row
    }
    row.baseStep = base.step
    row.newStep = new.step
    let effect = aligner.effect(statistic, base, new)
    row.effect = effect
    if evaluationSets.relation == .different, MetricAligner.isEvaluation(shared.base.tag), !isNeutral {
      row.verdict = .notComparable(.evaluationSets)
    } else if !isNeutral, row.direction != .neutral, let kind = obstacle(shared.base.tag) {
      row.verdict = .notComparable(.init(kind))
    } else if let reason = aligner.doubt {
      row.verdict = .notComparable(reason)
    } else {
      row.verdict = .init(effect, relativeMargin: options.margin, direction: row.direction)
    }
    return row
  }

  private static func nonFinite(_ series: Series, _ range: Range<Int>) -> Int {
    let values = series.values.span
    var count = 0
    for index in range where !values[index].isFinite { count += 1 }
    return count
  }

  /// The baseline's last evaluation, or its final level without one.
  func defaultTarget(loss: AlignedCurve?) -> Double? {
    if let series = runs.base.metric(for: .evalLoss)?.series, let last = runs.baseIndices(series).last,
      series.values[last].isFinite, evaluationSets.relation != .different
    {
      return series.values[last]
    }
    guard let series = runs.base.metric(for: .trainLoss)?.series else { return nil }
    let range = runs.baseIndices(series)
    let last = WindowLevel.range(share: options.window, count: range.count)
    let window = range.lowerBound + last.lowerBound..<range.upperBound
    // Where the runs log equally often, this is the window of the comparison.
    if let known = loss?.aligner.baseWindow, known.range == window, let level = known.level {
      return level.mean
    }
    return WindowLevel(of: series, in: window)?.mean
  }
}
