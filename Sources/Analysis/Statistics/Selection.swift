/// Order statistics without sorting.
enum Selection {
  /// Puts the value that would stand at `index` in the sorted order there, none above it before it and none below it
  /// behind it.
  ///
  /// - Complexity: O(n) on average (Hoare's algorithm 65, Find, 1961).
  static func partition(_ values: inout [Double], at index: Int) {
    var span = values.mutableSpan
    var low = 0
    var high = span.count - 1
    while low < high {
      let pivot = span[(low + high) / 2]
      var left = low
      var right = high
      while left <= right {
        while span[left] < pivot { left += 1 }
        while pivot < span[right] { right -= 1 }
        if left <= right {
          span.swapAt(left, right)
          left += 1
          right -= 1
        }
      }
      if index <= right {
        high = right
      } else if index >= left {
        low = left
      } else {
        break
      }
    }
  }
}
