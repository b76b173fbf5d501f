/// The exponential smoothing that TensorBoard's page draws, corrected for its start.
///
/// With the weight w: every finite y moves the state, `s ← s·w + (1 − w)·y`, and gives `s / (1 − wⁿ)`, n being the
/// number of finite values so far (`s` alone where w is 1). A value that is not finite passes through and leaves the
/// state as it was; values that are all equal pass unchanged.
public struct Smoothing: Equatable, Sendable {
  /// The weight, from 0 (no smoothing) up to 1.
  public let weight: Double

  /// Smoothing with `weight`, which is held to 0...1; NaN counts as 0.
  public init(weight: Double) { self.weight = weight > 0 ? min(weight, 1) : 0 }

  /// The smoothed value at each of `values`.
  ///
  /// - Complexity: O(values), one pass.
  public func callAsFunction(_ values: [Double]) -> [Double] {
    let source = values.span
    guard weight > 0, let first = values.first, !Self.isConstant(source, first) else { return values }
    var result = values
    var output = result.mutableSpan
    var state = 0.0
    var power = 1.0
    for index in source.indices {
      let value = source[index]
      guard value.isFinite else { continue }
      state = state * weight + (1 - weight) * value
      // Once wⁿ is below half a unit in the last place of 1, the correction is exactly 1.
      if power > 0x1p-54, weight < 1 {
        power *= weight
        output[index] = state / (1 - power)
      } else {
        output[index] = state
      }
    }
    return result
  }

  static func isConstant(_ values: Span<Double>, _ first: Double) -> Bool {
    for index in values.indices where values[index] != first { return false }
    return true
  }
}
