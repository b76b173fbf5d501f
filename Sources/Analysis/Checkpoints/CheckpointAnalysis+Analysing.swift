internal import Checkpoint
internal import EventFile
public import RunFolder
public import Weights

extension CheckpointAnalysis {
  /// Draws the conclusions from `comparison`.
  ///
  /// - Parameters:
  ///   - training: what the trainer said at each checkpoint, where its files are beside them.
  ///   - relation: whether both are of one training, which decides what a difference means.
  /// - Complexity: O(modules + tensors).
  public init(
    _ comparison: CheckpointComparison, training: Pair<CheckpointTraining?> = Pair(nil, nil),
    relation: Relation = .oneTraining
  ) {
    self.comparison = comparison
    self.training = training
    self.relation = relation
    let sums = WeightSums(of: comparison)
    groups = sums.groups
    stacks = sums.stacks
    let isMovement = comparison.isPair && (relation == .oneTraining || comparison.isIdentical)
    movement = isMovement ? Self.movement(comparison) : nil
    concentration = comparison.isPair && movement != .identical ? Concentration(groups, stacks) : nil
    choice = comparison.isPair ? Choice(comparison, training, relation) : nil
    findings = CheckpointFindingRules(comparison, movement: movement).findings
  }

  private static func movement(_ comparison: CheckpointComparison) -> Movement? {
    if comparison.isIdentical { return .identical }
    // Another α makes ΔW longer or shorter, and moves no weight.
    if comparison.hasSameTensors { return nil }
    // What was lost has gone nowhere.
    if comparison.tensors.contains(where: \.isLost) { return nil }
    // What was trained whole counts as what was trained by low rank does: still are only those of which both are.
    let totals = [comparison.total, comparison.wholeTotal].compactMap(\.self).filter {
      min($0.count.before, $0.count.after) > 0
    }
    let movements = totals.compactMap(movement)
    if movements.isEmpty { return nil }
    if movements.contains(.moving) { return .moving }
    let others = Set(movements.filter { $0 != .still })
    return others.count > 1 ? .moving : others.first ?? .still
  }

  private static func movement(_ total: CheckpointComparison.Total) -> Movement? {
    // Of what stayed as it is nothing moved; whether all did is asked before.
    guard total.differenceNorm > 0, let change = total.relativeChange else { return nil }
    if change < Thresholds.still { return .still }
    guard let growth = total.growthShare, growth >= Thresholds.growing else { return .moving }
    // A turn to the opposite lies along what was there as well, and is neither.
    guard let cosine = total.cosine, cosine >= Thresholds.sameDirection else { return .moving }
    return total.sharedNorm.after > total.sharedNorm.before ? .growing : .shrinking
  }
}

extension CheckpointAnalysis {
  /// How far unrelated trainings changed the weights in the same way; nil for others, and without a measure.
  public var agreement: Agreement? {
    guard comparison.isPair, relation == .unrelated, !comparison.isIdentical,
      let cosine = comparison.total.cosine
    else { return nil }
    switch cosine {
    case Thresholds.nearlySame...: return .nearlySame
    case Thresholds.partly...: return .partly
    case (-Thresholds.partly)...: return .different
    default: return .opposite
    }
  }
}

extension CheckpointComparison.Total {
  /// The share of the squared change that lies along the weights before; nil without any change or weights.
  public var growthShare: Double? {
    guard sharedNorm.before > 0, differenceNorm > 0 else { return nil }
    let along = innerProduct / sharedNorm.before - sharedNorm.before
    return min(1, along * along / (differenceNorm * differenceNorm))
  }
}

extension CheckpointTraining {
  /// What `state`, the trainer's own record, says up to `step`.
  ///
  /// - Parameter step: the checkpoint's; the state's own where nil.
  public init?(_ state: TrainerState, step: Int64? = nil) {
    guard let step = step ?? state.globalStep else { return nil }
    func values(_ tag: String) -> [StepValue] {
      guard let series = state.series.first(where: { $0.tag == tag }) else { return [] }
      return series.filter { $0.step <= step }.map { StepValue(step: $0.step, value: $0.value) }
    }
    let evaluations = values("eval/loss")
    self.init(
      step: step, loss: values("train/loss").last?.value, evaluation: evaluations.last?.value,
      evaluations: evaluations)
  }
}

extension CheckpointAnalysis.Relation {
  /// One training where the trainers at both checkpoints tell of the same evaluations up to the earlier step, as one
  /// does that was resumed into another folder.
  public init(_ training: Pair<CheckpointTraining?>) {
    self = .unrelated
    guard let before = training.before, let after = training.after else { return }
    let step = min(before.step, after.step)
    let evaluations = Pair(before.evaluations, after.evaluations).map { $0.filter { $0.step <= step } }
    if !evaluations.before.isEmpty, evaluations.before == evaluations.after { self = .oneTraining }
  }
}

extension CheckpointAnalysis.Choice {
  init?(
    _ comparison: CheckpointComparison, _ training: Pair<CheckpointTraining?>,
    _ relation: CheckpointAnalysis.Relation
  ) {
    if comparison.isIdentical {
      self.init(isAfter: false, reason: .identical)
      return
    }
    let broken = Pair(
      comparison.tensors.contains { $0.nonFinite.before.count > 0 },
      comparison.tensors.contains { $0.nonFinite.after.count > 0 })
    if broken.before != broken.after {
      self.init(isAfter: broken.before, reason: .finite)
      return
    }
    // Between trainings the evaluations are the comparison of runs' to judge, which knows the evaluation sets.
    guard relation == .oneTraining, !broken.before, let before = training.before?.evaluation,
      let after = training.after?.evaluation, before.isFinite, after.isFinite, before != 0
    else { return nil }
    let change = (after - before) / abs(before)
    if abs(change) < CheckpointAnalysis.Thresholds.evaluation {
      self.init(isAfter: false, reason: .earlierAtEqualEvaluation(Pair(before, after)))
    } else {
      let scatter = training.after.flatMap(\.evaluationScatter) ?? 0
      self.init(
        isAfter: change < 0,
        reason: .lowerEvaluation(
          Pair(before, after), change: change,
          isOverfitting: change >= CheckpointAnalysis.Thresholds.overfitting
            && after - before > 2 * 2.0.squareRoot() * scatter))
    }
  }
}

extension CheckpointTraining {
  /// The standard deviation of an evaluation around the course of its neighbours, from second differences (their
  /// variance is six times that of one value); nil with fewer than three evaluations.
  var evaluationScatter: Double? {
    let values = evaluations.map(\.value).filter(\.isFinite)
    guard values.count >= 3 else { return nil }
    var sum = 0.0
    for index in 1..<values.count - 1 {
      let second: Double = values[index - 1] - 2 * values[index] + values[index + 1]
      sum += second * second
    }
    return (sum / Double(6 * (values.count - 2))).squareRoot()
  }
}

extension CheckpointTraining {
  /// What the metrics of `run` say up to `step`.
  public init(_ run: TrainingRun, step: Int64) {
    func values(_ role: MetricRole) -> [StepValue] {
      guard let series = run.metric(for: role)?.series else { return [] }
      return series.filter { $0.step <= step }.map { StepValue(step: $0.step, value: $0.value) }
    }
    let evaluations = values(.evalLoss)
    var loss = values(.trainLoss).last
    // HF Trainer's filter logs 0.0 for a loss that is NaN; the gradient tells.
    if let point = loss, point.value == 0,
      let norm = run.metric(for: .gradientNorm)?.series.value(at: point.step), !norm.isFinite
    {
      loss?.value = .nan
    }
    self.init(
      step: step, loss: loss?.value, evaluation: evaluations.last?.value,
      evaluations: evaluations)
    guard let objective = Objective(of: run), !objective.isOfLoss,
      let series = run.metric(tagged: objective.tag)?.series
    else { return }
    let end = series.position(after: step)
    let size = MetricAligner.isEvaluation(objective.tag) ? 1 : 10
    let values = series.values[max(0, end - size)..<end].filter(\.isFinite)
    guard !values.isEmpty else { return }
    deciding = Deciding(objective: objective, value: values.reduce(0, +) / Double(values.count))
  }
}
