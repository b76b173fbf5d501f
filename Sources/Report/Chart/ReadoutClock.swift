internal import Analysis
internal import EventFile
internal import RunFolder

/// What the steps of a run are in other quantities, for a readout and for other axes.
struct ReadoutClock {
  /// A quantity that grows with the steps.
  struct Quantity {
    /// `epoch`, `tokens` or `time`, which is in seconds since the first point.
    var name: String
    /// Steps, and the quantity at them; straight between.
    var places: (places: [Double], values: [Double])
  }

  /// What the run knows.
  let quantities: [Quantity]

  /// The clock of a run.
  init(_ analysis: RunAnalysis) {
    var known: [(String, Interpolation)] = []
    if let epochs = analysis.extent.epochSeries {
      known.append(("epoch", Interpolation(sampling: epochs.steps, epochs.values)))
    }
    if let tokens = analysis.run.metric(for: .tokens)?.series {
      known.append(("tokens", Interpolation(sampling: tokens.steps, tokens.values)))
    }
    if let clock = HorizontalMapping.clock(of: analysis), let start = clock.wallTimes.first, start.isFinite,
      start > 0
    {
      known.append(("time", Interpolation(sampling: clock.steps, clock.wallTimes, less: start)))
    }
    quantities = known.filter { $0.1.count > 1 }.map { Quantity(name: $0.0, places: $0.1.corners) }
  }
}
