/// The history of one tag over a run.
public struct Metric: Equatable, Sendable {
  /// The points that stand, in the order of their steps; steps do not repeat.
  public var series: Series
  /// The points that a later segment replaced, in file order.
  public var superseded: Series
  /// The number of points that were written again with the same step (the final evaluation, for example).
  public var duplicateCount: Int
  /// The tag.
  public var tag: String { series.tag }

  /// A metric from its parts.
  public init(series: Series, superseded: Series? = nil, duplicateCount: Int = 0) {
    self.series = series
    self.superseded = superseded ?? Series(tag: series.tag)
    self.duplicateCount = duplicateCount
  }
}
