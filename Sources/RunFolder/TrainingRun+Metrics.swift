internal import Bytes
public import EventFile

extension TrainingRun {
  /// The metric with the best of the names that writers use for `role`; the first of equals; nil where there is none.
  public func metric(for role: MetricRole) -> Metric? {
    roles.place(of: role, among: metrics).map { metrics[$0] }
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

  /// The losses over evaluation sets, one a set: first the one that `metric(for: .evalLoss)` gives, then the others in
  /// the order of the run's metrics.
  ///
  /// A tag with a name between the word for an evaluation and the loss is of a set of that name, where the same name has
  /// timings of an evaluation (`eval/code_loss` and `eval/code_runtime`), where the name stands between slashes
  /// (`eval/code/loss`), or where there is no loss without a name; else it is a part of the loss (`eval/nll_loss`).
  public var evaluationLosses: [Metric] {
    guard let first = metric(for: .evalLoss) else { return [] }
    let tags = Set(metrics.map(\.tag))
    let isPlain = MetricRole.evaluationSet(of: first.tag) == nil
    var sets: Set<String> = [MetricRole.evaluationSet(of: first.tag) ?? ""]
    var losses = [first]
    for metric in metrics where metric.tag != first.tag && !metric.series.isEmpty {
      guard MetricRole.role(of: metric.tag) == .evalLoss, let name = MetricRole.evaluationSet(of: metric.tag),
        !sets.contains(name)
      else { continue }
      let stem = String(metric.tag.dropLast(4))
      let isTimed = tags.contains(stem + "runtime") || tags.contains(stem + "samples_per_second")
      let isBetweenSlashes = metric.tag.hasSuffix("/loss") || metric.tag.contains("/dataloader_idx_")
      guard isTimed || isBetweenSlashes || (!isPlain && metric.tag.hasSuffix("_loss")) else { continue }
      sets.insert(name)
      losses.append(metric)
    }
    return losses
  }

  /// What the steps of the run count.
  public enum StepUnit: String, Sendable {
    /// Steps of the optimizer.
    case step
    /// Samples, as DeepSpeed's `Train/Samples/…` does.
    case sample
    /// Nothing: the writer had no counter, and the points are numbered in the order in which they were written.
    case order
  }

  /// What the steps of the run count.
  public var stepUnit: StepUnit {
    if isNumberedByOrder { return .order }
    guard let tag = metric(for: .trainLoss)?.tag ?? metrics.first?.tag else { return .step }
    return MetricName(tag).countsSamples ? .sample : .step
  }

  /// The number of steps that the training was to take, as the trainer's files or its arguments say.
  public var plannedSteps: Int64? {
    if let steps = trainerState?.maxSteps ?? trainerLog?.totalSteps { return steps }
    // HF Trainer's argument is −1 where the epochs decide.
    let arguments = configuration.first { $0.source.hasPrefix("args") }
    let steps = arguments?.settings.first { $0.name == "max_steps" }.flatMap { Int64($0.value) }
    return steps.flatMap { $0 > 0 ? $0 : nil }
  }

  /// The last step that any source knows of: the state, the log, or the last point of any metric. The last logging of
  /// the loss is often before it. Nil where nothing counts steps.
  public var reachedStep: Int64? {
    let metricEnd = stepUnit == .step ? lastStep : nil
    return [trainerState?.globalStep, trainerLog?.lastStep, metricEnd].compactMap { $0 }.max()
  }

  /// The last step of ``metricsByStep``; a metric is asked what it counts only where it goes on for longer than others.
  private var lastStep: Int64? {
    let countsSteps = countsSteps
    var last: Int64?
    for metric in metrics {
      guard let end = metric.series.steps.last, last.map({ end > $0 }) ?? true, countsSteps(metric) else {
        continue
      }
      last = end
    }
    if last == nil, !metrics.contains(where: countsSteps) {
      return metrics.compactMap(\.series.steps.last).max()
    }
    return last
  }

  /// The metrics whose steps count what those of the training loss do; all where that would be none.
  public var metricsByStep: [Metric] {
    let kept = metrics.filter(countsSteps)
    return kept.isEmpty ? metrics : kept
  }

  /// Whether the steps of a metric count what those of the training loss do.
  ///
  /// Writers log the same values a second time by the samples or the tokens seen: the name says so, or the points are as
  /// many as those of the loss, at steps that are one multiple of its.
  private var countsSteps: (Metric) -> Bool {
    let loss = metric(for: .trainLoss)?.series
    if let loss, TagMeaning.of(loss.tag).isOnAnotherAxis { return { _ in true } }
    return { metric in
      !TagMeaning.of(metric.tag).isOnAnotherAxis
        && !(loss.map { Self.isMultiple(metric.series, of: $0) } ?? false)
    }
  }

  /// Whether the steps of `series` are those of `loss` times a number above 1.
  private static func isMultiple(_ series: Series, of loss: Series) -> Bool {
    guard series.count == loss.count, loss.count >= 3, let first = loss.steps.first, first > 0 else {
      return false
    }
    let factor = Double(series.steps[0]) / Double(first)
    guard factor >= 1.5 else { return false }
    return [loss.count / 2, loss.count - 1].allSatisfy { index in
      abs(Double(series.steps[index]) - factor * Double(loss.steps[index])) <= 1e-9
        * Double(series.steps[index])
    }
  }

  /// How a training came to its end.
  public enum Ending: Equatable, Sendable {
    /// It reached its planned last step, or wrote its results where no plan is known.
    case completed
    /// HF's early stopping ended it after so many evaluations without an improvement.
    case earlyStopped(patience: Int64)
    /// It ended by itself before the plan, as its results say; nothing says why.
    case endedEarly
    /// It was stopped from outside before the plan, or it is still running.
    case interrupted
    /// Nothing tells.
    case unknown
  }

  /// How the training came to its end, by the plan, the step that was reached, and the trainer's own results.
  public var ending: Ending {
    let hasEnd = [MetricRole.meanTrainLoss.rawValue, "train/train_runtime"].contains { tag in
      metric(tagged: tag)?.series.isEmpty == false
    }
    guard let planned = plannedSteps, let reached = reachedStep else {
      // A file of results may be of an earlier training in the folder: it counts only where nothing else tells.
      return hasEnd || results.contains { $0.name == "train_loss" } ? .completed : .unknown
    }
    if reached >= planned { return .completed }
    if let stopping = trainerState?.earlyStopping, stopping.isExhausted,
      hasEnd || trainerState?.isToldToStop == true
    {
      return .earlyStopped(patience: stopping.patience)
    }
    // The last logging may be an interval before the end, where the state is not at hand.
    let loss = metric(for: .trainLoss)?.series.steps ?? []
    let interval = loss.count > 1 ? Double(loss[loss.count - 1]) - Double(loss[loss.count - 2]) : 0
    let isNear = Double(reached) + 2 * interval >= Double(planned)
    if hasEnd { return isNear ? .completed : .endedEarly }
    return isNear ? .unknown : .interrupted
  }
}

extension TrainingRun {
  /// The first step of each writing after the first: where the training was taken up again.
  public var seams: [Int64] { segments.dropFirst().map(\.firstStep) }
}
