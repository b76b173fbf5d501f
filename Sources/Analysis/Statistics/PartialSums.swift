/// Sums in four parts that do not wait for each other, as a processor adds several numbers at once.
enum PartialSums {
  /// Σ `term(i)` over `range`.
  @inline(__always)
  static func sum(_ range: Range<Int>, _ term: (Int) -> Double) -> Double {
    var sums = SIMD4<Double>.zero
    var index = range.lowerBound
    while range.upperBound - index >= 4 {
      sums += SIMD4(term(index), term(index + 1), term(index + 2), term(index + 3))
      index += 4
    }
    var sum = sums.sum()
    while index < range.upperBound {
      sum += term(index)
      index += 1
    }
    return sum
  }
}
