internal import EventFile
public import RunFolder

/// Proof that gates fire: faults put into copies of a good run, and what each gate says to them.
public struct GateSelfTest: Equatable, Sendable {
  /// What was tried, gate by gate.
  public var trials: [Trial]
  /// The ids of gates whose own fault cannot be put into a copy, so that only their missing data was tried.
  public var unproven: [String]

  /// A fault.
  public enum Injection: String, CaseIterable, Sendable {
    /// None: the good run itself, which must not fail.
    case control
    /// The metric is made worse, by more than the margin and than the noise hides.
    case regression
    /// One point, or a few, far above the others.
    case spike
    /// The last tenth of the points becomes NaN.
    case nan
    /// The metric is not there.
    case missing
  }

  /// A fault put into a copy of the run, and what the gate said.
  public struct Trial: Equatable, Sendable {
    /// The gate.
    public var gate: Gate
    /// The fault.
    public var injection: Injection
    /// How much was added to the metric, for a regression and a spike.
    public var amount: Double?
    /// What the gate said.
    public var status: GateStatus

    /// Whether the gate said what it has to say.
    public var isProven: Bool {
      switch injection {
      case .control: status == .pass || status == .inconclusive
      case .regression, .spike, .nan: status == .fail
      case .missing: status == .missing
      }
    }
  }

  /// Whether every gate said what it has to say.
  public var isProven: Bool { !trials.isEmpty && trials.allSatisfy(\.isProven) }
}

extension GateSelfTest {
  /// Tries every gate of `plan` on copies of `run`, a good run, held against `baseline`.
  public init(plan: GatePlan, run: TrainingRun, baseline: GateBaseline, weights: WeightsEvidence) {
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
      switch gate.subject {
      case .metric(let pattern): tryMetric(gate, pattern, result, run, baseline)
      case .finding(let kind, let pattern): tryFinding(gate, kind, pattern, run, baseline)
      case .weights: tryWeights(gate, run, baseline, weights)
      }
    }
  }

  private mutating func add(
    _ gate: Gate, _ injection: Injection, amount: Double? = nil, _ run: TrainingRun, _ baseline: GateBaseline,
    _ weights: WeightsEvidence = .unavailable("")
  ) {
    let evaluation = GateEvaluation(run: run, baseline: baseline, weights: weights)
    trials.append(
      Trial(gate: gate, injection: injection, amount: amount, status: evaluation.result(gate).status))
  }

  // MARK: Metrics

  private mutating func tryMetric(
    _ gate: Gate, _ pattern: Glob, _ control: GateResult, _ run: TrainingRun, _ baseline: GateBaseline
  ) {
    let tags = run.metrics(matching: pattern.pattern).map(\.tag)
    var without = run
    // A known name of a role would find the next best metric instead.
    without.metrics.removeAll { tags.contains($0.tag) || !pattern.matches($0.tag) && pattern.isLiteral }
    add(gate, .missing, without, baseline)
    let first = tags.first
    add(gate, .nan, run.changing(first) { Self.makeNaN(&$0) }, baseline)
    for bound in gate.bounds {
      guard let check = control.checks.first(where: { $0.bound == bound }) else { continue }
      let amount = Self.regression(check, bound)
      var single = gate
      single.bounds = [bound]
      add(single, .regression, amount: amount, run.changing(first) { Self.shift(&$0, by: amount) }, baseline)
      let isCeiling = bound.isCeiling
      // A figure of all points cannot be asked to see one; the greatest point can.
      guard isCeiling ? gate.statistic == .max : gate.statistic == .min else { continue }
      let height =
        amount + (isCeiling ? 1 : -1) * (first.flatMap { Self.span(run.metric(tagged: $0)?.series) } ?? 0)
      add(
        single, .spike, amount: height, run.changing(first) { Self.raise(&$0, by: height, times: 1) },
        baseline)
    }
  }

  /// How much worse a figure has to become, so that its gate must fail: past the limit by half of the margin and by
  /// one and a half of the smallest detectable effect.
  private static func regression(_ check: GateCheck, _ bound: Gate.Bound) -> Double {
    let found = check.found ?? 0
    let noise = 1.5 * (check.effect?.smallestDetectable ?? 0)
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

  private static func shift(_ series: inout Series, by amount: Double) {
    for index in series.values.indices { series.values[index] += amount }
  }

  private static func makeNaN(_ series: inout Series) {
    let count = max(1, series.count / 10)
    for index in max(0, series.count - count)..<series.count { series.values[index] = .nan }
  }

  private static func span(_ series: Series?) -> Double? {
    let values = series?.values.filter(\.isFinite) ?? []
    guard let least = values.min(), let greatest = values.max() else { return nil }
    return greatest - least
  }

  private static func raise(_ series: inout Series, by amount: Double, times count: Int) {
    for number in 0..<count {
      let index = series.count * (number + 2) / (count + 3)
      guard series.values.indices.contains(index) else { return }
      series.values[index] += amount
    }
  }

  // MARK: Findings

  private mutating func tryFinding(
    _ gate: Gate, _ kind: Finding.Kind, _ pattern: Glob?, _ run: TrainingRun, _ baseline: GateBaseline
  ) {
    var without = run
    without.metrics = []
    add(gate, .missing, without, baseline)
    let bounds = gate.bounds.map { bound -> Double in
      switch bound {
      case .atMost(let limit): limit
      case .increase(.absolute(let margin)): margin
      case .increase, .decrease, .atLeast: 0
      }
    }
    let hasCeiling = gate.bounds.contains(where: \.isCeiling)
    let wanted = min(1000, Int(max(0, bounds.max() ?? 0)) + 1)
    let loss = run.metric(for: .trainLoss)?.tag
    let tag = pattern.flatMap { run.metrics(matching: $0.pattern).first?.tag } ?? loss
    let copy: (Injection, TrainingRun)? =
      switch kind {
      case .nonFinite where hasCeiling:
        (
          .nan,
          run.changing(tag) { series in
            for index in max(0, series.count - wanted)..<series.count { series.values[index] = .nan }
          }
        )
      case .filteredNaN where wanted == 1 && hasCeiling: (.nan, Self.filtered(run))
      case .spike where hasCeiling:
        (
          .spike,
          run.changing(tag) { series in
            let height = 10 * (series.values.filter(\.isFinite).max() ?? 1)
            Self.raise(&series, by: height, times: wanted)
          }
        )
      case .diverged where wanted == 1 && hasCeiling: (.regression, run.changing(loss) { Self.diverge(&$0) })
      case .overfitting where wanted == 1 && hasCeiling:
        (.regression, run.changing(run.metric(for: .evalLoss)?.tag) { Self.overfit(&$0) })
      case .deadRun where wanted == 1 && hasCeiling: (.regression, Self.dead(run))
      default: nil
      }
    guard let copy else {
      unproven.append(gate.id)
      return
    }
    add(gate, copy.0, copy.1, baseline)
  }

  /// A copy as HF Trainer's NaN filter leaves it: the loss 0, the gradient norm NaN.
  private static func filtered(_ run: TrainingRun) -> TrainingRun {
    let loss = run.metric(for: .trainLoss)?.tag
    let gradient = run.metric(for: .gradientNorm)?.tag
    return run.changing(loss) { series in
      for index in series.count / 2..<series.count { series.values[index] = 0 }
    }.changing(gradient) { series in
      for index in series.count / 2..<series.count { series.values[index] = .nan }
    }
  }

  /// A copy that does not move any more, with gradients that are exactly 0.
  private static func dead(_ run: TrainingRun) -> TrainingRun {
    let loss = run.metric(for: .trainLoss)?.tag
    let gradient = run.metric(for: .gradientNorm)?.tag
    return run.changing(loss) { series in
      for index in series.values.indices { series.values[index] = series.values[0] }
    }.changing(gradient) { series in
      for index in series.values.indices { series.values[index] = 0 }
    }
  }

  private static func diverge(_ series: inout Series) {
    let start = series.count * 7 / 10
    for index in start..<series.count { series.values[index] *= 3 }
  }

  private static func overfit(_ series: inout Series) {
    let best = series.values.filter(\.isFinite).min() ?? 1
    let start = series.count / 3
    for index in start..<series.count {
      series.values[index] = best * (1 + 0.05 * Double(index - start + (start == 0 ? 0 : 1)))
    }
  }

  // MARK: Weights

  private mutating func tryWeights(
    _ gate: Gate, _ run: TrainingRun, _ baseline: GateBaseline, _ weights: WeightsEvidence
  ) {
    add(gate, .missing, run, baseline, .unavailable("taken away by the self-test"))
    guard case .changes(let changes) = weights, !changes.isEmpty else { return }
    var worse = changes
    for index in worse.indices {
      worse[index].relativeChange = gate.bounds.reduce(worse[index].relativeChange) { Self.beyond($0, $1) }
      worse[index].differenceNorm = gate.bounds.reduce(worse[index].differenceNorm) { Self.beyond($0, $1) }
      worse[index].cosine = gate.bounds.reduce(worse[index].cosine) { Self.beyond($0, $1) }
    }
    add(gate, .regression, run, baseline, .changes(worse))
  }

  private static func beyond(_ value: Double, _ bound: Gate.Bound) -> Double {
    switch bound {
    case .atMost(let limit): max(value, limit + 0.01 * max(1, abs(limit)))
    case .atLeast(let limit): min(value, limit - 0.01 * max(1, abs(limit)))
    case .increase, .decrease: value
    }
  }
}

extension TrainingRun {
  /// A copy in which one metric is changed.
  func changing(_ tag: String?, _ change: (inout Series) -> Void) -> TrainingRun {
    var copy = self
    guard let index = copy.metrics.firstIndex(where: { $0.tag == tag }) else { return copy }
    change(&copy.metrics[index].series)
    return copy
  }
}
