/// The sums over a stretch of points that a mean and its error are made from.
struct Moments: Equatable {
  /// The number of finite values.
  var count = 0
  /// Their sum.
  var sum = 0.0
  /// The number of finite second differences.
  var secondCount = 0
  /// The sum of their squares.
  var secondSquares = 0.0

  /// Nothing.
  init() {}

  /// The sums over the finite values of `values` in `range`, with the second differences about each of them.
  ///
  /// - Precondition: `range` lies within the indices of `values`.
  init(of values: Span<Double>, in range: Range<Int>) {
    let inner = range.clamped(to: 1..<Swift.max(1, values.count - 1))
    // Whatever is not finite shows in the sums, so that values need not be asked one by one.
    sum = PartialSums.sum(of: values, in: range)
    secondSquares = PartialSums.secondSquares(of: values, in: inner)
    count = range.count
    secondCount = inner.count
    guard !sum.isFinite || !secondSquares.isFinite else { return }
    self = Moments()
    for index in range where values[index].isFinite {
      count += 1
      sum += values[index]
    }
    for index in inner {
      let second = values[index - 1] - 2 * values[index] + values[index + 1]
      guard second.isFinite else { continue }
      secondCount += 1
      secondSquares += second * second
    }
  }

  /// Takes in the sums of another stretch.
  mutating func add(_ other: Moments) {
    count += other.count
    sum += other.sum
    secondCount += other.secondCount
    secondSquares += other.secondSquares
  }

  /// The variance of single points about their trend, where they have the autocorrelation time τ; 0 without a second
  /// difference.
  ///
  /// The variance γ₀ of an AR(1) sequence shows in its second differences as `γ₀·(6 − 8ρ + 2ρ²)`, with
  /// `ρ = (τ − 1)/(τ + 1)`.
  func variance(autocorrelationTime time: Double) -> Double {
    let rho = max(0, min(0.9, (time - 1) / (time + 1)))
    return secondCount > 0 ? secondSquares / Double(secondCount) / (6 - 8 * rho + 2 * rho * rho) : 0
  }

  /// The mean with its standard error and degrees of freedom, where the points have the autocorrelation time τ.
  func level(autocorrelationTime time: Double) -> (mean: Double, error: Double, freedom: Double) {
    let n = Double(count)
    let error = (variance(autocorrelationTime: time) * time / n).squareRoot()
    return (sum / n, error, max(1, n / time - 2))
  }
}
