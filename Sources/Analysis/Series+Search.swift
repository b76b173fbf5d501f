internal import Bytes
internal import EventFile

/// Binary search over series whose steps are in order, as those of a run's metrics are.
extension Series {
  /// The number of points at `step` or before.
  ///
  /// - Complexity: O(log points).
  func position(after step: Int64) -> Int {
    steps.partitionIndex { $0 <= step }
  }

  /// The value at exactly `step`, nil where there is no such point.
  ///
  /// - Complexity: O(log points).
  func value(at step: Int64) -> Double? {
    let end = position(after: step)
    return end > 0 && steps[end - 1] == step ? values[end - 1] : nil
  }
}

extension Int64 {
  /// The distance of this step from another, also where that does not fit 64 bits.
  @inline(__always)
  func distance(from origin: Int64) -> Double {
    let (difference, overflow) = subtractingReportingOverflow(origin)
    return overflow ? Double(self) - Double(origin) : Double(difference)
  }
}
