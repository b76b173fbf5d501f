internal import EventFile
internal import RunFolder

/// What the rules look at: the curves of a run by what they are, each found once.
struct Evidence {
  let run: TrainingRun
  let options: AnalysisOptions
  let training: TrainingKind
  let objective: Objective?
  let loss: LossAnalysis?
  let statistics: [MetricStatistics]
  let quality: DataQuality
  /// The training loss.
  let curve: Curve?
  /// The evaluation losses, one a set, the first that of the objective or with the best name.
  let evaluations: [Series]
  /// What evaluations measure beside the loss and that is better one way.
  let qualities: [Quality]
  let gradient: Series?
  let learningRate: Series?
  /// The steps at which an epoch had ended, but for the last.
  let epochEnds: [Int64]
  /// The reward, in a training that goes by rewards.
  let reward: Series?
  /// How long the steps took.
  let stepTimes: StepTimes?
  /// Where the training may have been taken up again.
  let restarts: [Restart]

  /// A measure of an evaluation beside its loss.
  struct Quality {
    let series: Series
    let direction: MetricDirection
  }

  init(
    run: TrainingRun, options: AnalysisOptions, training: TrainingKind, objective: Objective?,
    loss: LossAnalysis?,
    statistics: [MetricStatistics], quality: DataQuality, stepTimes: StepTimes?, restarts: [Restart]
  ) {
    self.run = run
    self.options = options
    self.training = training
    self.objective = objective
    self.loss = loss
    self.statistics = statistics
    self.quality = quality
    self.stepTimes = stepTimes
    self.restarts = restarts
    curve = loss.map { Curve($0.series) }
    // A writer that counts in samples writes the same values a second time.
    var sets: [Series] = []
    for metric in run.evaluationLosses where !sets.contains(where: { $0.values == metric.series.values }) {
      sets.append(metric.series)
    }
    evaluations = sets
    var qualities: [Quality] = []
    for metric in run.metrics where !metric.series.isEmpty && MetricAligner.isEvaluation(metric.tag) {
      guard MetricRole.evalLoss.rank(of: metric.tag) == nil else { continue }
      let direction =
        metric.tag == objective?.tag ? objective?.direction ?? .neutral : MetricDirection(ofTag: metric.tag)
      if direction != .neutral, !MetricDirection.isTiming(metric.tag) {
        qualities.append(Quality(series: metric.series, direction: direction))
      }
    }
    self.qualities = qualities
    gradient = run.metric(for: .gradientNorm)?.series
    learningRate = run.metric(for: .learningRate)?.series
    epochEnds = Self.ends(of: run.metric(for: .epoch)?.series)
    reward =
      training == .reinforcement
      ? run.metric(plainly: MetricNames.rewards)?.series : nil
  }

  /// The steps from the first to the last of the training loss, or of the reward.
  var span: Int64 {
    let series = loss?.series ?? reward ?? evaluations.first
    guard let first = series?.steps.first, let last = series?.steps.last else { return 0 }
    let (span, overflow) = last.subtractingReportingOverflow(first)
    return overflow ? .max / 100 : max(0, min(span, .max / 100))
  }

  /// The first step at each whole number of epochs, the first and the last point left out.
  private static func ends(of epochs: Series?) -> [Int64] {
    guard let epochs, let last = epochs.values.last(where: \.isFinite), last >= 1, last < 10_000 else {
      return []
    }
    var ends: [Int64] = []
    let values = epochs.values.span
    var before = values[0].isFinite ? values[0].rounded(.down) : 0
    for index in values.indices.dropFirst() where values[index].isFinite {
      let whole = values[index].rounded(.down)
      if whole > before {
        ends.append(epochs.steps[index])
        before = whole
      }
    }
    if ends.last == epochs.steps.last { ends.removeLast() }
    return ends
  }
}
