internal import EventFile
public import RunFolder

/// Proof that gates fire: faults put into copies of a good run, and what each gate says to them.
public struct GateSelfTest: Equatable, Sendable {
  /// The name of the good run that was copied.
  public var runName: String
  /// What was tried, gate by gate.
  public var trials: [Trial]
  /// The gates whose own fault cannot be put into a copy, so that only their missing data was tried, and why.
  public var unproven: [Unproven]

  /// A gate whose own fault cannot be put into a copy.
  public struct Unproven: Equatable, Sendable {
    /// The id of the gate.
    public var id: String
    /// Why, in words.
    public var reason: String
  }

  /// A fault.
  public enum Injection: String, CaseIterable, Sendable {
    /// None: the good run itself, which must not fail.
    case control
    /// The metric is made worse, by more than the margin and than the noise hides.
    case regression
    /// One point, or a few, far above the others.
    case spike
    /// The last tenth of the points becomes NaN, or the weights.
    case nan
    /// What the finding of the gate is about.
    case finding
    /// Weights multiplied by a factor, or left as they are where a gate asks for a change.
    case weights
    /// The metric is not there.
    case missing
  }

  /// A fault put into a copy of the run, and what the gate said.
  public struct Trial: Equatable, Sendable {
    /// The gate.
    public var gate: Gate
    /// The fault.
    public var injection: Injection
    /// How much was added to the metric, for a regression and a spike; what weights were multiplied by.
    public var amount: Double?
    /// The metric that was changed, where the gate looks at several.
    public var metric: String?
    /// The kind of finding that was put in, where the gate counts several.
    public var finding: Finding.Kind?
    /// What the gate said.
    public var status: GateStatus

    /// Whether the gate said what it has to say.
    public var isProven: Bool {
      switch injection {
      case .control: status == .pass || status == .inconclusive
      case .regression, .spike, .nan, .finding, .weights: status == .fail
      case .missing: status == .missing
      }
    }
  }

  /// Whether every gate said what it has to say.
  public var isProven: Bool { !trials.isEmpty && trials.allSatisfy(\.isProven) }
}

extension GateSelfTest {
  /// The change between the baseline's weights and a copy of them in which what a pattern names is multiplied by a
  /// factor.
  public typealias WeightsCopy = (_ pattern: Glob, _ factor: Double) -> WeightsEvidence

  /// Tries every gate of `plan` on copies of `run`, a good run, held against `baseline`.
  ///
  /// - Parameters:
  ///   - weights: the change between the baseline's weights and the run's.
  ///   - copy: compares the baseline's weights with copies of themselves; nil where that cannot be done.
  public init(
    plan: GatePlan, run: TrainingRun, baseline: GateBaseline, weights: WeightsEvidence,
    weightsCopy copy: WeightsCopy? = nil
  ) {
    runName = run.name
    trials = []
    unproven = []
    var run = run
    // Files that would tell on the copy.
    run.trainerState = nil
    run.trainerLog = nil
    let gates = plan.gates(forRunAt: run.path, named: run.name).enabled
    let control = GateEvaluation(run: run, baseline: baseline, weights: weights)
    for gate in gates {
      let result = control.result(gate)
      trials.append(Trial(gate: gate, injection: .control, status: result.status))
      // A gate that has no data in the good run cannot tell a copy from it.
      guard result.status != .missing else { continue }
      switch gate.subject {
      case .metric(let pattern): tryMetric(gate, pattern, result, run, baseline)
      case .finding(let kind, let pattern): tryFinding(gate, kind, pattern, run, baseline)
      case .findings(let severity, _): tryFindings(gate, severity, run, baseline)
      case .weights(let pattern): tryWeights(gate, pattern, run, baseline, weights, copy)
      }
    }
  }

  mutating func add(
    _ gate: Gate, _ injection: Injection, amount: Double? = nil, metric: String? = nil,
    finding: Finding.Kind? = nil, _ run: TrainingRun,
    _ baseline: GateBaseline, _ weights: WeightsEvidence = .unavailable("")
  ) {
    let evaluation = GateEvaluation(run: run, baseline: baseline, weights: weights)
    trials.append(
      Trial(
        gate: gate, injection: injection, amount: amount, metric: metric, finding: finding,
        status: evaluation.result(gate).status))
  }

  /// The metrics of a gate that are changed one by one; of more, the first.
  private static let metricLimit = 16

  // MARK: Metrics

  private mutating func tryMetric(
    _ gate: Gate, _ pattern: Glob, _ control: GateResult, _ run: TrainingRun, _ baseline: GateBaseline
  ) {
    let tags = run.metrics(matching: pattern.pattern).map(\.tag)
    var without = run
    // A known name of a role would find the next best metric instead.
    without.metrics.removeAll { tags.contains($0.tag) || !pattern.matches($0.tag) && pattern.isLiteral }
    add(gate, .missing, without, baseline)
    for tag in tags.prefix(Self.metricLimit) {
      let name = tags.count > 1 ? tag : nil
      let nan = run.changing(tag) { $0.makeNaN(last: max(1, $0.count / 10)) }
      add(gate, .nan, metric: name, nan, baseline)
      for bound in gate.bounds {
        let checks = control.checks.filter { $0.bound == bound }
        guard let check = checks.first(where: { $0.subject == tag }) ?? checks.first else { continue }
        var single = gate
        single.bounds = [bound]
        let amount = Self.regression(check, bound) { amount in
          let probe = run.changing(tag) { $0.shift(by: amount) }
          let result = GateEvaluation(run: probe, baseline: baseline, weights: .unavailable("")).result(
            single)
          return result.checks.first { $0.subject == tag }?.effect
        }
        let worse = run.changing(tag) { $0.shift(by: amount) }
        add(single, .regression, amount: amount, metric: name, worse, baseline)
        // A figure of all points cannot be asked to see one; the greatest point can.
        guard bound.isCeiling ? gate.statistic == .max : gate.statistic == .min else { continue }
        let span = Self.span(run.metric(tagged: tag)?.series) ?? 0
        let height = amount + (bound.isCeiling ? span : -span)
        let spiked = run.changing(tag) { $0.raise(by: height, times: 1) }
        add(single, .spike, amount: height, metric: name, spiked, baseline)
      }
    }
  }

  /// How much worse a figure has to become, so that its gate must fail: past the limit by half of the margin and by
  /// one and a half of the smallest detectable effect.
  ///
  /// - Parameter probe: the effect in a copy that is worse by so much: a run against itself shows no noise.
  private static func regression(
    _ check: GateCheck, _ bound: Gate.Bound, probe: (Double) -> Effect?
  ) -> Double {
    let first = regression(check, bound, detectable: check.effect?.smallestDetectable ?? 0)
    guard check.effect?.method == .exact, let detectable = probe(first)?.smallestDetectable, detectable > 0
    else { return first }
    return regression(check, bound, detectable: detectable)
  }

  private static func regression(_ check: GateCheck, _ bound: Gate.Bound, detectable: Double) -> Double {
    let found = check.found ?? 0
    let noise = 1.5 * detectable
    let seeds = check.effect?.spread?.predictionBound ?? 0
    switch bound {
    case .atMost(let limit): return max(0, limit - found) + noise + 0.01 * max(abs(limit), abs(found), 1e-9)
    case .atLeast(let limit):
      return -(max(0, found - limit) + noise + 0.01 * max(abs(limit), abs(found), 1e-9))
    case .increase, .decrease:
      let base = check.effect?.base ?? found
      let margin = max(check.margin ?? 0, seeds, 1e-6 * abs(base), 1e-12)
      let excess = 1.5 * margin + noise
      if case .increase = bound { return max(0, base - found) + excess }
      return -(max(0, found - base) + excess)
    }
  }

  private static func span(_ series: Series?) -> Double? {
    let values = series?.values.filter(\.isFinite) ?? []
    guard let least = values.min(), let greatest = values.max() else { return nil }
    return greatest - least
  }
}
