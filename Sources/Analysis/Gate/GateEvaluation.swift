internal import EventFile
public import RunFolder

/// What a run is held against.
public enum GateBaseline: Equatable, Sendable {
  /// Nothing: only absolute bounds can be met.
  case none
  /// Runs, the first of which is the one that curves are compared with.
  case runs([TrainingRun])
  /// The figures of runs.
  case golden(GoldenBaseline)

  /// The names of the runs.
  public var names: [String] {
    switch self {
    case .none: []
    case .runs(let runs): runs.map(\.name)
    case .golden(let golden): golden.runs.map(\.name)
    }
  }
}

/// How much one module or tensor changed between the baseline's weights and the run's.
public struct WeightChange: Equatable, Sendable {
  /// The module or tensor.
  public var name: String
  /// The norm of the change, divided by the norm before.
  public var relativeChange: Double
  /// The norm of the change.
  public var differenceNorm: Double
  /// The cosine between before and after.
  public var cosine: Double

  /// A change from its parts.
  public init(name: String, relativeChange: Double, differenceNorm: Double, cosine: Double) {
    self.name = name
    self.relativeChange = relativeChange
    self.differenceNorm = differenceNorm
    self.cosine = cosine
  }
}

/// The change of the weights, or why it is not known.
public enum WeightsEvidence: Equatable, Sendable {
  /// A change for each module or tensor.
  case changes([WeightChange])
  /// The weights could not be compared, in words.
  case unavailable(String)
}

/// Holds a run against the gates of a plan.
public struct GateEvaluation {
  let run: TrainingRun
  let baseline: GateBaseline
  let weights: WeightsEvidence
  let analysis: RunAnalysis
  let epochs: EpochBoundaries

  /// An evaluation of `run`.
  public init(run: TrainingRun, baseline: GateBaseline, weights: WeightsEvidence) {
    self.run = run
    self.baseline = baseline
    self.weights = weights
    analysis = RunAnalysis(of: run)
    epochs = EpochBoundaries(run)
  }

  /// What the gates of `plan` say.
  public func report(plan: GatePlan) -> GateReport {
    let gates = plan.gates(forRunAt: run.path, named: run.name)
    let results = plan.multiplicity.applied(to: gates.enabled.map(result))
    return GateReport(
      configuration: plan.path, runName: run.name, runPath: run.path, baselines: baseline.names,
      results: results, disabled: gates.disabled.map(\.id), multiplicity: plan.multiplicity,
      difference: BaselineDifference(of: run, from: baseline))
  }

  /// What one gate says.
  public func result(_ gate: Gate) -> GateResult {
    let checks =
      switch gate.subject {
      case .metric(let pattern): metricChecks(gate, pattern)
      case .finding(let kind, let pattern):
        findingChecks(gate, kind.rawValue, pattern) { Self.count(of: kind, in: $0, matching: nil) }
      case .findings(let severity, let pattern):
        findingChecks(gate, severity.name, pattern) { Self.count(from: severity, in: $0) }
      case .weights(let pattern): weightChecks(gate, pattern)
      }
    return GateResult(gate: gate, checks: checks)
  }
}

extension GateEvaluation {
  /// How often a finding shows. A filtered NaN is a non-finite value and a divergence too, and a non-finite training
  /// loss is a divergence: a gate that claims to see the one has to see the other.
  static func count(of kind: Finding.Kind, in findings: [Finding], matching pattern: Glob?) -> Int {
    let kinds: Set<Finding.Kind> =
      switch kind {
      case .nonFinite: [.nonFinite, .filteredNaN]
      case .diverged: [.diverged, .filteredNaN]
      default: [kind]
      }
    return findings.reduce(0) { count, finding in
      let isLossGone =
        kind == .diverged && finding.kind == .nonFinite
        && MetricRole.trainLoss.rank(of: finding.metric) != nil
      guard kinds.contains(finding.kind) || isLossGone, pattern?.matches(finding.metric) ?? true else {
        return count
      }
      // Values are counted one by one, everything else by its occurrences.
      let isValue = finding.kind == .nonFinite || finding.kind == .filteredNaN
      return count + (isValue ? max(1, finding.count) : finding.multiplicity)
    }
  }

  /// How many findings are of `severity` or graver.
  static func count(from severity: Finding.Severity, in findings: [Finding]) -> Int {
    findings.reduce(0) { $0 + ($1.severity >= severity ? $1.multiplicity : 0) }
  }

  private func findingChecks(
    _ gate: Gate, _ subject: String, _ pattern: Glob?, count counted: ([Finding]) -> Int
  ) -> [GateCheck] {
    let metrics = pattern.map { run.metrics(matching: $0.pattern) } ?? run.metrics
    guard metrics.contains(where: { !$0.series.isEmpty }) else {
      return [.unmatched(pattern?.pattern ?? subject, among: run.metrics.map(\.tag))]
    }
    guard pattern != nil || analysis.loss != nil || analysis.objective != nil else {
      return [GateCheck(subject: subject, status: .missing, reason: .nothingToExamine)]
    }
    // The pattern may be a known name of a role, such as `loss`.
    let tags = Set(metrics.map(\.tag))
    let findings = analysis.findings.filter { pattern == nil || tags.contains($0.metric) }
    let count = counted(findings)
    let first = findings.filter { counted([$0]) > 0 }
    return gate.bounds.map { bound in
      var check = GateCheck(subject: subject, bound: bound, status: .pass, reason: .within)
      check.found = Double(count)
      check.foundStep = first.compactMap(\.step).min()
      check.divergingStep = count > 0 ? check.foundStep : nil
      check.points = first.prefix(5).compactMap { finding in
        guard let step = finding.step, let value = finding.value else { return nil }
        return Point(step: step, wallTime: 0, value: value)
      }
      if case .increase = bound { check.baseline = baselineCounts(of: gate.subject, counted) }
      if case .decrease = bound { check.baseline = baselineCounts(of: gate.subject, counted) }
      decide(&check, Figure(value: Double(count)), isRelativeKnown: !check.baseline.isEmpty, confidence: 0.95)
      return check
    }
  }

  private func baselineCounts(of subject: Gate.Subject, _ counted: ([Finding]) -> Int) -> [Double] {
    switch baseline {
    case .none: return []
    case .runs(let runs): return runs.map { Double(counted(RunAnalysis(of: $0).findings)) }
    case .golden(let golden):
      // A golden file knows kinds, not severities.
      guard case .finding(let kind, _) = subject else { return [] }
      return golden.findings.first { $0.kind == kind }?.counts.map(Double.init) ?? golden.runs.map { _ in 0 }
    }
  }

  private func weightChecks(_ gate: Gate, _ pattern: Glob) -> [GateCheck] {
    guard case .changes(let changes) = weights else {
      let reason = if case .unavailable(let words) = weights { words } else { "" }
      return [GateCheck(subject: pattern.pattern, status: .missing, reason: .noWeights(reason))]
    }
    let matching = changes.filter { pattern.matches($0.name) }
    guard !matching.isEmpty else {
      return [.unmatched(pattern.pattern, among: changes.map(\.name))]
    }
    return matching.flatMap { change in
      gate.bounds.map { bound in
        let value =
          switch gate.statistic {
          case .differenceNorm: change.differenceNorm
          case .cosine: change.cosine
          default: change.relativeChange
          }
        var check = GateCheck(subject: change.name, bound: bound, status: .pass, reason: .within)
        check.found = value
        decide(&check, Figure(value: value), isRelativeKnown: false, confidence: 0.95)
        return check
      }
    }
  }

  /// Decides a check whose figure is `figure` by its bound; relative ones by `check.baseline`, figures without noise.
  func decide(_ check: inout GateCheck, _ figure: Figure, isRelativeKnown: Bool, confidence: Double) {
    guard figure.value.isFinite else {
      check.status = .fail
      check.reason = .nonFinite(step: figure.step ?? 0)
      return
    }
    switch check.bound {
    case .atMost(let limit):
      check.limit = limit
      hold(&check, Self.effect(figure, over: limit, confidence: confidence), margin: 0)
    case .atLeast(let limit):
      check.limit = limit
      hold(&check, Self.effect(figure, over: limit, confidence: confidence).mirrored, margin: 0)
    case .increase(let margin), .decrease(let margin):
      guard isRelativeKnown, !check.baseline.isEmpty else {
        check.status = .missing
        check.reason = .noBaseline
        return
      }
      let mean = check.baseline.reduce(0, +) / Double(check.baseline.count)
      let effect = Effect(
        base: mean, new: figure.value, confidence: confidence,
        spread: Effect.Spread(of: check.baseline, confidence: confidence))
      holdRelative(&check, effect, margin)
    case nil:
      check.status = .missing
      check.reason = .nothingMatches
    }
  }

  /// Decides a check by an effect and a margin relative to the baseline.
  func holdRelative(_ check: inout GateCheck, _ effect: Effect, _ margin: Gate.Margin) {
    let width: Double
    var holdsSeeds = false
    switch margin {
    case .absolute(let value): width = value
    case .relative(let share): width = share * abs(effect.base)
    case .seed:
      guard let seed = effect.seedMargin else {
        check.effect = effect
        check.status = .missing
        check.reason = .noSpread
        return
      }
      width = seed
      holdsSeeds = true
    }
    check.margin = width
    if case .decrease = check.bound {
      check.limit = effect.base - width
      hold(&check, effect.mirrored, margin: width, holdsSeeds: holdsSeeds)
      check.effect = effect
    } else {
      check.limit = effect.base + width
      hold(&check, effect, margin: width, holdsSeeds: holdsSeeds)
    }
  }

  private func hold(
    _ check: inout GateCheck, _ effect: Effect, margin: Double, holdsSeeds: Bool = false
  ) {
    check.effect = effect
    switch effect.verdict(rise: margin, holdsSeeds: holdsSeeds) {
    case .within: (check.status, check.reason) = (.pass, .within)
    case .beyond: (check.status, check.reason) = (.fail, .beyond)
    case .undecided:
      let doubt = effect.doubt(rise: margin, holdsSeeds: holdsSeeds) ?? .noise
      (check.status, check.reason) = (.inconclusive, .undecided(doubt))
    }
  }

  /// How far a figure is over a fixed limit.
  private static func effect(_ figure: Figure, over limit: Double, confidence: Double) -> Effect {
    Effect(
      base: limit, new: figure.value, standardError: figure.standardError,
      degreesOfFreedom: figure.degreesOfFreedom, confidence: confidence,
      method: figure.standardError > 0 ? .welch : .exact, model: figure.model)
  }
}
