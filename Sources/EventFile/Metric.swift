/// The history of one tag over a run.
public struct Metric: Equatable, Sendable {
  /// The points that stand, in the order of their steps; steps do not repeat.
  public var series: Series
  /// The points that a later segment replaced, in file order.
  public var superseded: Series
  /// The points that were written again at a step which stands as it was first written, in file order: the final
  /// evaluation, for example.
  public var duplicates: Series
  /// The number of points that were written again at once, in the same segment, with another value.
  public var conflictCount: Int
  /// The number of `duplicates`.
  public var duplicateCount: Int { duplicates.count }
  /// The tag.
  public var tag: String { series.tag }

  /// A metric from its parts.
  public init(
    series: Series, superseded: Series? = nil, duplicates: Series? = nil, conflictCount: Int = 0
  ) {
    self.series = series
    self.superseded = superseded ?? Series(tag: series.tag)
    self.duplicates = duplicates ?? Series(tag: series.tag)
    self.conflictCount = conflictCount
  }

  /// Whether several writers wrote it at once: at least five of its steps, and more than a quarter of them, have two
  /// values.
  public var isInterleaved: Bool { conflictCount >= 5 && conflictCount * 4 > series.count }
}
