public import EventFile

extension TrainingRun {
  /// The metric with the best of the names that writers use for `role`; the first of equals; nil where there is none.
  public func metric(for role: MetricRole) -> Metric? {
    var best: (rank: Int, index: Int)?
    for (index, metric) in metrics.enumerated() where !metric.series.isEmpty {
      guard let rank = role.rank(of: metric.tag) else { continue }
      if best.map({ rank < $0.rank }) ?? true { best = (rank, index) }
    }
    return best.map { metrics[$0.index] }
  }

  /// The metric with the tag `tag`.
  public func metric(tagged tag: String) -> Metric? { metrics.first { $0.tag == tag } }

  /// The metrics that `pattern` names: those whose tags fit it as a glob, or, where none does and the pattern is a
  /// known name for a role (`loss`, `eval_loss`, `lm loss`), the run's metric for that role.
  public func metrics(matching pattern: String) -> [Metric] {
    let glob = Glob(pattern)
    let found = metrics.filter { glob.matches($0.tag) }
    guard found.isEmpty, glob.isLiteral else { return found }
    guard let role = MetricRole(named: pattern), let metric = metric(for: role) else { return [] }
    return [metric]
  }

  /// The number of steps that the training was to take, as the trainer's files or its arguments tell.
  public var plannedSteps: Int64? {
    if let steps = trainerState?.maxSteps ?? trainerLog?.totalSteps { return steps }
    // HF Trainer's argument is −1 where the epochs decide.
    let arguments = configuration.first { $0.source.hasPrefix("args") }
    let steps = arguments?.settings.first { $0.name == "max_steps" }.flatMap { Int64($0.value) }
    return steps.flatMap { $0 > 0 ? $0 : nil }
  }
}
