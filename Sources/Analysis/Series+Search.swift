internal import EventFile

/// Binary search over series whose steps are in order, as those of a run's metrics are.
extension Series {
  /// The number of points at `step` or before.
  ///
  /// - Complexity: O(log points).
  func position(after step: Int64) -> Int {
    var low = 0
    var high = steps.count
    while low < high {
      let middle = (low + high) / 2
      if steps[middle] <= step { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The value at exactly `step`, nil where there is no such point.
  ///
  /// - Complexity: O(log points).
  func value(at step: Int64) -> Double? {
    let end = position(after: step)
    return end > 0 && steps[end - 1] == step ? values[end - 1] : nil
  }
}
