internal import RunFolder

extension PairComparison {
  /// The figure that decides between the two: that of the objective which both share, else of the loss that both have.
  ///
  /// - Returns: nil where they have none in common, or are judged by unlike things (`hasUnlikeObjectives`).
  public var deciding: MetricComparison? {
    guard !hasUnlikeObjectives else { return nil }
    if let objective = baseObjective, !objective.isOfLoss {
      let rows = metrics.filter { $0.tag == objective.tag && $0.effect != nil }
      if let row = rows.first(where: { $0.statistic != .last }) ?? rows.first { return row }
    }
    return metrics.first {
      MetricRole.evalLoss.rank(of: $0.tag) != nil && $0.statistic == .best && $0.effect != nil
    } ?? metrics.first { MetricRole.trainLoss.rank(of: $0.tag) != nil }
  }

  /// Whether the two are judged by unlike things, so that neither is better or worse: a reward and a loss, or measures
  /// with other names. Two losses are alike, one of an evaluation and one of the training too.
  public var hasUnlikeObjectives: Bool {
    guard let base = baseObjective, let new = newObjective else { return false }
    if base.isOfLoss, new.isOfLoss { return Self.isLossLike(baseTraining) != Self.isLossLike(newTraining) }
    return base.tag != new.tag || base.direction != new.direction
  }

  /// Why figures of the metric `tag` of the two cannot be held against each other; nil where they can.
  public func obstacle(for tag: String) -> Comparability.Kind? {
    comparability.obstacle(for: tag, isPerToken: isPerToken)
  }

  /// Whether the losses of both are means over tokens.
  var isPerToken: Bool { baseTraining == .supervised && newTraining == .supervised }

  /// Whether the loss of a kind of training is a mean over tokens or classes, which two runs can share.
  private static func isLossLike(_ training: TrainingKind) -> Bool {
    training == .supervised || training == .classification
  }
}

extension Objective {
  /// Whether it is a loss that is to fall.
  public var isOfLoss: Bool { direction == .lower && MetricRole.isLoss(tag) }
}
