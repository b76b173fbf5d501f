internal import EventFile
internal import RunFolder

extension GateEvaluation {
  /// The checks of a gate on metrics: one for each matching metric and each bound.
  func metricChecks(_ gate: Gate, _ pattern: Glob) -> [GateCheck] {
    let subjects = subjects(pattern)
    guard !subjects.isEmpty else {
      return [.unmatched(pattern.pattern, among: run.metrics.map(\.tag))]
    }
    return subjects.flatMap { subject in
      gate.bounds.map { check(gate, $0, subject) }
    }
  }

  /// A metric of the run beside the one it is held against.
  struct Subject {
    var tag: String
    var new: Series?
    var baseTag: String?
  }

  /// The metrics that a pattern names in the run and in the baseline: what only one of them has is told as missing.
  private func subjects(_ pattern: Glob) -> [Subject] {
    let new = run.metrics(matching: pattern.pattern).filter { !$0.series.isEmpty }
    let baseTags: [String] =
      switch baseline {
      case .none: []
      case .runs(let runs):
        runs.first?.metrics(matching: pattern.pattern).filter { !$0.series.isEmpty }.map(\.tag) ?? []
      case .golden(let golden):
        pattern.isLiteral
          ? [golden.metric(named: pattern.pattern)?.tag].compactMap { $0 }
          : golden.metrics.map(\.tag).filter { pattern.matches($0) }
      }
    if pattern.isLiteral {
      // One metric on each side, whatever each side calls it.
      guard let tag = new.first?.tag ?? baseTags.first else { return [] }
      return [Subject(tag: tag, new: new.first?.series, baseTag: baseTags.first)]
    }
    var subjects = new.map { metric in
      Subject(tag: metric.tag, new: metric.series, baseTag: baseTags.first { $0 == metric.tag })
    }
    for tag in baseTags where !new.contains(where: { $0.tag == tag }) {
      subjects.append(Subject(tag: tag, new: nil, baseTag: tag))
    }
    return subjects
  }

  private func check(_ gate: Gate, _ bound: Gate.Bound, _ subject: Subject) -> GateCheck {
    var check = GateCheck(subject: subject.tag, bound: bound, status: .missing, reason: .missingInRun)
    guard let new = subject.new else { return check }
    check.points = new.suffix(5).map { $0 }
    if let lie = untrusted(subject.tag) {
      check.status = .fail
      check.reason = .untrusted(lie.kind, step: lie.step)
      check.divergingStep = lie.step
      return check
    }
    let direction = direction(of: subject.tag, gate)
    switch bound {
    case .atMost, .atLeast:
      absolute(&check, gate, new, direction)
    case .increase(let margin), .decrease(let margin):
      guard baseline != .none else {
        check.reason = .noBaseline
        return check
      }
      guard let baseTag = subject.baseTag else {
        check.reason = .missingInBaseline
        return check
      }
      switch baseline {
      case .none: check.reason = .noBaseline
      case .runs(let runs): relative(&check, gate, margin, new, direction, runs, baseTag)
      case .golden(let golden): relative(&check, gate, margin, new, direction, golden, baseTag)
      }
    }
    return check
  }

  /// A finding that says that a training metric only looks finite.
  private func untrusted(_ tag: String) -> Finding? {
    guard !MetricAligner.isEvaluation(tag), MetricDirection(ofTag: tag) != .neutral else { return nil }
    return analysis.findings.first { Finding.Kind.untrustworthy.contains($0.kind) }
  }

  /// Which side of a metric is better, where the gate's bounds tell it: a floor is for what should be high.
  private func direction(of tag: String, _ gate: Gate) -> MetricDirection {
    var hasFloor = false
    var hasCeiling = false
    for bound in gate.bounds {
      if bound.isCeiling { hasCeiling = true } else { hasFloor = true }
    }
    if hasFloor != hasCeiling { return hasFloor ? .higher : .lower }
    if let objective = analysis.objective?.objective, objective.tag == tag { return objective.direction }
    return MetricDirection(ofTag: tag)
  }

  private func absolute(
    _ check: inout GateCheck, _ gate: Gate, _ new: Series, _ direction: MetricDirection
  ) {
    let window = LastWindow(
      share: gate.settings.window, of: new, in: 0..<new.count, noise: MetricAligner.noise(of: new.tag),
      epochs: epochs,
      confidence: gate.settings.confidence)
    do throws(Figure.Absence) {
      var figure = try Figure(
        gate.statistic, of: new, in: 0..<new.count, window: window, direction: direction)
      // Against a fixed number a single measurement is what it is.
      if figure.model == .evaluation || figure.model == .extreme { figure.standardError = 0 }
      check.found = figure.value
      check.foundStep = figure.step
      decide(&check, figure, isRelativeKnown: false, confidence: gate.settings.confidence)
    } catch {
      fail(&check, error)
    }
  }

  private func fail(_ check: inout GateCheck, _ absence: Figure.Absence) {
    switch absence {
    case .noPoints: (check.status, check.reason) = (.missing, .noOverlap)
    case .nonFinite(let step):
      (check.status, check.reason) = (.fail, .nonFinite(step: step))
      check.divergingStep = step
    }
  }

  // MARK: Against runs

  private func relative(
    _ check: inout GateCheck, _ gate: Gate, _ margin: Gate.Margin, _ new: Series,
    _ direction: MetricDirection,
    _ baselines: [TrainingRun], _ baseTag: String
  ) {
    let settings = gate.settings
    var figures: [Figure] = []
    var newFigure: Figure?
    var pairedEffect: Effect?
    for (index, base) in baselines.enumerated() {
      let metric = base.metric(tagged: baseTag) ?? base.metrics(matching: baseTag).first
      guard let series = metric?.series, !series.isEmpty else {
        check.reason = .missingInBaseline
        return
      }
      guard let runs = AlignedRuns(base: base, new: run, axis: settings.axis) else {
        check.reason = .noOverlap
        return
      }
      let options = ComparisonOptions(
        axis: settings.axis, window: settings.window, confidence: settings.confidence)
      let differences = ConfigurationDifference.between(base, run)
      let sets = EvaluationSets(base: base, new: run, differences: differences)
      if MetricAligner.isEvaluation(baseTag), sets.relation == .different {
        check.reason = .evaluationSets
        return
      }
      let context = ComparisonContext(runs: runs, options: options, evaluationSets: sets)
      let aligner = MetricAligner(
        runs, base: series, new: new, isPaired: context.pairing.isPaired, window: settings.window,
        confidence: settings.confidence, direction: direction)
      do throws(Figure.Absence) {
        // A value that is not finite fails the gate also where the run has ended too early to be compared.
        newFigure = try aligner.newFigure(gate.statistic)
      } catch {
        fail(&check, error)
        return
      }
      if let early = Self.endsEarly(series, new, runs, share: settings.window) {
        check.reason = early
        return
      }
      guard let figure = try? aligner.baseFigure(gate.statistic), !Self.isSpoiled(base, baseTag) else {
        check.reason = .badBaseline
        return
      }
      guard aligner.doubt == nil else {
        check.reason = .littleInCommon
        return
      }
      figures.append(figure)
      guard index == 0, let newFigure else { continue }
      if baselines.count == 1 {
        pairedEffect = aligner.effect(
          gate.statistic, figure, newFigure, seedSpread: settings.seedSpread)
      }
      check.divergingStep = Self.divergingStep(aligner, sign: check.bound?.isCeiling == false ? -1 : 1)
    }
    guard let newFigure else { return }
    if let index = Self.outlier(figures, baseTag) {
      check.reason = .outlyingBaseline(baselines[index.index].name, distance: index.relativeDistance)
      return
    }
    decideRelative(&check, margin, newFigure, figures, pairedEffect, settings)
  }

  private func decideRelative(
    _ check: inout GateCheck, _ margin: Gate.Margin, _ new: Figure, _ figures: [Figure], _ known: Effect?,
    _ settings: Gate.Settings
  ) {
    check.found = new.value
    check.foundStep = new.step
    check.baseline = figures.map(\.value)
    let effect =
      known
      ?? Effect(
        base: figures, new: new, confidence: settings.confidence,
        spread: Effect.Spread(of: check.baseline, confidence: settings.confidence),
        seedSpread: settings.seedSpread)
    holdRelative(&check, effect, margin)
    let rise = check.bound?.isCeiling == false ? -effect.difference : effect.difference
    if check.status == .pass || rise <= 0 { (check.divergingStep, check.divergingWidth) = (nil, nil) }
  }

  /// The baseline whose loss is none of the others' kind.
  private static func outlier(_ figures: [Figure], _ tag: String) -> SeedSpread.Outlier? {
    MetricRole.isLoss(tag) ? SeedSpread.outlier(among: figures.map(\.value)) : nil
  }

  /// Where the run's curve leaves the baseline's for good: of a noisy one by the band of the difference; of evaluations
  /// and other figures the first common step from which on all differ to the side of `sign`, by more than their noise.
  private static func divergingStep(_ aligner: MetricAligner, sign: Double) -> Int64? {
    if aligner.isNoisy {
      return AlignedCurve(aligner, isTraining: true).difference?.divergingStep
    }
    guard aligner.runs.alignment.sharesSteps, let base = try? aligner.baseFigure(.last),
      let new = try? aligner.newFigure(.last)
    else { return nil }
    let band = aligner.effect(.last, base, new).halfWidth
    let pairs = StepPairs(aligner.base, aligner.baseRange, aligner.new, aligner.newRange)
    let differences = pairs.differences(0..<pairs.count)
    let start = differences.lastIndex { !(sign * $0 > band) }.map { $0 + 1 } ?? 0
    return start < pairs.count ? pairs.step(start) : nil
  }

  /// Whether the run's metric stops before the baseline's last window.
  private static func endsEarly(
    _ base: Series, _ new: Series, _ runs: AlignedRuns, share: Double
  ) -> GateCheck.Reason? {
    guard let first = base.steps.first, let wanted = base.steps.last, let reached = new.steps.last else {
      return nil
    }
    let start = runs.baseClock.place(of: first)
    let end = runs.baseClock.place(of: wanted)
    let place = runs.newClock.place(of: reached)
    let slack = max(share, 0.02) * (end - start)
    return place < end - slack ? .endsEarly(reached: reached, wanted: wanted) : nil
  }

  private static func isSpoiled(_ base: TrainingRun, _ tag: String) -> Bool {
    guard !MetricAligner.isEvaluation(tag), MetricDirection(ofTag: tag) != .neutral else { return false }
    return base.lossFlaw != nil
  }

  // MARK: Against figures

  private func relative(
    _ check: inout GateCheck, _ gate: Gate, _ margin: Gate.Margin, _ new: Series,
    _ direction: MetricDirection,
    _ golden: GoldenBaseline, _ baseTag: String
  ) {
    let settings = gate.settings
    let statistic = gate.statistic == .best ? direction == .higher ? .max : .min : gate.statistic
    guard let metric = golden.metric(named: baseTag),
      let known = metric.figures.first(where: { $0.statistic == statistic })
    else {
      check.reason = .missingInBaseline
      return
    }
    if MetricAligner.isEvaluation(baseTag), let wanted = golden.evaluationSamples,
      let samples = EvaluationSets(base: run, new: run, differences: []).baseSamples, samples != wanted
    {
      check.reason = .evaluationSets
      return
    }
    guard let alignment = GoldenAlignment(golden, run, axis: settings.axis) else {
      check.reason = .noOverlap
      return
    }
    let range = 0..<alignment.endIndex(of: new, through: metric.lastStep)
    let isNoisy = MetricAligner.isNoisy(new.tag)
    // The window of the file, whatever share the gate asks for: a mean over another part is another level.
    let first = metric.windowStep.map { alignment.firstIndex(of: new, at: $0) }
    let window = LastWindow(
      share: settings.window, from: first, of: new, in: range, noise: MetricAligner.noise(of: new.tag),
      epochs: epochs,
      confidence: settings.confidence)
    let figure: Figure
    do throws(Figure.Absence) {
      figure = try Figure(statistic, of: new, in: range, window: window, direction: direction)
    } catch {
      fail(&check, error)
      return
    }
    if let reached = new.steps.last,
      alignment.ends(new, before: metric.lastStep, slack: max(settings.window, 0.02))
    {
      check.reason = .endsEarly(reached: reached, wanted: metric.lastStep)
      return
    }
    guard !isNoisy || range.count >= 3 && (statistic != .final || window.range.count >= 3) else {
      check.reason = .littleInCommon
      return
    }
    let divergence = metric.curve?.divergence(
      of: new, alignment, side: check.bound?.isCeiling == false ? .below : .above,
      runCount: golden.runs.count, lastStep: metric.lastStep, isNoisy: isNoisy,
      confidence: settings.confidence)
    check.divergingStep = divergence?.step
    check.divergingWidth = divergence?.width
    decideRelative(&check, margin, figure, GoldenBaseline.figures(known), nil, settings)
  }
}
