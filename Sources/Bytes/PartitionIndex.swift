extension RandomAccessCollection {
  /// The first index whose element does not satisfy `belongsBefore`, in a collection that is split by it: every element
  /// that does comes before every one that does not.
  ///
  /// - Complexity: O(log n).
  @inlinable
  public func partitionIndex(_ belongsBefore: (Element) -> Bool) -> Index {
    var low = startIndex
    var length = count
    while length > 0 {
      let half = length / 2
      let middle = index(low, offsetBy: half)
      if belongsBefore(self[middle]) {
        low = index(after: middle)
        length -= half + 1
      } else {
        length = half
      }
    }
    return low
  }
}
