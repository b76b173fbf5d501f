public import EventFile

/// One scalar tag in figures.
public struct MetricStatistics: Equatable, Sendable {
  /// The points, in columns that are the run's own: a run may have very many tags, with a few points each.
  private let series: Series
  private let leastIndex: Int, greatestIndex: Int
  /// The number of those that are NaN or infinite.
  public let nonFiniteCount: Int
  /// The mean of the finite values; NaN where there is none.
  public let mean: Double

  /// The tag.
  public var tag: String { series.tag }
  /// The number of points that stand.
  public var count: Int { series.count }
  /// The first point.
  public var first: Point { series[0] }
  /// The last point.
  public var last: Point { series[series.count - 1] }
  /// The least finite value with its (first) step.
  public var least: Point? { nonFiniteCount < count ? series[leastIndex] : nil }
  /// The greatest finite value with its (first) step.
  public var greatest: Point? { nonFiniteCount < count ? series[greatestIndex] : nil }

  /// The figures of `series`; nil where it has no point.
  ///
  /// - Complexity: O(points), one pass.
  public init?(of series: Series) {
    guard !series.isEmpty else { return nil }
    self.series = series
    let values = series.values.span
    var finite = 0
    var sum = 0.0
    // The rounding errors of `sum` (Kahan), so that a million equal values have their own value as mean.
    var lost = 0.0
    var least = Double.infinity
    var greatest = -Double.infinity
    var leastIndex = 0
    var greatestIndex = 0
    for index in values.indices {
      let value = values[index]
      guard value.isFinite else { continue }
      finite += 1
      let addend = value - lost
      let total = sum + addend
      lost = (total - sum) - addend
      sum = total
      if value < least {
        least = value
        leastIndex = index
      }
      if value > greatest {
        greatest = value
        greatestIndex = index
      }
    }
    nonFiniteCount = series.count - finite
    mean = finite > 0 ? sum / Double(finite) : .nan
    self.leastIndex = leastIndex
    self.greatestIndex = greatestIndex
  }
}
