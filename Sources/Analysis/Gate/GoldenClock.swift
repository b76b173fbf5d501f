internal import Bytes
internal import EventFile
internal import RunFolder

extension GoldenBaseline.Clock {
  /// The most steps of a clock.
  static let limit = 17

  /// The clocks of epochs and tokens that all of `runs` tell: at a few steps that all reached, the means of the places.
  static func shared(by runs: [TrainingRun]) -> [Self] {
    [AlignmentAxis.tokens, .epoch].compactMap { axis in
      let clocks = runs.compactMap { RunClock($0, axis: axis) }
      let ends = runs.compactMap { run in run.metrics.compactMap(\.series.steps.last).max() }
      let starts = runs.compactMap { run in run.metrics.compactMap(\.series.steps.first).min() }
      guard clocks.count == runs.count, let first = starts.max(), let last = ends.min(), first < last else {
        return nil
      }
      var steps: [Int64] = []
      for index in 0..<limit {
        let share = Double(index) / Double(limit - 1)
        // Both ends for themselves: their distance may be more than an Int64 holds.
        let step = Int64(clamping: (Double(first) * (1 - share) + Double(last) * share).rounded())
        if steps.last != step { steps.append(step) }
      }
      let places = steps.map { step in
        clocks.reduce(0) { $0 + $1.place(of: step) } / Double(clocks.count)
      }
      let isRising = zip(places, places.dropFirst()).allSatisfy { $0 < $1 }
      return isRising ? Self(axis: axis, steps: steps, places: places) : nil
    }
  }

  /// The clock as comparisons read it.
  var runClock: RunClock? {
    let tag = axis == .tokens ? "train/num_input_tokens_seen" : "train/epoch"
    let series = Series(tag: tag, steps: steps, wallTimes: places.map { _ in 0 }, values: places)
    return RunClock(TrainingRun(name: "", path: "", metrics: [Metric(series: series)]), axis: axis)
  }
}

/// The steps of a run that stand where the steps of a golden baseline do.
struct GoldenAlignment {
  /// The clock of the baseline, and that of the run.
  let base: RunClock, new: RunClock

  /// Aligns `run` with `golden`; nil where they do not both tell the axis.
  ///
  /// `automatic` takes tokens, else epochs, where both tell them and a step does not mean the same; else steps.
  init?(_ golden: GoldenBaseline, _ run: TrainingRun, axis: AlignmentAxis) {
    let known = golden.clocks.compactMap { clock -> (RunClock, RunClock)? in
      guard let base = clock.runClock, let new = RunClock(run, axis: clock.axis) else { return nil }
      return (base, new)
    }
    var pair: (RunClock, RunClock)?
    switch axis {
    case .automatic:
      if let first = known.first, let clock = golden.clocks.first(where: { $0.axis == first.0.axis }),
        let lower = clock.steps.first, let upper = clock.steps.last,
        let last = run.metrics.compactMap(\.series.steps.last).max(), lower < upper,
        !first.0.agrees(with: first.1, over: lower...max(lower, min(upper, last)))
      {
        pair = first
      }
    case .step: break
    case .epoch, .tokens:
      pair = known.first { $0.0.axis == axis }
      if pair == nil { return nil }
    case .time: return nil
    }
    if pair == nil, let steps = RunClock(run, axis: .step) { pair = (steps, steps) }
    guard let pair else { return nil }
    (base, new) = pair
  }

  /// The first index of `series` that lies where the baseline was at `step`, or later.
  func firstIndex(of series: Series, at step: Int64) -> Int {
    let place = base.place(of: step)
    return new.firstIndex(of: series.steps, at: place - Self.slack(place))
  }

  /// The index after the last one of `series` that lies where the baseline was at `step`, or earlier.
  func endIndex(of series: Series, through step: Int64) -> Int {
    let place = base.place(of: step)
    let limit = place + Self.slack(place)
    return series.steps.partitionIndex { new.place(of: $0) <= limit }
  }

  /// Whether the last point of `series` lies more than the share `slack` of the way before the baseline's `step`.
  func ends(_ series: Series, before step: Int64, slack: Double) -> Bool {
    guard let reached = series.steps.last else { return false }
    let end = base.place(of: step)
    return new.place(of: reached) < end - slack * abs(end)
  }

  private static func slack(_ place: Double) -> Double { 1e-9 * abs(place) }
}
