internal import Bytes

/// The least and the greatest finite value of a stretch of values.
public struct Extremes: Equatable, Sendable {
  /// The least finite value; infinite where there is none.
  public var least = Double.infinity
  /// The greatest finite value; minus infinite where there is none.
  public var greatest = -Double.infinity
  /// Whether every value is finite.
  public var isFinite = true

  /// The extremes of the values in `range`.
  ///
  /// - Complexity: O(values), four at a time.
  public init(of values: Span<Double>, in range: Range<Int>) {
    var low = SIMD4(repeating: least)
    var high = SIMD4(repeating: greatest)
    var isOrdered = SIMDMask<SIMD4<Int64>>(repeating: true)
    var index = range.lowerBound
    while range.upperBound &- index >= 4 {
      let next = values.four(at: index)
      low.replace(with: next, where: next .< low)
      high.replace(with: next, where: next .> high)
      isOrdered .&= next .== next
      index &+= 4
    }
    least = low.min()
    greatest = high.max()
    isFinite = isOrdered == SIMDMask(repeating: true)
    for index in index..<range.upperBound { add(values[index]) }
    guard !isFinite || least == -.infinity || greatest == .infinity else { return }
    (least, greatest) = (.infinity, -.infinity)
    for index in range { add(values[index]) }
  }

  private mutating func add(_ value: Double) {
    guard value.isFinite else { return isFinite = false }
    least = min(least, value)
    greatest = max(greatest, value)
  }
}
