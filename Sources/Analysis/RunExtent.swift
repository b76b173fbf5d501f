public import EventFile
public import RunFolder

/// How far a run went, and how fast.
public struct RunExtent: Equatable, Sendable {
  /// The first step of the training loss (or of any metric, without one), and the last that any source knows of.
  public var steps: ClosedRange<Int64>?
  /// The number of steps that were planned.
  public var plannedSteps: Int64?
  /// Epochs at the end.
  public var epochs: Double?
  /// Epoch at steps, for a second axis; nil where unknown.
  public var epochSeries: Series?
  /// Seconds of training, pauses between segments left out.
  public var duration: Double?
  /// Seconds between segments; nil where the run was not interrupted.
  public var pause: Double?
  /// The wall time of the first event, in seconds since 1970.
  public var startTime: Double?
  /// Steps a second, over `duration`, steps that were trained twice counted twice.
  public var stepsPerSecond: Double?
  /// Samples a second, as the trainer wrote it.
  public var samplesPerSecond: Double?
  /// Tokens seen, as the trainer wrote it.
  public var tokens: Double?
  /// The floating-point operations of the training, by the trainer's own estimate: 6 a token and parameter, frozen ones
  /// included.
  public var operations: Double?
  /// The share of the devices' peak that `operations` in `duration` are; nil where any of the three is not known.
  public var utilization: Double?
  /// How the training came to its end.
  public var ending: TrainingRun.Ending
  /// What the steps count.
  public var stepUnit: TrainingRun.StepUnit

  init(of run: TrainingRun, loss: Series?, peakOperations: Double?) {
    ending = run.ending
    stepUnit = run.stepUnit
    steps =
      loss.flatMap(Self.range)
      ?? run.metricsByStep.compactMap { Self.range($0.series) }.reduce(nil) { all, one in
        guard let all else { return one }
        return min(all.lowerBound, one.lowerBound)...max(all.upperBound, one.upperBound)
      }
    if let range = steps, let reached = run.reachedStep, reached > range.upperBound {
      steps = range.lowerBound...reached
    }
    plannedSteps = run.stepUnit == .step ? run.plannedSteps : nil
    let epoch = run.metric(for: .epoch)?.series
    epochSeries = epoch
    epochs = epoch?.values.last { $0.isFinite } ?? run.trainerState?.epoch
    startTime = run.segments.first?.startTime

    var seconds = 0.0
    var trained = 0.0
    var isTimed = !run.segments.isEmpty
    var paused: Double?
    for (index, segment) in run.segments.enumerated() {
      trained += Double(segment.lastStep) - Double(segment.firstStep)
      guard let end = segment.endTime, let start = segment.startTime, end >= start else {
        // A source that tells elapsed seconds only: those are since the start.
        if let end = segment.endTime, segment.startTime == nil { seconds += end } else { isTimed = false }
        continue
      }
      seconds += end - start
      if index > 0, let before = run.segments[index - 1].endTime {
        paused = (paused ?? 0) + max(0, start - before)
      }
    }
    duration = isTimed && seconds.isFinite ? seconds : Self.reportedDuration(of: run)
    pause = paused
    // Logging at steps 10, 20, … begins 10 steps before its first point.
    let interval = (loss ?? run.metrics.first?.series).map(Self.interval) ?? 0
    trained += interval * Double(run.segments.count)
    if let duration, duration > 0, trained > 0 { stepsPerSecond = trained / duration }
    samplesPerSecond = run.metric(tagged: "train/train_samples_per_second")?.series.values.last
    tokens = run.metric(for: .tokens)?.series.values.last.flatMap { $0 > 0 ? $0 : nil }
    operations =
      run.metric(tagged: "train/total_flos")?.series.values.last.flatMap { $0 > 0 ? $0 : nil }
      ?? run.trainerState?.totalOperations
    if run.source == .resultsOnly { takeResults(of: run) }
    if let operations, let duration, let peakOperations, duration > 0, peakOperations > 0 {
      utilization = operations / duration / peakOperations
    }
  }

  /// What the trainer wrote at its end, where there is nothing else.
  private mutating func takeResults(of run: TrainingRun) {
    func result(_ name: String) -> Double? {
      run.results.first { $0.name == name }.flatMap { Double($0.value) }.flatMap { $0 > 0 ? $0 : nil }
    }
    epochs = result("epoch")
    duration = result("train_runtime")
    stepsPerSecond = result("train_steps_per_second")
    samplesPerSecond = result("train_samples_per_second")
    operations = result("total_flos")
  }

  /// For sources without times: the run time as the trainer wrote it at the end, which counts the last process only, or
  /// the elapsed time of its log, where several processes wrote that, or no run time was written.
  private static func reportedDuration(of run: TrainingRun) -> Double? {
    let written = run.metric(tagged: "train/train_runtime")?.series.values.last
    guard let log = run.trainerLog, let elapsed = log.elapsedSeconds,
      let first = log.series.compactMap(\.steps.first).min(),
      let start = run.segments.first?.firstStep, first <= start
    else { return written }
    let isOneProcess = log.restarts.allSatisfy { $0.isEmpty }
    return isOneProcess ? written ?? elapsed : elapsed
  }

  private static func range(_ series: Series) -> ClosedRange<Int64>? {
    guard let first = series.steps.first, let last = series.steps.last, first <= last else { return nil }
    return first...last
  }

  /// The distance of the first two points, in steps.
  private static func interval(_ series: Series) -> Double {
    series.count > 1 ? max(0, Double(series.steps[1]) - Double(series.steps[0])) : 0
  }
}
