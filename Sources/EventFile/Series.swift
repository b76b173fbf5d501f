/// The points of one scalar tag as three columns of equal length.
public struct Series: Equatable, Sendable {
  /// The tag, for example `train/loss`.
  public var tag: String
  /// The global step of each point.
  public var steps: [Int64]
  /// The wall-clock time of each point, in seconds since 1970.
  public var wallTimes: [Double]
  /// The value of each point. Values that were written in 32 bits are widened exactly.
  public var values: [Double]

  /// A series from its columns.
  ///
  /// - Precondition: the columns have equal lengths.
  public init(tag: String, steps: [Int64] = [], wallTimes: [Double] = [], values: [Double] = []) {
    precondition(steps.count == wallTimes.count && steps.count == values.count)
    self.tag = tag
    self.steps = steps
    self.wallTimes = wallTimes
    self.values = values
  }

  /// The number of points.
  public var count: Int { steps.count }
  /// Whether there is no point.
  public var isEmpty: Bool { steps.isEmpty }
}

/// One point of a series.
public struct Point: Equatable, Sendable {
  /// The global step.
  public var step: Int64
  /// Seconds since 1970.
  public var wallTime: Double
  /// The value.
  public var value: Double

  /// A point from its parts.
  public init(step: Int64, wallTime: Double, value: Double) {
    self.step = step
    self.wallTime = wallTime
    self.value = value
  }
}

extension Series: RandomAccessCollection {
  /// 0.
  public var startIndex: Int { 0 }
  /// The number of points.
  public var endIndex: Int { steps.count }
  /// The point at `position`.
  public subscript(position: Int) -> Point {
    Point(step: steps[position], wallTime: wallTimes[position], value: values[position])
  }

  /// Adds a point at the end.
  public mutating func append(_ point: Point) {
    steps.append(point.step)
    wallTimes.append(point.wallTime)
    values.append(point.value)
  }
}
