internal import EventFile

/// One figure of one curve, with its noise.
struct Figure: Equatable, Sendable {
  var value: Double
  /// Where the noise of the figure comes from.
  var model = ErrorModel.none
  /// 0 where the figure has no noise of its own.
  var standardError = 0.0
  var degreesOfFreedom = Double.infinity
  /// How far the figure is expected to be off because it was chosen among several: below 0 for a least one.
  var bias = 0.0
  /// The noise of the evaluations that the figure is one of; nil for others.
  var evaluations: Evaluations?
  /// The step of the figure, where it is that of one point.
  var step: Int64?
  /// The points behind the standard error; nil where it is that of single points, or there is none.
  var sample: Sample?

  /// The evaluations that a figure was taken from.
  typealias Evaluations = GoldenBaseline.Figure.Evaluations

  /// Why there is no figure.
  enum Absence: Error, Equatable {
    case noPoints
    case nonFinite(step: Int64)
  }

  /// The figure `statistic` of the points of `series` at `range`, each with the noise of its own kind.
  ///
  /// - Parameter window: the last points of them, for `final` and for how far neighbours depend on each other.
  init(
    _ statistic: GateStatistic, of series: Series, in range: Range<Int>, window: LastWindow,
    direction: MetricDirection
  ) throws(Absence) {
    guard let first = range.first, let last = range.last else { throw .noPoints }
    // A curve that ends in NaN has no good figure, whatever it was before.
    if !series.values[last].isFinite { try Self.demandFinite(series, range) }
    switch statistic {
    case .final:
      try Self.demandFinite(series, window.range)
      if let level = window.level {
        self.init(level)
        if window.hasRhythm { model = .rhythm }
      } else {
        self.init(value: series.values[last], step: series.steps[last])
      }
    case .first, .last:
      let index = statistic == .first ? first : last
      guard series.values[index].isFinite else { throw .nonFinite(step: series.steps[index]) }
      self.init(value: series.values[index], step: series.steps[index])
    case .min: self = try Self.extreme(of: series, in: range, isGreatest: false)
    case .max: self = try Self.extreme(of: series, in: range, isGreatest: true)
    case .best: self = try Self.extreme(of: series, in: range, isGreatest: direction == .higher)
    case .mean, .area:
      let value = statistic == .mean ? Self.mean(of: series, in: range) : Self.area(of: series, in: range)
      // Whatever is not finite shows in the sum.
      if !value.isFinite { try Self.demandFinite(series, range) }
      self.init(value: value)
    case .count, .relativeChange, .differenceNorm, .cosine: throw .noPoints
    }
    addNoise(statistic, of: series, in: range, window: window)
  }

  /// A figure from its parts.
  init(value: Double, standardError: Double = 0, degreesOfFreedom: Double = .infinity, step: Int64? = nil) {
    self.value = value
    self.standardError = standardError
    self.degreesOfFreedom = degreesOfFreedom
    self.step = step
  }

  private static func demandFinite(_ series: Series, _ range: Range<Int>) throws(Absence) {
    let values = series.values.span
    for index in range where !values[index].isFinite { throw .nonFinite(step: series.steps[index]) }
  }

  /// The least or the greatest value, at the first of its steps.
  private static func extreme(
    of series: Series, in range: Range<Int>, isGreatest: Bool
  ) throws(Absence) -> Figure {
    let values = series.values.span
    var best = range.lowerBound
    for index in range {
      let value = values[index]
      guard value.isFinite else { throw .nonFinite(step: series.steps[index]) }
      if isGreatest ? value > values[best] : value < values[best] { best = index }
    }
    return Figure(value: values[best], step: series.steps[best])
  }

  private static func mean(of series: Series, in range: Range<Int>) -> Double {
    PartialSums.sum(of: series.values.span, in: range) / Double(range.count)
  }

  /// The area under the curve over the steps by trapezoids, divided by the span; the value of a single point.
  private static func area(of series: Series, in range: Range<Int>) -> Double {
    let (first, last) = (range.lowerBound, range.upperBound - 1)
    let span = Double(series.steps[last]) - Double(series.steps[first])
    guard span > 0 else { return series.values[last] }
    return 0.5 * PartialSums.trapezoids(series.steps.span, series.values.span, in: first..<last) / span
  }
}
