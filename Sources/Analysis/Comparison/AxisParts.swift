internal import Bytes

/// The overlap of two runs, cut into parts of equal length on its axis.
struct AxisParts {
  /// The part that both runs cover.
  let overlap: ClosedRange<Double>
  /// The number of parts; 1 where the overlap is a single place.
  let count: Int
  /// The length of a part.
  let width: Double

  /// At most `count` parts of `overlap`.
  init(of overlap: ClosedRange<Double>, count: Int) {
    let length = overlap.upperBound - overlap.lowerBound
    self.overlap = overlap
    self.count = length > 0 ? max(1, count) : 1
    width = length / Double(self.count)
  }

  /// The middle of the part `index`.
  func middle(of index: Int) -> Double { overlap.lowerBound + (Double(index) + 0.5) * width }

  /// Which of the points at `indices` lie in each part.
  ///
  /// - Parameter step: the step of a point.
  /// - Complexity: O(parts · log² points).
  func ranges(of indices: Range<Int>, on clock: RunClock, step: (Int) -> Int64) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    ranges.reserveCapacity(count)
    var start = indices.lowerBound
    for part in 1..<count {
      let edge = overlap.lowerBound + Double(part) * width
      let end = Self.partition(start..<indices.upperBound) { clock.place(of: step($0)) < edge }
      ranges.append(start..<end)
      start = end
    }
    return ranges + [start..<indices.upperBound]
  }

  /// The first index of `range` that does not satisfy `belongsBefore`, sought first near the beginning: that touches
  /// memory which is read next anyway.
  private static func partition(_ range: Range<Int>, _ belongsBefore: (Int) -> Bool) -> Int {
    var length = 1
    while length < range.count, belongsBefore(range.lowerBound + length) { length *= 2 }
    return (range.lowerBound + length / 2..<min(range.upperBound, range.lowerBound + length))
      .partitionIndex(belongsBefore)
  }
}
