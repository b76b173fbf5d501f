internal import RunFolder

extension GateSelfTest {
  /// Tries a gate on weights: with none to compare, and with copies of the baseline's weights that break its bounds.
  mutating func tryWeights(
    _ gate: Gate, _ pattern: Glob, _ run: TrainingRun, _ baseline: GateBaseline, _ weights: WeightsEvidence,
    _ copy: WeightsCopy?
  ) {
    add(gate, .missing, run, baseline, .unavailable("taken away by the self-test"))
    guard case .changes = weights else {
      unproven.append(.init(id: gate.id, reason: "there are no weights to put it into"))
      return
    }
    guard let copy else {
      unproven.append(.init(id: gate.id, reason: "the baseline's weights cannot be copied"))
      return
    }
    for bound in gate.bounds {
      var single = gate
      single.bounds = [bound]
      let tried = Self.factors(gate.statistic, bound).map { (factor: $0, evidence: copy(pattern, $0)) }
      // The least factor that breaks the bound; where none does, the last one shows that.
      let broken = tried.first { status(of: single, run, baseline, $0.evidence) == .fail } ?? tried.last
      guard let broken else { continue }
      if case .unavailable(let reason) = broken.evidence {
        unproven.append(.init(id: gate.id, reason: reason))
        return
      }
      add(single, .weights, amount: broken.factor, run, baseline, broken.evidence)
    }
    let spoilt = copy(pattern, .nan)
    if case .changes = spoilt { add(gate, .nan, run, baseline, spoilt) }
  }

  private func status(
    of gate: Gate, _ run: TrainingRun, _ baseline: GateBaseline, _ weights: WeightsEvidence
  ) -> GateStatus {
    GateEvaluation(run: run, baseline: baseline, weights: weights).result(gate).status
  }

  /// What weights are multiplied by, in turn, so that a bound breaks: a copy that is the same has no change and a
  /// cosine of 1, one of the opposite sign a cosine of −1.
  private static func factors(_ statistic: GateStatistic, _ bound: Gate.Bound) -> [Double] {
    switch (statistic, bound.isCeiling) {
    case (.cosine, true): [1]
    case (.cosine, false): [-1]
    case (_, true): [2, 16, 256, 4096]
    case (_, false): [1]
    }
  }
}
