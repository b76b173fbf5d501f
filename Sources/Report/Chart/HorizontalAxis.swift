internal import Analysis
internal import Bytes
internal import EventFile
internal import RunFolder

/// What the horizontal axis of a picture counts.
public enum HorizontalAxis: String, CaseIterable, Sendable {
  /// Optimizer steps.
  case step
  /// Passes over the training data.
  case epoch
  /// Wall-clock time.
  case time
  /// Time since the first point.
  case relative
}

/// What the horizontal axis of a picture counts, and how.
struct HorizontalScale: Equatable {
  /// What it counts.
  var axis: HorizontalAxis
  /// Whether equal ratios are equally far apart; steps and epochs alone can be.
  var isLogarithmic = false

  static let step = HorizontalScale(axis: .step)
  static let epoch = HorizontalScale(axis: .epoch)
  static let time = HorizontalScale(axis: .time)
  static let relative = HorizontalScale(axis: .relative)
}

/// Where the steps of a run stand on a horizontal axis. On a logarithmic one the places are decimal logarithms.
struct HorizontalMapping {
  /// The axis in use: the wanted one, or steps where the run does not know the wanted quantity.
  let axis: HorizontalAxis
  /// Whether places are decimal logarithms.
  let isLogarithmic: Bool
  /// The wall time of the left end, for axes of time.
  let startTime: Double
  private let epochs: Interpolation
  private let times: Interpolation

  /// Steps as they are, of any run.
  static let steps = HorizontalMapping()

  private init() {
    axis = .step
    isLogarithmic = false
    startTime = 0
    epochs = .none
    times = .none
  }

  /// The mapping of a run for the axis that is wanted.
  init(_ wanted: HorizontalScale, for analysis: RunAnalysis) {
    let clock = Self.clock(of: analysis)
    let start = clock?.wallTimes.first { $0.isFinite } ?? 0
    startTime = start
    epochs = analysis.extent.epochSeries.map { Interpolation(sampling: $0.steps, $0.values) } ?? .none
    switch wanted.axis {
    case .step:
      axis = .step
      times = .none
    case .epoch:
      axis = epochs.isEmpty ? .step : .epoch
      times = .none
    case .time, .relative:
      times = clock.map { Interpolation(sampling: $0.steps, $0.wallTimes, less: start) } ?? .none
      axis = times.count < 2 || startTime <= 0 ? .step : wanted.axis
    }
    isLogarithmic = wanted.isLogarithmic && (axis == .step || axis == .epoch)
  }

  /// The longest series with times.
  static func clock(of analysis: RunAnalysis) -> Series? {
    if let loss = analysis.loss?.series, loss.count > 1 { return loss }
    return analysis.run.metrics.map(\.series).max { $0.count < $1.count }
  }

  /// Whether places are steps as they are.
  var isOfSteps: Bool { axis == .step && !isLogarithmic }

  /// The horizontal places of the points of `series`.
  ///
  /// - Complexity: O(1) for steps, else O(points).
  func places(of series: Series) -> Places {
    let places: Places =
      switch axis {
      case .step: series.isInStepOrder ? .rising(series.steps) : .steps(series.steps)
      case .epoch: .numbers(epochs.values(at: series.steps))
      case .time, .relative: .numbers(series.wallTimes.map { $0 - startTime })
      }
    return isLogarithmic ? .numbers(places.map(bent)) : places
  }

  /// The horizontal place of a step.
  func place(of step: Int64) -> Double {
    let place =
      switch axis {
      case .step: Double(step)
      case .epoch: epochs.value(at: Double(step))
      case .time, .relative: times.value(at: Double(step))
      }
    return bent(place)
  }

  /// The place of a quantity; that of 0, where the axis is logarithmic, is left of every picture.
  private func bent(_ quantity: Double) -> Double {
    isLogarithmic ? quantity > 0 ? Logarithm.decimal(quantity) : -.infinity : quantity
  }

  /// The quantities over a range of places.
  func quantities(over domain: ClosedRange<Double>) -> ClosedRange<Double> {
    guard isLogarithmic else { return domain }
    let least = Logarithm.power(domain.lowerBound)
    return least...max(least, Logarithm.power(domain.upperBound))
  }

  /// The name under the axis.
  var name: String {
    switch axis {
    case .step: "step"
    case .epoch: "epoch"
    case .time: "UTC"
    case .relative: "time"
    }
  }

  /// What a readout calls the quantity.
  var quantity: String {
    switch axis {
    case .step, .epoch: axis.rawValue
    case .time, .relative: "time"
    }
  }

  /// Labelled places along the axis.
  func ticks(on scale: Scale, count: Int) -> [Tick] {
    if isLogarithmic {
      return NiceTicks.logarithmic(quantities(over: scale.domain), count: count).map {
        Tick(value: bent($0.value), label: $0.label)
      }
    }
    return switch axis {
    case .step: scale.wholeTicks(count)
    case .epoch: scale.ticks(count)
    case .time: TimeTicks.clock(scale.domain, from: startTime, count: count)
    case .relative: TimeTicks.elapsed(scale.domain, count: count)
    }
  }

  /// The name and the ticks of the second axis: epochs under steps, steps under anything else.
  func secondTicks(on scale: Scale, count: Int) -> (name: String, ticks: [Tick])? {
    switch axis {
    case .step:
      guard epochs.count > 1 else { return nil }
      return ("epoch", ticks(epochs, isWhole: false, on: scale, count: count))
    case .epoch:
      return ("step", ticks(epochs.inverse, isWhole: true, on: scale, count: count))
    case .time, .relative:
      return ("step", ticks(times.inverse, isWhole: true, on: scale, count: count))
    }
  }

  /// Round values of the second quantity over the part of the axis where it is known, at their places.
  private func ticks(
    _ quantity: Interpolation, isWhole: Bool, on scale: Scale, count: Int
  ) -> [Tick] {
    let seen = quantities(over: scale.domain)
    let ends = [quantity.value(at: seen.lowerBound), quantity.value(at: seen.upperBound)]
    guard let least = ends.min(), let greatest = ends.max(), least < greatest, least.isFinite,
      greatest.isFinite
    else { return [] }
    let back = quantity.inverse
    let range = max(least, 0)...max(greatest, least + .leastNormalMagnitude, 0)
    let ticks =
      if isLogarithmic, range.lowerBound > 0 {
        NiceTicks.logarithmic(range, count: count)
      } else {
        isWhole ? NiceTicks.whole(range, count: count) : NiceTicks.linear(range, count: count)
      }
    return ticks.map { Tick(value: bent(back.value(at: $0.value)), label: $0.label) }
      .filter { scale.contains($0.value) }
  }
}
