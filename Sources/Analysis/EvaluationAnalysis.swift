public import EventFile
internal import RunFolder

/// The loss over one evaluation set.
public struct EvaluationAnalysis: Equatable, Sendable {
  /// The tag that holds it.
  public var tag: String
  /// The name of the evaluation set; nil where the tag has none (`eval/loss`).
  public var setName: String?
  /// The value of an evaluation after the training, where the last step was evaluated again with another result: that of
  /// the best model, where it was loaded at the end.
  public var afterTraining: Point?
  /// One point an evaluation, in step order.
  public var series: Series
  /// The least finite value.
  public var best: Point?
  /// The last evaluation.
  public var last: Point
  /// The last evaluation minus the level of the training loss since the evaluation before.
  public var gap: Double?
  /// A row an evaluation, with every metric of the evaluation at that step; evenly chosen ones where there are more
  /// than `rowLimit`, the first and the last among them.
  public var rows: [Row]
  /// The tags of the columns of `rows`, `tag` first.
  public var columns: [String]

  /// The greatest number of rows.
  public static let rowLimit = 1000

  /// The metrics of one evaluation.
  public struct Row: Equatable, Sendable {
    /// The step.
    public var step: Int64
    /// The epoch at that step, where known.
    public var epoch: Double?
    /// The level of the training loss since the evaluation before: the mean of its finite points up to the step, of the
    /// last 20 where there are more; nil where there is none.
    public var trainLoss: Double?
    /// The value for each of `columns`, nil where there is none.
    public var values: [Double?]
  }

  init?(of metric: Metric, in run: TrainingRun, loss: Series?) {
    guard let last = metric.series.last else { return nil }
    tag = metric.tag
    setName = MetricRole.evaluationSet(of: metric.tag)
    series = metric.series
    self.last = last
    afterTraining = metric.duplicates.last { $0.step == last.step && $0.value != last.value }
    var best: Int?
    let values = metric.series.values.span
    for index in values.indices where values[index].isFinite {
      if best.map({ values[index] < values[$0] }) ?? true { best = index }
    }
    self.best = best.map { metric.series[$0] }

    let companions = Self.companions(of: metric.tag, in: run)
    columns = [metric.tag] + companions.map(\.tag)
    let epochs = run.metric(for: .epoch)?.series
    let count = metric.series.count
    let size = min(count, Self.rowLimit)
    rows = []
    rows.reserveCapacity(size)
    for row in 0..<size {
      let index = size == count ? row : row * (count - 1) / (size - 1)
      let step = metric.series.steps[index]
      let before = index > 0 ? metric.series.steps[index - 1] : nil
      rows.append(
        Row(
          step: step, epoch: epochs?.value(at: step),
          trainLoss: loss.flatMap { Self.level(of: $0, at: step, after: before) },
          values: [metric.series.values[index]] + companions.map { $0.value(at: step) }))
    }
    gap = rows.last?.trainLoss.map { last.value - $0 }
  }

  /// The other metrics that an evaluation with the loss `tag` writes: those with the same words before the loss.
  private static func companions(of tag: String, in run: TrainingRun) -> [Series] {
    guard let end = tag.lastIndex(where: { $0 == "/" || $0 == "_" }) else { return [] }
    let prefix = tag[...end]
    // `Loss/val` shares its words with `Loss/train`, not with other measures of the evaluation.
    guard MetricRole.role(of: prefix + "loss") == .evalLoss else { return [] }
    return run.metrics.filter { $0.tag != tag && $0.tag.hasPrefix(prefix) }.map(\.series)
  }

  /// The mean of the finite points of `loss` after the evaluation before and up to `step`, of the last twenty where there
  /// are more; nil where there is none.
  private static func level(of loss: Series, at step: Int64, after before: Int64?) -> Double? {
    let end = loss.position(after: step)
    let since = before.map { loss.position(after: $0) } ?? 0
    var sum = 0.0
    var count = 0
    for index in max(since, end - 20)..<max(since, end) where loss.values[index].isFinite {
      sum += loss.values[index]
      count += 1
    }
    return count > 0 ? sum / Double(count) : nil
  }
}
