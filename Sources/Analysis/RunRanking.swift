internal import EventFile

/// Which of several runs stands before which, and which figures are the lowest.
///
/// A run that failed (it diverged, its loss is lost) stands behind all others, whatever it reached before that, and is
/// never the best. The others go by the objective, where all share one that is no loss; else by their lowest evaluation
/// loss, else by the level that their training loss ended at; those without any loss come last, and equal ones keep
/// their order. Where some are judged by a loss and others by something else, none is the best.
public struct RunRanking: Equatable, Sendable {
  /// The indices of the runs, the best first.
  public let order: [Int]
  /// The index of the run with the lowest final level of the training loss; nil with fewer than two to choose from.
  public let bestByLoss: Int?
  /// The index of the run with the lowest evaluation loss, likewise. Whether the evaluation sets are the same, the
  /// files do not tell.
  public let bestByEvaluation: Int?
  /// The objective that the order goes by, where that is no loss.
  public let objective: Objective?
  /// The index of the run with the best figure of `objective`, likewise.
  public let bestByObjective: Int?
  /// Whether the runs are judged by metrics that can be held against each other.
  public let isAlike: Bool
  /// What the runs do not have in common, so that figures which go by one name are of other things; nil where nothing
  /// tells of any.
  public let obstacle: Comparability.Difference?

  /// The ranking of `runs`.
  public init(of runs: [RunAnalysis]) {
    let losses = runs.map { $0.isLost ? nil : $0.finalLoss }
    let evaluations = runs.map { $0.isLost ? nil : $0.evaluation?.best?.value }
    let objective = Self.shared(runs)
    self.objective = objective
    let obstacle = Self.obstacle(among: runs)
    self.obstacle = obstacle
    let isAlike =
      obstacle == nil
      && (objective != nil || runs.allSatisfy { $0.objective?.objective.isOfLoss ?? true })
    self.isAlike = isAlike
    let figures = runs.map { run -> Double? in
      guard let objective else { return run.rankingFigure }
      return run.objective?.figure.map { objective.direction == .higher ? -$0 : $0 }
    }
    order = runs.indices.sorted { left, right in
      let keys = [left, right].map { (runs[$0].isLost ? 1 : 0, figures[$0] ?? .infinity, $0) }
      return keys[0] < keys[1]
    }
    let order = order
    func best(_ values: [Double?]) -> Int? {
      guard isAlike, values.count(where: { $0 != nil }) > 1 else { return nil }
      return order.filter { values[$0] != nil }.min { (values[$0] ?? 0) < (values[$1] ?? 0) }
    }
    bestByLoss = best(losses)
    bestByEvaluation = best(evaluations)
    bestByObjective = objective == nil ? nil : best(zip(runs, figures).map { $0.isLost ? nil : $1 })
  }

  /// What keeps the figures that decide over `runs` from being held against each other, by the first of them that has
  /// settings and each other.
  static func obstacle(among runs: [RunAnalysis]) -> Comparability.Difference? {
    let judged = runs.filter { $0.objective != nil && !$0.run.configuration.isEmpty }
    guard judged.count > 1 else { return nil }
    let settings = judged.map { ComparedSettings(of: $0.run, training: $0.training) }
    for index in judged.indices.dropFirst() {
      let comparability = Comparability(base: settings[0], new: settings[index])
      guard !comparability.differences.isEmpty else { continue }
      let isPerToken = judged[0].training == .supervised && judged[index].training == .supervised
      for tag in Set([judged[0], judged[index]].compactMap { $0.objective?.objective.tag }).sorted() {
        guard let kind = comparability.obstacle(for: tag, isPerToken: isPerToken) else { continue }
        return comparability.differences.first { $0.kind == kind }
      }
    }
    return nil
  }

  /// The objective of all runs, where it is the same and no loss.
  private static func shared(_ runs: [RunAnalysis]) -> Objective? {
    guard let first = runs.first?.objective?.objective, !first.isOfLoss else { return nil }
    let isShared = runs.allSatisfy {
      $0.objective?.objective.tag == first.tag && $0.objective?.objective.direction == first.direction
    }
    return isShared ? first : nil
  }

  /// The place of each run in `order`, from 0.
  public var ranks: [Int] {
    var ranks = Array(repeating: 0, count: order.count)
    for (rank, index) in order.enumerated() { ranks[index] = rank }
    return ranks
  }
}

extension RunAnalysis {
  /// Whether the run failed, so that no figure of it counts as reached.
  public var isLost: Bool { severity == .failure || finalLoss?.isFinite == false }

  /// Whether the training loss is 0 in the place of NaN, so that its figures are none.
  public var isFiltered: Bool { filtered != nil }

  /// The finding that says from where on the training loss is 0 in the place of NaN.
  public var filtered: Finding? { findings.first { $0.kind == .filteredNaN } }

  /// What the training loss ended at: the level of its last window, else its last point; not finite where it is lost.
  public var finalLoss: Double? {
    if isFiltered { return .nan }
    guard let last = loss?.series.values.last, last.isFinite else { return loss?.series.values.last }
    return loss?.final?.level ?? last
  }

  /// What a run stands by beside others: its lowest evaluation loss, else what its training loss ended at; nil where
  /// the loss is lost or there is none.
  public var rankingFigure: Double? {
    if let finalLoss, !finalLoss.isFinite { return nil }
    return evaluation?.best?.value ?? finalLoss
  }
}
