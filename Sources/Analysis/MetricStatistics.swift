public import EventFile

/// One scalar tag in figures.
public struct MetricStatistics: Equatable, Sendable {
  /// The tag.
  public var tag: String
  /// The number of points that stand.
  public var count: Int
  /// The number of those that are NaN or infinite.
  public var nonFiniteCount: Int
  /// The first point.
  public var first: Point
  /// The last point.
  public var last: Point
  /// The least finite value with its (first) step.
  public var least: Point?
  /// The greatest finite value with its (first) step.
  public var greatest: Point?
  /// The mean of the finite values; NaN where there is none.
  public var mean: Double

  /// The figures of `series`; nil where it has no point.
  ///
  /// - Complexity: O(points), one pass.
  public init?(of series: Series) {
    guard let first = series.first, let last = series.last else { return nil }
    tag = series.tag
    count = series.count
    self.first = first
    self.last = last
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
    nonFiniteCount = count - finite
    mean = finite > 0 ? sum / Double(finite) : .nan
    self.least = finite > 0 ? series[leastIndex] : nil
    self.greatest = finite > 0 ? series[greatestIndex] : nil
  }
}
