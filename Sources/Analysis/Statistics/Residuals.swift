/// What the autocorrelation of residuals is told from, taken in one pass over them.
struct Residuals {
  /// The number of residuals.
  let count: Int
  /// Σ rᵢ².
  let squares: Double
  /// Σ rᵢ·rᵢ₊₁.
  let neighbours: Double
  /// The number of neighbours in a batch.
  let batchSize: Int
  /// The mean of each full batch; the residuals themselves where a batch is one.
  let means: [Double]

  /// The residuals that `residual` gives for 0, 1, … `count - 1`, in at most `AutocorrelationTime.directLimit` batches.
  @inline(__always)
  init(count: Int, _ residual: (Int) -> Double) {
    let limit = AutocorrelationTime.directLimit
    let size = max(1, (count + limit - 1) / limit)
    var means: [Double] = []
    means.reserveCapacity(count / size)
    var squares = 0.0
    var neighbours = 0.0
    var last = 0.0
    func take(_ range: Range<Int>) -> Double {
      var sum = 0.0
      for index in range {
        let value = residual(index)
        sum += value
        squares += value * value
        neighbours += last * value
        last = value
      }
      return sum
    }
    for batch in 0..<count / size {
      means.append(take(batch * size..<(batch + 1) * size) / Double(size))
    }
    _ = take(count / size * size..<count)
    self.count = count
    self.squares = squares
    self.neighbours = neighbours
    batchSize = size
    self.means = means
  }
}
