/// The noise of a series of evaluations, from few of them.
///
/// The distance of a point from the middle of its neighbours tells it (|y₋₁ − 2y₀ + y₊₁|/√6); from few evaluations that is
/// drawn towards 0.8 % of the level, the median of 42 families of public runs, with the weight of two degrees of freedom:
/// s² = (2 · (0.8 %)² + ν · s₀²)/(2 + ν) with ν ≈ 0.7 · (m − 2).
struct EvaluationNoise {
  /// The standard deviation of one evaluation.
  let deviation: Double

  /// The noise of `values`, all finite.
  ///
  /// - Parameter scale: the level that 0.8 % are of; the median of the values where it is nil.
  init(_ values: [Double], scale: Double? = nil) {
    let usual = 0.008 * abs(scale ?? Selection.median(values))
    guard values.count >= 3 else {
      deviation = usual
      return
    }
    let squares = (1..<values.count - 1).map { index in
      let second = values[index - 1] - 2 * values[index] + values[index + 1]
      return second * second / 6
    }
    // One jump is no noise: of enough evaluations the median square tells it, 0.455 that of normal noise (the median of
    // χ² with one degree of freedom); of few, each square counts for at most six times the median.
    let middle = Selection.median(squares)
    let own =
      squares.count >= 6
      ? middle / 0.455
      : squares.reduce(0) { $0 + min($1, 6 * max(middle, usual * usual)) } / Double(squares.count)
    let freedom = 0.7 * Double(values.count - 2)
    deviation = ((2 * usual * usual + freedom * own) / (2 + freedom)).squareRoot()
  }
}
