extension Selection {
  /// The median of `values`; NaN of none.
  ///
  /// - Complexity: O(n) on average.
  static func median(_ values: some Sequence<Double>) -> Double {
    var values = Array(values)
    return median(inPlace: &values)
  }

  /// The median of `values`, which come out in another order; NaN of none.
  ///
  /// - Complexity: O(n) on average.
  static func median(inPlace values: inout [Double]) -> Double {
    guard !values.isEmpty else { return .nan }
    let middle = values.count / 2
    partition(&values, at: middle)
    let upper = values[middle]
    guard values.count.isMultiple(of: 2) else { return upper }
    // The values before the middle are not above it; the greatest of them is the other of the two in the middle.
    var lower = values[0]
    for index in 0..<middle { lower = max(lower, values[index]) }
    return (lower + upper) / 2
  }

  /// The value below which `share` of `values` lie, by the nearest rank; NaN of none.
  static func quantile(_ share: Double, of values: some Sequence<Double>) -> Double {
    var values = Array(values)
    guard !values.isEmpty else { return .nan }
    let index = min(values.count - 1, max(0, Int((share * Double(values.count - 1)).rounded())))
    partition(&values, at: index)
    return values[index]
  }
}
