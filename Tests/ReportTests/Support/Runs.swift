import Analysis
import EventFile
import RunFolder
import TestSupport

/// Runs made for tests: the same numbers every time.
enum Runs {
  /// Noise of about a normal distribution with deviation 1.
  struct Noise {
    private var random: SeededRandom
    init(seed: UInt64 = 1) { random = SeededRandom(seed: seed) }

    /// The sum of twelve equal distributions, less their mean.
    mutating func normal() -> Double {
      (0..<12).reduce(-6) { sum, _ in sum + Double(random.next() >> 11) * 0x1p-53 }
    }
  }

  static func series(_ tag: String, every interval: Int64, count: Int, _ value: (Int) -> Double) -> Series {
    var series = Series(tag: tag)
    for index in 0..<count {
      let step = Int64(index + 1) * interval
      series.append(Point(step: step, wallTime: 1_795_462_781 + Double(step) * 0.6, value: value(index)))
    }
    return series
  }

  /// A run that learns: `count` points of training loss from about `start` down to about `end`.
  static func learning(
    _ name: String = "qwen3-4b/lora/sft", count: Int = 100, every interval: Int64 = 10, start: Double = 2.6,
    end: Double = 1.1, noise: Double = 0.03, evaluations: Int = 10, seed: UInt64 = 1
  ) -> TrainingRun {
    var random = Noise(seed: seed)
    func level(_ share: Double) -> Double { end + (start - end) / (1 + 20 * share) }
    let total = Int64(count) * interval
    let loss = series("train/loss", every: interval, count: count) { index in
      let value = level(Double(index) / Double(max(count - 1, 1)))
      return value * (1 + noise * random.normal())
    }
    let gradient = series("train/grad_norm", every: interval, count: count) { index in
      0.4 + 2 / Double(1 + index) + 0.05 * random.normal().magnitude
    }
    let rate = series("train/learning_rate", every: interval, count: count) { index in
      let share = Double(index + 1) / Double(count)
      return share < 0.1 ? 2e-3 * share : 2e-4 * (1 - share) / 0.9
    }
    let epoch = series("train/epoch", every: interval, count: count) { index in
      3 * Double(index + 1) / Double(count)
    }
    var metrics = [loss, gradient, rate, epoch].map { Metric(series: $0) }
    if evaluations > 0 {
      let each = max(1, total / Int64(evaluations))
      metrics.append(
        Metric(
          series: series("eval/loss", every: each, count: evaluations) { index in
            level(Double(index + 1) / Double(evaluations)) * 1.03 + 0.003 * random.normal()
          }))
    }
    var run = TrainingRun(name: name, path: "saves/" + name, metrics: metrics)
    run.segments = [
      Segment(
        firstStep: interval, lastStep: total, startTime: 1_795_462_781,
        endTime: 1_795_462_781 + Double(total) * 0.6,
        origin: "runs")
    ]
    run.checkpoints = [total / 2, total].map { CheckpointFolder(step: $0, path: "checkpoint-\($0)") }
    return run
  }

  /// `run` with its training loss changed.
  static func changing(_ run: TrainingRun, _ change: (_ index: Int, _ value: Double) -> Double) -> TrainingRun
  {
    var run = run
    run.metrics[0].series.values = run.metrics[0].series.values.enumerated().map {
      change($0.offset, $0.element)
    }
    return run
  }

  /// `run` with a second segment from `step` on, after an interruption at `interruptedAt`.
  static func resumed(_ run: TrainingRun, at step: Int64, interruptedAt: Int64) -> TrainingRun {
    var run = run
    let loss = run.metrics[0].series
    var superseded = Series(tag: loss.tag)
    for point in loss where point.step >= step && point.step <= interruptedAt {
      superseded.append(Point(step: point.step, wallTime: point.wallTime, value: point.value * 1.02))
    }
    run.metrics[0].superseded = superseded
    let first = run.segments[0]
    run.segments = [
      Segment(
        firstStep: first.firstStep, lastStep: interruptedAt, startTime: first.startTime,
        endTime: first.startTime.map { $0 + Double(interruptedAt) * 0.6 }, origin: "runs/a"),
      Segment(
        firstStep: step, lastStep: first.lastStep,
        startTime: first.startTime.map { $0 + Double(interruptedAt) + 3600 },
        endTime: first.endTime.map { $0 + 4000 }, origin: "runs/b"),
    ]
    return run
  }

  /// The run that a `trainer_state.json` tells.
  static func read(_ folder: String, name: String) throws -> TrainingRun {
    let state = try TrainerState(reading: folder + "/trainer_state.json")
    var run = TrainingRun(
      name: name, path: folder, source: .trainerState, metrics: state.series.map { Metric(series: $0) })
    run.trainerState = state
    return run
  }
}
