internal import Bytes

/// A smoothed curve at as many of its points as a picture can show.
public struct SmoothedCurve: Equatable, Sendable {
  /// The points, in rising order.
  public var indices: [Int]
  /// The smoothed value at each of them.
  public var values: [Double]
}

extension Smoothing {
  /// The least number of places of a long curve.
  private static let places = 6400

  /// The smoothed curve of `values`: each point of a short one; of a long one the first few, and then one of so many
  /// that there are 6400 places and that it moves by no more than a 64th of the way to the raw values between two.
  ///
  /// Between two places, `s ← s·wⁿ + (1 − w)·Σ wⁿ⁻¹⁻ⁱ·yᵢ` is n steps of the formula at once.
  ///
  /// - Complexity: O(values), without a column of them in memory.
  public func curve(of values: [Double]) -> SmoothedCurve {
    let memory = weight < 1 ? 1 / (1 - weight) : 1
    let stride = min(values.count / Self.places, Int(clamping: memory / 64))
    guard stride > 1, let first = values.first, !Self.isConstant(values.span, first) else {
      return SmoothedCurve(indices: Array(values.indices), values: self(values))
    }
    let source = values.span
    var curve = SmoothedCurve(indices: [], values: [])
    var state = 0.0
    var power = 1.0
    func add(_ sum: Double, decay: Double, at index: Int) {
      state = state * decay + (1 - weight) * sum
      power *= decay
      curve.indices.append(index)
      curve.values.append(state / (1 - power))
    }
    let strideDecay = Elementary.pow(weight, Double(stride))
    for start in Swift.stride(from: 0, to: values.count, by: stride) {
      let end = min(start + stride, values.count)
      // The start of the curve is told point by point, and so is what is near a value that is not finite.
      let sum = start == 0 ? .nan : weightedSum(of: source, in: start..<end)
      if sum.isFinite {
        add(
          sum, decay: end - start == stride ? strideDecay : Elementary.pow(weight, Double(end - start)),
          at: end - 1)
        continue
      }
      for index in start..<end {
        if source[index].isFinite {
          add(source[index], decay: weight, at: index)
        } else {
          curve.indices.append(index)
          curve.values.append(source[index])
        }
      }
    }
    return curve
  }

  /// Σ wⁿ⁻¹⁻ⁱ·yᵢ over the n values in `range`.
  private func weightedSum(of values: Span<Double>, in range: Range<Int>) -> Double {
    let square = weight * weight
    let eighth = square * square * square * square
    var sums = SIMD8<Double>.zero
    var index = range.lowerBound
    while range.upperBound &- index >= 8 {
      sums = sums * eighth + SIMD8(lowHalf: values.four(at: index), highHalf: values.four(at: index &+ 4))
      index &+= 8
    }
    var sum = 0.0
    for lane in 0..<8 { sum = sum * weight + sums[lane] }
    for index in index..<range.upperBound { sum = sum * weight + values[index] }
    return sum
  }
}
