internal import EventFile
internal import RunFolder

extension PairComparison {
  /// Compares `new` with `base`.
  init(base: TrainingRun, new: TrainingRun, options: ComparisonOptions) {
    self.new = new
    configuration = ConfigurationDifference.between(base, new)
    evaluationSets = EvaluationSets(base: base, new: new, differences: configuration)
    let shared = SharedMetric.all(base, new, patterns: options.metrics)
    let sharedBase = Set(shared.map(\.base.tag))
    let sharedNew = Set(shared.map(\.new.tag))
    onlyBase = base.metrics.map(\.tag).filter { !sharedBase.contains($0) && options.metrics.isEmpty }
    onlyNew = new.metrics.map(\.tag).filter { !sharedNew.contains($0) && options.metrics.isEmpty }
    pairing = .none
    metrics = []
    baseFlaw = Self.flaw(of: base)
    newFlaw = Self.flaw(of: new)
    guard let runs = AlignedRuns(base: base, new: new, axis: options.axis) else { return }
    alignment = runs.alignment
    let context = ComparisonContext(
      runs: runs, options: options, evaluationSets: evaluationSets,
      flaws: (base: baseFlaw != nil, new: newFlaw != nil))
    pairing = context.pairing
    metrics = shared.flatMap { context.rows(for: $0) }
    let target = options.target ?? context.defaultTarget()
    loss = context.curve(.trainLoss, target: target)
    evaluation = evaluationSets.relation == .different ? nil : context.curve(.evalLoss, target: target)
  }
}

extension PairComparison {
  /// What makes the training loss of `run` worthless. The whole run is only examined where its end looks like it: the
  /// loss at 0 or not moving, or the gradient norm at 0 or not finite.
  static func flaw(of run: TrainingRun) -> Finding? {
    guard let loss = run.metric(for: .trainLoss)?.series.values, let last = loss.last else { return nil }
    let gradient = run.metric(for: .gradientNorm)?.series.values.last
    let isSuspicious =
      last == 0 || loss.dropLast().last == last || gradient == 0 || gradient.map { !$0.isFinite } ?? false
    guard isSuspicious else { return nil }
    return RunAnalysis(of: run).findings.first { $0.kind == .filteredNaN || $0.kind == .deadRun }
  }
}

/// A metric that two runs share, by its tag or by its role.
struct SharedMetric {
  let base: Metric
  let new: Metric
  let role: MetricRole?

  /// The shared metrics: the losses first, then in the order of the baseline.
  static func all(_ base: TrainingRun, _ new: TrainingRun, patterns: [String]) -> [SharedMetric] {
    var result: [SharedMetric] = []
    for role in [MetricRole.trainLoss, .evalLoss] {
      if let left = base.metric(for: role), let right = new.metric(for: role) {
        result.append(SharedMetric(base: left, new: right, role: role))
      }
    }
    let newByTag = Dictionary(new.metrics.map { ($0.tag, $0) }, uniquingKeysWith: { first, _ in first })
    let known = Set(result.map(\.base.tag))
    for metric in base.metrics where !known.contains(metric.tag) && !metric.series.isEmpty {
      guard let other = newByTag[metric.tag], !other.series.isEmpty else { continue }
      result.append(SharedMetric(base: metric, new: other, role: MetricRole.role(of: metric.tag)))
    }
    guard !patterns.isEmpty else { return result }
    let wanted = Set(patterns.flatMap { base.metrics(matching: $0).map(\.tag) })
    return result.filter { wanted.contains($0.base.tag) }
  }
}

/// Two aligned runs with what is known about them, from which the rows and curves are made.
struct ComparisonContext {
  let runs: AlignedRuns
  let options: ComparisonOptions
  let evaluationSets: EvaluationSets
  let pairing: Pairing
  /// Whether the training loss of the baseline, and of the run, is worthless.
  let flaws: (base: Bool, new: Bool)
  private let lossPairs: StepPairs?

  init(
    runs: AlignedRuns, options: ComparisonOptions, evaluationSets: EvaluationSets,
    flaws: (base: Bool, new: Bool) = (false, false)
  ) {
    self.flaws = flaws
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
    let pairs = StepPairs(base, runs.baseIndices(base), new, runs.newIndices(new))
    lossPairs = pairs
    pairing = Pairing(of: pairs)
  }

  /// The computations over one metric.
  func aligner(base: Series, new: Series) -> MetricAligner {
    MetricAligner(
      runs, base: base, new: new, isPaired: pairing.isPaired, window: options.window,
      confidence: options.confidence)
  }

  /// The rows of the table for one metric.
  func rows(for shared: SharedMetric) -> [MetricComparison] {
    let aligner = aligner(base: shared.base.series, new: shared.new.series)
    return statistics(for: shared, aligner).map { statistic in
      row(shared, aligner, statistic)
    }
  }

  private func statistics(for shared: SharedMetric, _ aligner: MetricAligner) -> [GateStatistic] {
    if MetricAligner.isEvaluation(shared.base.tag) {
      let isPlain = aligner.direction == .neutral || Self.isTiming(shared.base.tag)
      return isPlain || aligner.baseRange.count < 2 ? [.last] : [.best, .last]
    }
    guard aligner.isNoisy else { return [.last] }
    return aligner.baseRange.count >= 3 && aligner.newRange.count >= 3 ? [.final] : [.last]
  }

  private func row(
    _ shared: SharedMetric, _ aligner: MetricAligner, _ statistic: GateStatistic
  ) -> MetricComparison {
    var row = MetricComparison(
      tag: shared.base.tag, newTag: shared.new.tag, statistic: statistic, direction: aligner.direction,
      verdict: .inconclusive, baseCount: aligner.baseRange.count, newCount: aligner.newRange.count,
      baseNonFinite: Self.nonFinite(aligner.base, aligner.baseRange),
      newNonFinite: Self.nonFinite(aligner.new, aligner.newRange))
    // Timings depend on the machine, and HF's mean of the whole run on where a resume began: no side is better.
    let isNeutral = Self.isTiming(shared.base.tag) || shared.role == .meanTrainLoss
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
    } else {
      row.verdict = .init(effect, relativeMargin: options.margin, direction: row.direction)
    }
    return row
  }

  private static func isTiming(_ tag: String) -> Bool {
    tag.contains("per_second") || tag.contains("runtime") || tag.hasSuffix("throughput")
  }

  private static func nonFinite(_ series: Series, _ range: Range<Int>) -> Int {
    var count = 0
    for index in range where !series.values[index].isFinite { count += 1 }
    return count
  }

  /// The baseline's last evaluation, or its final level without one.
  func defaultTarget() -> Double? {
    if let series = runs.base.metric(for: .evalLoss)?.series, let last = runs.baseIndices(series).last,
      series.values[last].isFinite, evaluationSets.relation != .different
    {
      return series.values[last]
    }
    guard let series = runs.base.metric(for: .trainLoss)?.series else { return nil }
    let range = runs.baseIndices(series)
    let window = WindowLevel.range(share: options.window, count: range.count)
    return WindowLevel(of: series, in: range.lowerBound + window.lowerBound..<range.upperBound)?.mean
  }

  /// The comparison of the curve with `role`.
  func curve(_ role: MetricRole, target: Double?) -> CurveComparison? {
    guard let base = runs.base.metric(for: role)?.series, let new = runs.new.metric(for: role)?.series else {
      return nil
    }
    let aligner = aligner(base: base, new: new)
    let pairs =
      role == .trainLoss
      ? lossPairs
      : runs.alignment.sharesSteps ? StepPairs(base, aligner.baseRange, new, aligner.newRange) : nil
    let smoothing = Smoothing(weight: role == .trainLoss ? options.smoothing ?? 0 : 0)
    var curve = CurveComparison(
      base: base, new: new, basePlaces: runs.baseClock.places(of: base.steps),
      newPlaces: runs.newClock.places(of: new.steps), baseSmoothed: smoothing(base.values),
      newSmoothed: smoothing(new.values), target: target)
    curve.baseBest = Self.best(base, aligner.baseRange)
    curve.newBest = Self.best(new, aligner.newRange)
    curve.baseArea = try? aligner.baseFigure(.area).value
    curve.newArea = try? aligner.newFigure(.area).value
    if let target {
      curve.baseReached = reached(target, base, aligner.baseRange, runs.baseClock, of: runs.base)
      curve.newReached = reached(target, new, aligner.newRange, runs.newClock, of: runs.new)
    }
    curve.firstDifferentStep = pairs?.firstDifferentStep
    curve.firstNonFiniteStep = aligner.newRange.first { !new.values[$0].isFinite }.map { new.steps[$0] }
    if role == .trainLoss {
      let times = (
        base: WindowLevel(of: base, in: aligner.baseWindow)?.autocorrelationTime ?? 1,
        new: WindowLevel(of: new, in: aligner.newWindow)?.autocorrelationTime ?? 1,
        paired: aligner.pairedLevel()?.autocorrelationTime ?? 1
      )
      curve.difference = DifferenceCurve(
        runs, base: base, new: new, pairs: pairs, isPaired: pairing.isPaired, autocorrelationTime: times,
        confidence: options.confidence)
      curve.firstDivergingStep = curve.difference?.divergingStep
    }
    return curve
  }

  /// Seconds of training between two points; the pauses of a resumed run left out.
  private static func seconds(_ series: Series, from first: Int, to last: Int, of run: TrainingRun) -> Double
  {
    if run.segments.count > 1, let clock = RunClock(run, axis: .time) {
      return clock.place(of: series.steps[last]) - clock.place(of: series.steps[first])
    }
    return series.wallTimes[last] - series.wallTimes[first]
  }

  private static func best(_ series: Series, _ range: Range<Int>) -> Point? {
    var best: Int?
    for index in range where series.values[index].isFinite {
      if let known = best, series.values[index] >= series.values[known] { continue }
      best = index
    }
    return best.map { series[$0] }
  }

  /// Where a curve first came down to `target`: a noisy one by its mean over the last ten points.
  private func reached(
    _ target: Double, _ series: Series, _ range: Range<Int>, _ clock: RunClock, of run: TrainingRun
  ) -> CurveComparison.Reached? {
    let length = MetricAligner.isNoisy(series.tag) ? min(10, max(1, range.count / 5)) : 1
    var sum = 0.0
    var start = range.lowerBound
    for index in range {
      guard series.values[index].isFinite else {
        sum = 0
        start = index + 1
        continue
      }
      sum += series.values[index]
      if index - start == length {
        sum -= series.values[start]
        start += 1
      }
      guard index - start + 1 == length, sum <= target * Double(length) else { continue }
      return .init(
        step: series.steps[index], position: clock.place(of: series.steps[index]),
        seconds: Self.seconds(series, from: range.lowerBound, to: index, of: run))
    }
    return nil
  }
}
