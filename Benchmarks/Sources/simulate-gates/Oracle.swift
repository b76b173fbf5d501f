/// The best test that there can be: one that knows the noise of both curves exactly.
///
/// With AR(1) noise of known deviation σ and correlation ρ, the level that is least uncertain is the mean with weights
/// 1 at both ends and 1 − ρ between them; its variance is σ²(1 + ρ)/(n − (n − 2)ρ) (generalised least squares). The
/// one-sided z test of the difference of two such levels is uniformly most powerful among unbiased ones.
struct Oracle {
  private let memory: Double
  private let variance: Double

  /// - Parameters:
  ///   - deviation: σ of the baseline's points.
  ///   - memory: ρ.
  ///   - count: the number of points of each curve.
  init(deviation: Double, memory: Double, count: Int) {
    self.memory = memory
    let n = Double(count)
    variance = deviation * deviation * (1 + memory) / (n - (n - 2) * memory)
  }

  /// Whether the test at 5 % sees a rise, and that is above the margin, a share of the baseline's level.
  ///
  /// - Parameter scale: the deviation of the run's points, as a multiple of the baseline's.
  func fails(_ base: ArraySlice<Double>, _ new: ArraySlice<Double>, margin: Double, scale: Double) -> Bool {
    let (left, right) = (level(base), level(new))
    let error = (variance * (1 + scale * scale)).squareRoot()
    return right - left > 1.6448536269514722 * error && right - left > margin * abs(left)
  }

  private func level(_ values: ArraySlice<Double>) -> Double {
    var sum = (1 - memory) * values.reduce(0, +)
    if let first = values.first, let last = values.last { sum += memory * (first + last) }
    let n = Double(values.count)
    return sum / (n - (n - 2) * memory)
  }
}
