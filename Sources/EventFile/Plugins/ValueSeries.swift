/// Where the values of one tag and one kind that are no numbers stand in a file.
///
/// The walk over a file notes places alone. What stands there is read when somebody asks, by `visitValues(of:at:plugin:metadata:_:)`.
public struct ValueSeries: Equatable, Sendable {
  /// The tag.
  public var tag: String
  /// The plugin that owns the tag, as `TagSummary` names it.
  public var plugin: String
  /// The metadata of the first value that has some.
  public var metadata: SummaryMetadata?
  /// The places, in file order.
  public var places: [ValuePlace]

  /// A series from its parts.
  public init(tag: String, plugin: String, metadata: SummaryMetadata? = nil, places: [ValuePlace] = []) {
    self.tag = tag
    self.plugin = plugin
    self.metadata = metadata
    self.places = places
  }
}

/// The place of one value.
public struct ValuePlace: Equatable, Hashable, Sendable {
  /// The global step.
  public var step: Int64
  /// Seconds since 1970.
  public var wallTime: Double
  /// The offset of its record in the (decompressed) file.
  public var offset: Int
  /// Which of the values of its event it is, from 0.
  public var ordinal: Int32
  /// Which of the files of its run it stands in, from 0.
  public var file: Int32
  /// Whether the elements of a histogram are numbers; finite of everything else.
  public var elements = Elements.finite

  /// What the elements of a histogram are.
  public enum Elements: UInt8, Sendable {
    /// All are numbers.
    case finite
    /// Some are NaN.
    case notANumber
    /// Some are infinite.
    case infinite
  }

  /// A place from its parts.
  public init(step: Int64, wallTime: Double, offset: Int, ordinal: Int32 = 0, file: Int32 = 0) {
    self.step = step
    self.wallTime = wallTime
    self.offset = offset
    self.ordinal = ordinal
    self.file = file
  }
}

extension ValueSeries {
  /// The places as a series of numbers, which a merge may cut and join like any other: the values are the places'
  /// positions, counted from `first`.
  func numbered(from first: Int) -> Series {
    Series(
      tag: tag, steps: places.map(\.step), wallTimes: places.map(\.wallTime),
      values: places.indices.map { Double(first + $0) })
  }
}
