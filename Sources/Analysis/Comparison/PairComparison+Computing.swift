internal import EventFile
internal import RunFolder

extension PairComparison {
  /// Compares `new` with `base`, whose loss has `baseFlaw`.
  init(base: TrainingRun, new: TrainingRun, baseFlaw: Finding?, options: ComparisonOptions) {
    self.new = new
    self.baseFlaw = baseFlaw
    configuration = ConfigurationDifference.between(base, new)
    (baseTraining, newTraining) = (TrainingKind(of: base), TrainingKind(of: new))
    comparability = Comparability(
      base: ComparedSettings(of: base, training: baseTraining),
      new: ComparedSettings(of: new, training: newTraining))
    evaluationSets = EvaluationSets(
      base: base, new: new, differences: configuration, comparability: comparability)
    let newFlaw = new.lossFlaw
    self.newFlaw = newFlaw
    let (base, new) = (
      base.withoutFilteredZeros(of: baseFlaw), new.withoutFilteredZeros(of: newFlaw)
    )
    let shared = SharedMetric.all(base, new, patterns: options.metrics)
    let sharedBase = Set(shared.map(\.base.tag))
    let sharedNew = Set(shared.map(\.new.tag))
    onlyBase = base.metrics.map(\.tag).filter { !sharedBase.contains($0) && options.metrics.isEmpty }
    onlyNew = new.metrics.map(\.tag).filter { !sharedNew.contains($0) && options.metrics.isEmpty }
    pairing = .none
    metrics = []
    baseObjective = Objective(of: base, training: baseTraining)
    newObjective = Objective(of: new, training: newTraining)
    guard let runs = AlignedRuns(base: base, new: new, axis: options.axis) else { return }
    alignment = runs.alignment
    let context = ComparisonContext(
      runs: runs, options: options, evaluationSets: evaluationSets,
      flaws: (base: baseFlaw != nil, new: newFlaw != nil), directions: directions(of: base),
      obstacle: { [comparability, isPerToken] in comparability.obstacle(for: $0, isPerToken: isPerToken) })
    pairing = context.pairing
    let lossCurve = context.curve(.trainLoss)
    metrics = shared.flatMap { context.rows(for: $0, loss: lossCurve) }
    let target = options.target ?? context.defaultTarget(loss: lossCurve)
    loss = lossCurve?.comparison(target: target)
    if evaluationSets.relation != .different {
      evaluation = context.curve(.evalLoss)?.comparison(target: target)
    }
  }

  /// Which way of metrics is better, where more than their names tells it.
  private func directions(of base: TrainingRun) -> [String: MetricDirection] {
    var directions: [String: MetricDirection] = [:]
    if baseTraining == .rewardModel, newTraining == .rewardModel {
      // A reward model is right up to a constant, so that the level of its rewards says nothing.
      for metric in base.metrics where MetricNames.isReward(metric.tag) { directions[metric.tag] = .neutral }
    }
    if baseTraining == .reinforcement || newTraining == .reinforcement {
      for metric in base.metrics where MetricRole.isLoss(metric.tag) { directions[metric.tag] = .neutral }
    }
    for objective in [newObjective, baseObjective].compactMap({ $0 }) {
      directions[objective.tag] = objective.direction
    }
    return directions
  }
}
