public import EventFile
public import RunFolder

/// What a run is judged by: the metric that decides, the way it is meant to go, and who says so.
///
/// Whatever ranks runs, keeps checkpoints, gates or warns asks the objective, so that no page advises against another.
public struct Objective: Equatable, Sendable {
  /// The tag of the metric.
  public var tag: String
  /// Which way is better; never neutral.
  public var direction: MetricDirection
  /// Who says so.
  public var reason: Reason

  /// Who says what decides.
  public enum Reason: Equatable, Sendable {
    /// The trainer was told to select by it: the argument `metric_for_best_model` has this value.
    case argument(String)
    /// The trainer's `best_metric` is a value of it.
    case trainersBest
    /// The kind of training: rewards and preferences are not judged by a loss.
    case training(TrainingKind)
    /// It is the evaluation loss, and nothing says otherwise.
    case evaluationLoss
    /// It is the training loss, and there is no evaluation.
    case trainingLoss
  }

  /// An objective from its parts.
  public init(tag: String, direction: MetricDirection, reason: Reason) {
    self.tag = tag
    self.direction = direction
    self.reason = reason
  }

  /// Whether `left` is a better value than `right`.
  public func isBetter(_ left: Double, than right: Double) -> Bool {
    direction == .higher ? left > right : left < right
  }
}

extension Objective {
  /// The objective of `run`: by the trainer's argument, by its own best value, by the kind of training, else the
  /// evaluation loss, else the training loss; nil of a run without any of these.
  ///
  /// A metric of quality beside the loss does not decide by being there: of 42 public runs whose trainer kept a best
  /// value and that had such a metric, eight were selected by the loss.
  public init?(of run: TrainingRun, training: TrainingKind? = nil) {
    let training = training ?? TrainingKind(of: run)
    let found =
      Self.byArgument(run) ?? Self.byBestMetric(run) ?? Self.byKind(training, run)
      ?? run.metric(for: .evalLoss).map { Self(tag: $0.tag, direction: .lower, reason: .evaluationLoss) }
      ?? run.metric(for: .trainLoss).map { Self(tag: $0.tag, direction: .lower, reason: .trainingLoss) }
    guard let found else { return nil }
    self = found
  }

  private static func byArgument(_ run: TrainingRun) -> Self? {
    guard let name = run.setting("metric_for_best_model") else { return nil }
    let plain = MetricNames.plain(name)
    let named = run.metrics.filter {
      !$0.series.isEmpty && MetricAligner.isEvaluation($0.tag) && MetricNames.plain($0.tag) == plain
    }
    guard let metric = named.first ?? (plain == "loss" ? run.metric(for: .evalLoss) : nil) else { return nil }
    let choice = TrainersChoice(of: run)
    // HF Trainer's own rule where nothing tells.
    let direction = choice.direction(of: metric) ?? (plain.hasSuffix("loss") ? .lower : .higher)
    return Self(tag: metric.tag, direction: direction, reason: .argument(name))
  }

  private static func byBestMetric(_ run: TrainingRun) -> Self? {
    let choice = TrainersChoice(of: run)
    let evaluations = run.metrics.filter { !$0.series.isEmpty && MetricAligner.isEvaluation($0.tag) }
    let matching = evaluations.compactMap { metric -> (metric: Metric, direction: MetricDirection)? in
      guard !MetricDirection.isTiming(metric.tag), choice.isBest(of: metric.series) else { return nil }
      return choice.direction(of: metric).map { (metric, $0) }
    }
    // Of several with the same value the loss is the trainer's default, and what is known as a measure is likelier.
    func rank(_ tag: String) -> Int {
      MetricRole.evalLoss.rank(of: tag) ?? (MetricDirection(ofTag: tag) == .neutral ? .max : .max - 1)
    }
    guard let chosen = matching.min(by: { rank($0.metric.tag) < rank($1.metric.tag) }) else { return nil }
    return Self(tag: chosen.metric.tag, direction: chosen.direction, reason: .trainersBest)
  }

  private static func byKind(_ training: TrainingKind, _ run: TrainingRun) -> Self? {
    let metric: Metric?
    switch training {
    case .reinforcement:
      metric =
        run.metric(plainly: MetricNames.rewards, isEvaluation: true)
        ?? run.metric(plainly: MetricNames.rewards)
    case .preference:
      let names = ["rewards/accuracies", "rewards/margins"]
      metric = run.metric(plainly: names, isEvaluation: true) ?? run.metric(plainly: names)
    case .supervised, .rewardModel, .classification: metric = nil
    }
    return metric.map { Self(tag: $0.tag, direction: .higher, reason: .training(training)) }
  }
}

/// The course of the metric that decides.
public struct ObjectiveCourse: Equatable, Sendable {
  /// What decides.
  public var objective: Objective
  /// The points that stand, in step order.
  public var series: Series
  /// The best finite point; of equals the first. Of a noisy measurement it is good by chance too.
  public var best: Point?
  /// The last point.
  public var last: Point
  /// The level of the last window; nil where a single point is no noisy measurement, as of an evaluation.
  public var final: WindowLevel?
  /// The level of the first points; nil where `final` is.
  public var early: EarlyLevel?

  /// Where it went from its first points to its end; nil without both levels.
  public var course: LossAnalysis.Course? { LossAnalysis.Course(from: early, to: final, in: series) }

  /// The course of `objective` in `run`; nil where it has no point.
  public init?(of objective: Objective, in run: TrainingRun, options: AnalysisOptions = AnalysisOptions()) {
    self.init(of: objective, in: run, loss: nil, options: options)
  }

  /// The course of `objective`, whose levels `loss` knows already where that is what decides.
  init?(of objective: Objective, in run: TrainingRun, loss: LossAnalysis?, options: AnalysisOptions) {
    guard let series = run.metric(tagged: objective.tag)?.series, let last = series.last else { return nil }
    self.objective = objective
    self.series = series
    self.last = last
    best = Self.best(of: series, by: objective)
    if isOfEvaluations { return }
    if let loss, loss.tag == objective.tag {
      (final, early) = (loss.final, loss.final == nil ? nil : loss.early)
    } else {
      final = WindowLevel(atEndOf: series, share: options.window, confidence: options.confidence)
      early = final == nil ? nil : EarlyLevel(of: series)
    }
  }

  private static func best(of series: Series, by objective: Objective) -> Point? {
    let values = series.values.span
    let extremes = Extremes(of: values, in: values.indices)
    if extremes.isFinite {
      let best = objective.direction == .higher ? extremes.greatest : extremes.least
      return values.indices.first { values[$0] == best }.map { series[$0] }
    }
    var best: Int?
    for index in values.indices where values[index].isFinite {
      if best.map({ objective.isBetter(values[index], than: values[$0]) }) ?? true { best = index }
    }
    return best.map { series[$0] }
  }

  /// Whether its points are evaluations, each of which is a figure by itself.
  public var isOfEvaluations: Bool { MetricAligner.isEvaluation(objective.tag) }

  /// What the run is worth by its objective: its best evaluation, or the level of its end.
  public var figure: Double? {
    if isOfEvaluations { return best?.value }
    return final?.level ?? (last.value.isFinite ? last.value : nil)
  }
}
