internal import EventFile

/// One figure of one curve, with its noise.
struct Figure: Equatable, Sendable {
  var value: Double
  /// 0 where the figure has no noise of its own.
  var standardError = 0.0
  var degreesOfFreedom = Double.infinity
  /// The step of the figure, where it is that of one point.
  var step: Int64?

  /// Why there is no figure.
  enum Absence: Error, Equatable {
    case noPoints
    case nonFinite(step: Int64)
  }

  /// The figure `statistic` of the points of `series` at `range`.
  ///
  /// - Parameters:
  ///   - window: the points of the last window, for `final` and for the noise of single points.
  ///   - isNoisy: whether a single point is a noisy measurement, as a step's loss is and an evaluation is not.
  init(
    _ statistic: GateStatistic, of series: Series, in range: Range<Int>, window: Range<Int>,
    direction: MetricDirection,
    isNoisy: Bool, confidence: Double
  ) throws(Absence) {
    guard let first = range.first, let last = range.last else { throw .noPoints }
    // A curve that ends in NaN has no good figure, whatever it was before.
    if !series.values[last].isFinite { try Self.demandFinite(series, range) }
    switch statistic {
    case .final:
      try Self.demandFinite(series, window)
      if isNoisy, let level = WindowLevel(of: series, in: window, confidence: confidence) {
        self.init(
          value: level.mean, standardError: level.standardError, degreesOfFreedom: level.degreesOfFreedom)
      } else {
        self.init(value: series.values[last], step: series.steps[last])
      }
    case .first, .last:
      let index = statistic == .first ? first : last
      guard series.values[index].isFinite else { throw .nonFinite(step: series.steps[index]) }
      self.init(value: series.values[index], step: series.steps[index])
      if isNoisy, window.count >= WindowLevel.minimumCount,
        let level = WindowLevel(of: series, in: window, confidence: confidence)
      {
        standardError = level.deviation
        degreesOfFreedom = level.degreesOfFreedom
      }
    case .min:
      try Self.demandFinite(series, range)
      self = try Self.extreme(of: series, in: range) { $0 < $1 }
    case .max:
      try Self.demandFinite(series, range)
      self = try Self.extreme(of: series, in: range) { $0 > $1 }
    case .best:
      try Self.demandFinite(series, range)
      self = try Self.extreme(of: series, in: range) { direction == .higher ? $0 > $1 : $0 < $1 }
    case .mean, .area:
      try Self.demandFinite(series, range)
      let value = statistic == .mean ? Self.mean(of: series, in: range) : Self.area(of: series, in: range)
      self.init(value: value)
      if isNoisy, let level = WindowLevel(of: series, in: window, confidence: confidence) {
        standardError =
          level.standardError * (Double(window.count) / Double(range.count)).squareRoot()
        degreesOfFreedom = level.degreesOfFreedom
      }
    case .count, .relativeChange, .differenceNorm, .cosine: throw .noPoints
    }
  }

  /// A figure from its parts.
  init(value: Double, standardError: Double = 0, degreesOfFreedom: Double = .infinity, step: Int64? = nil) {
    self.value = value
    self.standardError = standardError
    self.degreesOfFreedom = degreesOfFreedom
    self.step = step
  }

  private static func demandFinite(_ series: Series, _ range: Range<Int>) throws(Absence) {
    for index in range where !series.values[index].isFinite { throw .nonFinite(step: series.steps[index]) }
  }

  private static func extreme(
    of series: Series, in range: Range<Int>, isBetter: (Double, Double) -> Bool
  ) throws(Absence) -> Figure {
    var best: Int?
    for index in range where series.values[index].isFinite {
      if let known = best, !isBetter(series.values[index], series.values[known]) { continue }
      best = index
    }
    guard let best else { throw .noPoints }
    return Figure(value: series.values[best], step: series.steps[best])
  }

  private static func mean(of series: Series, in range: Range<Int>) -> Double {
    var sum = 0.0
    for index in range { sum += series.values[index] }
    return sum / Double(range.count)
  }

  /// The area under the curve over the steps by trapezoids, divided by the span; the value of a single point.
  private static func area(of series: Series, in range: Range<Int>) -> Double {
    let (first, last) = (range.lowerBound, range.upperBound - 1)
    let span = Double(series.steps[last]) - Double(series.steps[first])
    guard span > 0 else { return series.values[last] }
    var sum = 0.0
    for index in first..<last {
      let width = Double(series.steps[index + 1] &- series.steps[index])
      sum += width * 0.5 * (series.values[index] + series.values[index + 1])
    }
    return sum / span
  }
}
