internal import Bytes
internal import EventFile
internal import RunFolder

/// Where each step of a run lies on an axis.
public struct RunClock: Equatable, Sendable {
  /// The axis, never `automatic`.
  public let axis: AlignmentAxis
  /// The places of the steps; nil where the step itself is the place.
  private let line: Interpolation?

  /// The clock of `run`, nil where the run does not tell the axis.
  init?(_ run: TrainingRun, axis: AlignmentAxis) {
    self.axis = axis
    switch axis {
    case .step, .automatic: line = nil
    case .epoch, .tokens:
      guard let series = run.metric(for: axis == .epoch ? .epoch : .tokens)?.series else { return nil }
      line = Interpolation(series.steps, series.values)
    case .time:
      guard let times = Self.activeTimes(run) else { return nil }
      line = times
    }
    if let line, line.count < 2 { return nil }
  }

  /// The place of `step`: between known ones in proportion, outside of them by the nearest two.
  ///
  /// - Complexity: O(log n).
  public func place(of step: Int64) -> Double { line?.value(at: Double(step)) ?? Double(step) }

  /// The places of the ends of `steps`, in order.
  func places(of steps: ClosedRange<Int64>) -> ClosedRange<Double> {
    // Where two lines meet, rounding may let a later step come out before an earlier one.
    let ends = (place(of: steps.lowerBound), place(of: steps.upperBound))
    return min(ends.0, ends.1)...max(ends.0, ends.1)
  }

  /// The places of steps in rising order.
  ///
  /// - Complexity: O(steps + known places).
  public func places(of steps: [Int64]) -> [Double] { line?.values(at: steps) ?? steps.map { Double($0) } }

  /// The range of the points of `steps` that lie in `range`.
  ///
  /// - Complexity: O(log² n).
  func indices(of steps: [Int64], within range: ClosedRange<Double>) -> Range<Int> {
    let slack = 1e-9 * max(abs(range.lowerBound), abs(range.upperBound))
    let lower = steps.partitionIndex { place(of: $0) < range.lowerBound - slack }
    let upper = steps.partitionIndex { place(of: $0) <= range.upperBound + slack }
    return lower..<max(lower, upper)
  }

  /// Whether this clock and another say the same at both ends and in the middle of `steps`.
  func agrees(with other: RunClock, over steps: ClosedRange<Int64>) -> Bool {
    let middle = steps.lowerBound / 2 + steps.upperBound / 2
    return [steps.lowerBound, middle, steps.upperBound].allSatisfy { step in
      let (left, right) = (place(of: step), other.place(of: step))
      return abs(left - right) <= 1e-3 * max(abs(left), abs(right))
    }
  }

  /// Seconds of training at the steps of the run's loss: wall time, with each pause before a resumed segment taken
  /// out.
  private static func activeTimes(_ run: TrainingRun) -> Interpolation? {
    guard
      let series = (run.metric(for: .trainLoss) ?? run.metrics.max { $0.series.count < $1.series.count })?
        .series,
      let start = series.wallTimes.first
    else { return nil }
    let seams = Set(run.seams)
    var active: [Double] = []
    var pause = 0.0
    for index in series.steps.indices {
      if index > 0, seams.contains(series.steps[index]) {
        let typical = index > 1 ? series.wallTimes[index - 1] - series.wallTimes[index - 2] : 0
        pause += max(0, series.wallTimes[index] - series.wallTimes[index - 1] - max(0, typical))
      }
      active.append(series.wallTimes[index] - start - pause)
    }
    return Interpolation(series.steps, active)
  }
}
