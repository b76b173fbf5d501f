/// The level of a stretch of a noisy curve, and its error, so that single wild points decide neither.
///
/// The level is the median. The deviation is that of the points about their least-squares line, 1.4826 · MAD, but at
/// least the root mean square of the distances cut at three of those. With the lag-1 autocorrelation ρ of the distances
/// (bias taken out as in `AutocorrelationTime`), τ = (1 + ρ)/(1 − ρ) and the standard error of the median is
/// 1.2533 · deviation · √(τ/n), 1.2533 = √(π/2) being the efficiency of a median of normal noise.
struct RobustLevel: Equatable {
  /// The median.
  let median: Double
  /// The deviation of the points about their line.
  let deviation: Double
  /// The standard error of the median.
  let standardError: Double
  /// The number of points.
  let count: Int

  /// The level of `values`, all finite.
  ///
  /// - Parameter noise: the least deviation that is believed: of three points on a line by chance it would be 0.
  init(_ values: ArraySlice<Double>, noise: Double = 0) {
    count = values.count
    median = Selection.median(values)
    let distances = Self.distances(values)
    let spread = 1.4826 * Selection.median(distances.lazy.map { abs($0) })
    var squares = 0.0
    var products = 0.0
    var before = 0.0
    let limit = spread > 0 ? 3 * spread : .infinity
    for distance in distances {
      let cut = max(-limit, min(limit, distance))
      squares += cut * cut
      products += before * cut
      before = cut
    }
    let n = Double(count)
    let degrees = max(1, n - (count > 4 ? 2 : 1))
    deviation = max(
      noise, max(spread.isFinite ? spread : 0, count > 1 ? (squares / degrees).squareRoot() : 0))
    var time = 1.0
    if count > 8, squares > 0 {
      let rho = min(0.95, (n * products / squares + 2) / (n - 4))
      if rho > 0 { time = (1 + rho) / (1 - rho) }
    }
    standardError = count > 0 ? 1.2533 * deviation * (min(time, n) / n).squareRoot() : .infinity
  }

  /// The standard error of the difference of this level and another.
  func differenceError(from other: RobustLevel) -> Double {
    (standardError * standardError + other.standardError * other.standardError).squareRoot()
  }

  /// The distances of the points from their least-squares line; of fewer than five, from their median.
  static func distances(_ values: ArraySlice<Double>) -> [Double] {
    guard values.count > 4 else {
      let middle = Selection.median(values)
      return values.map { $0 - middle }
    }
    let n = Double(values.count)
    let middle = (n - 1) / 2
    let mean = values.reduce(0, +) / n
    var product = 0.0
    for (index, value) in values.enumerated() { product += (Double(index) - middle) * (value - mean) }
    let slope = product * 12 / (n * (n * n - 1))
    return values.enumerated().map { $1 - mean - slope * (Double($0) - middle) }
  }
}
