internal import Bytes

/// Sums in four parts that do not wait for each other, as a processor adds several numbers at once.
enum PartialSums {
  /// Σ `term(i)` over `range`.
  @inline(__always)
  static func sum(_ range: Range<Int>, _ term: (Int) -> Double) -> Double {
    var sums = SIMD4<Double>.zero
    var index = range.lowerBound
    while range.upperBound &- index >= 4 {
      sums += SIMD4(term(index), term(index &+ 1), term(index &+ 2), term(index &+ 3))
      index &+= 4
    }
    var sum = sums.sum()
    while index < range.upperBound {
      sum += term(index)
      index &+= 1
    }
    return sum
  }

  /// The sum of the values in `range`.
  static func sum(of values: Span<Double>, in range: Range<Int>) -> Double {
    var sums = SIMD4<Double>.zero
    var index = range.lowerBound
    while range.upperBound &- index >= 4 {
      sums += values.four(at: index)
      index &+= 4
    }
    var sum = sums.sum()
    for index in index..<range.upperBound { sum += values[index] }
    return sum
  }

  /// The sum of the products of the values in `range` with those that are `lag` behind them.
  static func products(of values: Span<Double>, in range: Range<Int>, lag: Int) -> Double {
    var sums = SIMD4<Double>.zero
    var index = range.lowerBound
    while range.upperBound &- index >= 4 {
      sums += values.four(at: index) * values.four(at: index &+ lag)
      index &+= 4
    }
    var sum = sums.sum()
    for index in index..<range.upperBound { sum += values[index] * values[index + lag] }
    return sum
  }

  /// The sum of the squares of the second differences about the values in `range`.
  ///
  /// - Precondition: each of them has a value before it and one after it.
  static func secondSquares(of values: Span<Double>, in range: Range<Int>) -> Double {
    var sums = SIMD4<Double>.zero
    var index = range.lowerBound
    while range.upperBound &- index >= 4 {
      let middle = values.four(at: index)
      let second = values.four(at: index &- 1) - (middle + middle) + values.four(at: index &+ 1)
      sums += second * second
      index &+= 4
    }
    var sum = sums.sum()
    for index in index..<range.upperBound {
      let second = values[index - 1] - 2 * values[index] + values[index + 1]
      sum += second * second
    }
    return sum
  }

  /// Twice the area of the trapezoids between each of the points at `range` and the point after it.
  ///
  /// - Precondition: the steps do not fall.
  static func trapezoids(_ steps: Span<Int64>, _ values: Span<Double>, in range: Range<Int>) -> Double {
    guard !range.isEmpty else { return 0 }
    if steps[range.upperBound].subtractingReportingOverflow(steps[range.lowerBound]).overflow {
      return sum(range) { index in
        (Double(steps[index + 1]) - Double(steps[index])) * (values[index] + values[index + 1])
      }
    }
    var sums = SIMD4<Double>.zero
    var index = range.lowerBound
    while range.upperBound &- index >= 4 {
      let widths = steps.four(at: index &+ 1) &- steps.four(at: index)
      sums +=
        SIMD4(Double(widths[0]), Double(widths[1]), Double(widths[2]), Double(widths[3]))
        * (values.four(at: index) + values.four(at: index &+ 1))
      index &+= 4
    }
    var sum = sums.sum()
    for index in index..<range.upperBound {
      sum += Double(steps[index + 1] &- steps[index]) * (values[index] + values[index + 1])
    }
    return sum
  }
}
