internal import Bytes
internal import EventFile
internal import RunFolder

/// Where each step of a run lies on an axis.
public struct RunClock: Equatable, Sendable {
  /// The axis, never `automatic`.
  public let axis: AlignmentAxis
  /// The known places in the order of the steps; empty where the step itself is the place.
  private let steps: [Int64]
  private let places: [Double]

  /// The clock of `run`, nil where the run does not tell the axis.
  init?(_ run: TrainingRun, axis: AlignmentAxis) {
    self.axis = axis
    switch axis {
    case .step, .automatic:
      steps = []
      places = []
    case .epoch, .tokens:
      guard let series = run.metric(for: axis == .epoch ? .epoch : .tokens)?.series,
        let known = Self.rising(series.steps, series.values), known.0.count >= 2
      else { return nil }
      (steps, places) = known
    case .time:
      guard let times = Self.activeTimes(run), times.0.count >= 2 else { return nil }
      (steps, places) = times
    }
  }

  /// The place of `step`: between known ones in proportion, outside of them by the nearest two.
  ///
  /// - Complexity: O(log n).
  public func place(of step: Int64) -> Double {
    guard steps.count >= 2 else { return Double(step) }
    var upper = steps.partitionIndex { $0 < step }
    upper = min(max(upper, 1), steps.count - 1)
    return place(of: step, before: upper)
  }

  /// The place of `step` on the line through the known places before and at `upper`.
  private func place(of step: Int64, before upper: Int) -> Double {
    let left = steps[upper - 1]
    let share = step.distance(from: left) / steps[upper].distance(from: left)
    return places[upper - 1] + share * (places[upper] - places[upper - 1])
  }

  /// The places of the ends of `steps`, in order.
  func places(of steps: ClosedRange<Int64>) -> ClosedRange<Double> {
    // Where two lines meet, rounding may let a later step come out before an earlier one.
    let ends = (place(of: steps.lowerBound), place(of: steps.upperBound))
    return min(ends.0, ends.1)...max(ends.0, ends.1)
  }

  /// The places of steps in rising order.
  ///
  /// - Complexity: O(steps + known places).
  public func places(of wanted: [Int64]) -> [Double] {
    guard steps.count >= 2 else { return wanted.map { Double($0) } }
    var upper = 1
    return wanted.map { step in
      while upper < steps.count - 1, steps[upper] < step { upper += 1 }
      while upper > 1, steps[upper - 1] >= step { upper -= 1 }
      return place(of: step, before: upper)
    }
  }

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

  /// The bound of what is taken for a place: no line through two of them overflows, however far it is followed.
  private static let greatest = 1e200

  /// The points with finite values that rise, so that the clock never goes back: the columns themselves where all do.
  private static func rising(_ steps: [Int64], _ values: [Double]) -> ([Int64], [Double])? {
    if isRising(steps.span, values.span) { return steps.isEmpty ? nil : (steps, values) }
    var kept: ([Int64], [Double]) = ([], [])
    for (step, value) in zip(steps, values) where value.magnitude < greatest {
      if let last = kept.1.last, value <= last { continue }
      if let last = kept.0.last, step <= last { continue }
      kept.0.append(step)
      kept.1.append(value)
    }
    return kept.0.isEmpty ? nil : kept
  }

  private static func isRising(_ steps: Span<Int64>, _ values: Span<Double>) -> Bool {
    var step = Int64.min
    var value = -Double.infinity
    for index in values.indices {
      guard values[index] > value, values[index].magnitude < greatest, index == 0 || steps[index] > step
      else {
        return false
      }
      step = steps[index]
      value = values[index]
    }
    return true
  }

  /// Seconds of training at the steps of the run's loss: wall time, with each pause before a resumed segment taken
  /// out.
  private static func activeTimes(_ run: TrainingRun) -> ([Int64], [Double])? {
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
    return rising(series.steps, active)
  }
}
