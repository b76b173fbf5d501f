/// The history of one tag over a run.
public struct Metric: Equatable, Sendable {
  /// The points that stand, in the order of their steps; steps do not repeat.
  public var series: Series
  /// The points that a later segment replaced, in file order.
  public var superseded: Series {
    get { rest.superseded ?? Series(tag: tag) }
    set { change { $0.superseded = newValue } }
  }
  /// The points that were written again at a step which stands as it was first written, in file order: the final
  /// evaluation, for example.
  public var duplicates: Series {
    get { rest.duplicates ?? Series(tag: tag) }
    set { change { $0.duplicates = newValue } }
  }
  /// The number of points that were written again at once, in the same segment, with another value.
  public var conflictCount: Int {
    get { rest.conflictCount }
    set { change { $0.conflictCount = newValue } }
  }
  private var others = Others.none

  /// What else was written of the tag.
  private struct Rest: Equatable, Sendable {
    /// Nil for none, whatever the tag.
    var superseded: Series?, duplicates: Series?
    var conflictCount = 0
  }

  /// Hardly a tag has any, and a run may have very many tags: it takes memory only where it is something.
  private indirect enum Others: Equatable, Sendable {
    case none
    case some(Rest)
  }

  private var rest: Rest {
    if case .some(let rest) = others { rest } else { Rest() }
  }

  private mutating func change(_ body: (inout Rest) -> Void) {
    var rest = rest
    body(&rest)
    if rest.superseded?.isEmpty ?? false { rest.superseded = nil }
    if rest.duplicates?.isEmpty ?? false { rest.duplicates = nil }
    others = rest == Rest() ? .none : .some(rest)
  }

  /// The number of `duplicates`.
  public var duplicateCount: Int { rest.duplicates?.count ?? 0 }
  /// The tag.
  public var tag: String { series.tag }

  /// A metric from its parts.
  public init(
    series: Series, superseded: Series? = nil, duplicates: Series? = nil, conflictCount: Int = 0
  ) {
    self.series = series
    change { rest in
      rest.superseded = superseded
      rest.duplicates = duplicates
      rest.conflictCount = conflictCount
    }
  }

  /// Whether several writers wrote it at once: at least five of its steps, and more than a quarter of them, have two
  /// values.
  public var isInterleaved: Bool { conflictCount >= 5 && conflictCount * 4 > series.count }
}
