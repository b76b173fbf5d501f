internal import EventFile
public import RunFolder

/// The margin that a first gate on a figure should have, by the noise that the figure has in a gate.
public struct StarterMargin: Equatable, Sendable {
  /// About the smallest relative difference of two such figures that a gate can show: 2.5 standard errors of it.
  public let detectable: Double
  /// The margin, in whole percent: of 1, 2, 5 times a power of ten (and 3) the least that is no less than what can be
  /// detected, so that what is as good passes in four cases of five.
  public let percent: Int

  /// The margin for runs whose `statistic` of the metric `tag` is like that of `run`; one per cent where the figure has
  /// no noise, or there is none.
  ///
  /// - Parameter direction: which way of the metric is better.
  public init(
    _ statistic: GateStatistic, of tag: String, in run: TrainingRun, direction: MetricDirection,
    settings: Gate.Settings = Gate.Settings()
  ) {
    let detectable = Self.effect(statistic, of: tag, in: run, direction, settings).map { effect in
      effect.base == 0 ? 0 : effect.smallestDetectable / abs(effect.base)
    }
    self.detectable = detectable ?? 0
    percent = [1, 2, 3, 5, 10, 20, 50].first { detectable ?? 0 <= 0.01 * Double($0) } ?? 100
  }

  /// What a gate sees between `run` and another that is just like it.
  private static func effect(
    _ statistic: GateStatistic, of tag: String, in run: TrainingRun, _ direction: MetricDirection,
    _ settings: Gate.Settings
  ) -> Effect? {
    guard let series = run.metric(tagged: tag)?.series else { return nil }
    let range = 0..<series.count
    let window = LastWindow(
      share: settings.window, of: series, in: range,
      noise: MetricAligner.noise(of: tag, direction: direction),
      epochs: EpochBoundaries(run), confidence: settings.confidence)
    guard let figure = try? Figure(statistic, of: series, in: range, window: window, direction: direction)
    else { return nil }
    return Effect(
      base: [figure], new: figure, confidence: settings.confidence, seedSpread: settings.seedSpread)
  }
}
