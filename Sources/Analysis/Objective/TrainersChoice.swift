internal import EventFile
internal import RunFolder

/// What a trainer's files tell of which value it took for the best, and so of which way it was told is better.
struct TrainersChoice {
  private let run: TrainingRun
  /// `greater_is_better`, and whether a user wrote it: the arguments that HF Trainer logs hold its default too.
  private let told: (isGreater: Bool, isOfUser: Bool)?

  init(of run: TrainingRun) {
    self.run = run
    told =
      run.configuration.lazy.compactMap { section in
        let value = section.settings.first { $0.name == "greater_is_better" }?.value.lowercased()
        let isOfUser = [".yaml", ".yml"].contains(where: section.source.hasSuffix)
        return value == "true" ? (true, isOfUser) : value == "false" ? (false, isOfUser) : nil
      }.first
  }

  /// Whether the trainer's best value is one of `series`: that at its step, where that is known, else its greatest or its
  /// least.
  func isBest(of series: Series) -> Bool {
    guard let best else { return false }
    if let step = run.trainerState?.bestStep, let value = series.value(at: step) {
      return Self.isSame(value, best)
    }
    let finite = series.values.filter(\.isFinite)
    return [finite.max(), finite.min()].contains { $0.map { Self.isSame($0, best) } ?? false }
  }

  /// Which way of `metric` is better; nil where neither the trainer nor the name tells.
  ///
  /// A loss is to fall, whatever a trainer was told. What a user wrote goes before names. A trainer that went for the
  /// least was told to; one that went for the greatest may not have been, since that is HF Trainer's default for every
  /// name that does not end in `loss`, so that a name which is known to be meant low goes before it.
  func direction(of metric: Metric) -> MetricDirection? {
    if MetricRole.isLoss(metric.tag) { return .lower }
    if let told, told.isOfUser { return told.isGreater ? .higher : .lower }
    let name = MetricNameReading(of: metric.tag)
    let shown = isBest(of: metric.series) ? shown(by: metric.series) : nil
    let isLower = shown?.direction == .lower || told?.isGreater == false
    if isLower, name.direction != .higher || !name.isCertain || shown?.isSure != false { return .lower }
    if shown?.direction == .higher || told?.isGreater == true {
      return name.direction == .lower ? .lower : .higher
    }
    return name.direction == .neutral ? nil : name.direction
  }

  private var best: Double? { run.trainerState?.bestMetric.flatMap { $0.isFinite ? $0 : nil } }

  /// Whether the best value is the least or the greatest of those that the trainer looked at; nil where it is neither, or
  /// both.
  ///
  /// HF Trainer before 4.47 looked at the evaluations beside which it saved alone; without its interval of saves, a single
  /// one may have been all, and then nothing is sure.
  private func shown(by series: Series) -> (direction: MetricDirection, isSure: Bool)? {
    guard let best, let state = run.trainerState else { return nil }
    let end = state.globalStep ?? .max
    var looked = zip(series.steps, series.values).filter { $0 <= end && $1.isFinite }
    if let interval = state.saveInterval, let step = state.bestStep, step % interval == 0 {
      looked.removeAll { $0.0 % interval != 0 }
    }
    let values = looked.map(\.1).filter { !Self.isSame($0, best) }
    guard let first = values.first else { return nil }
    let direction: MetricDirection = first < best ? .higher : .lower
    guard values.allSatisfy({ ($0 < best) == (first < best) }) else { return nil }
    return (direction, state.saveInterval != nil)
  }

  private static func isSame(_ value: Double, _ best: Double) -> Bool {
    abs(value - best) <= 2e-6 * max(abs(best), 1e-6)
  }
}
