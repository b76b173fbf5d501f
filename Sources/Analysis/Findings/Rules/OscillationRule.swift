internal import EventFile

/// The loss swings up and down at the end, far more than it did.
///
/// The width of a stretch is the distance between its tenth and ninetieth percentile, its line taken out. Noise alone is
/// wide too, so the swings have to be wider than a quarter of the level and three times those of the calmest third of the
/// run, and neighbours have to go together (Ljung and Box over ten lags, p < 0.001).
struct OscillationRule: Rule {
  var kinds: [Finding.Kind] { [.oscillation] }
  /// The points that are needed.
  var leastCount = 40
  /// The width as a share of the level, and against the calmest third: judgements of cost.
  var leastWidth = 0.25, leastGrowth = 3.0
  /// χ² with ten degrees of freedom is above it with a probability of 0.001.
  var leastStatistic = 29.59

  func examine(_ evidence: Evidence) -> Outcome {
    guard evidence.training != .reinforcement else { return .notApplicable }
    guard let curve = evidence.curve else { return .abstained(.missing(.trainingLoss)) }
    guard curve.count >= leastCount else {
      return .abstained(.tooFew(.trainingLoss, count: curve.count, needed: leastCount))
    }
    let size = max(10, curve.count / 15)
    let widths = Self.widths(curve, size)
    let count = widths.count
    // From the end, so that the rest is left out at the beginning, where the loss falls fastest.
    let offset = curve.count - count * size
    let third = max(1, count / 3)
    // A window that is narrower than a swing takes half of it for a trend.
    let wide = Self.widths(curve, max(size, min(20, curve.count / 4)))
    let end = Selection.median(wide.suffix(max(1, wide.count / 3)))
    let calmest =
      stride(from: 0, through: count - third, by: third).map { Selection.median(widths[$0..<$0 + third]) }
      .min() ?? end
    let last = curve.values.suffix(third * size)
    let level = Selection.median(last)
    guard level > 0, end > leastWidth * level, end > leastGrowth * calmest else { return .nothing }
    guard Self.ljungBox(last) > leastStatistic else { return .nothing }
    let first =
      (0..<count).first { widths[$0] > (calmest * end).squareRoot() && widths[$0] > 2 * calmest } ?? 0
    let step = Self.onset(curve, in: offset + first * size..<offset + (first + 1) * size, calm: calmest)
    return .found([
      Finding(
        .oscillation, .warning, metric: curve.tag, step: curve.steps[step], lastStep: curve.steps.last,
        value: end,
        reference: level, count: curve.count - step, score: end / max(calmest, 1e-300))
    ])
  }

  /// The first point of a window that stands further from the level before than calm ones do.
  private static func onset(_ curve: Curve, in window: Range<Int>, calm: Double) -> Int {
    let before = curve.values[max(0, window.lowerBound - window.count)..<window.lowerBound]
    guard !before.isEmpty else { return window.lowerBound }
    let level = Selection.median(before)
    return window.first { curve.values[$0] > level + 1.5 * calm } ?? window.lowerBound
  }

  /// The widths of the windows of `size` points, of which the last ends with the curve.
  private static func widths(_ curve: Curve, _ size: Int) -> [Double] {
    let count = curve.count / size
    let offset = curve.count - count * size
    return (0..<count).map { width(curve.values[offset + $0 * size..<offset + ($0 + 1) * size]) }
  }

  private static func width(_ values: ArraySlice<Double>) -> Double {
    let rest = RobustLevel.distances(values)
    return Selection.quantile(0.9, of: rest) - Selection.quantile(0.1, of: rest)
  }

  /// n(n + 2) Σ ρₖ²/(n − k) over ten lags (Ljung and Box, Biometrika 65, 1978).
  private static func ljungBox(_ values: ArraySlice<Double>) -> Double {
    let rest = RobustLevel.distances(values)
    let n = Double(rest.count)
    let variance = rest.reduce(0) { $0 + $1 * $1 }
    guard variance > 0, rest.count > 12 else { return 0 }
    var sum = 0.0
    for lag in 1...10 {
      var product = 0.0
      for index in lag..<rest.count { product += rest[index] * rest[index - lag] }
      let correlation = product / variance
      sum += correlation * correlation / (n - Double(lag))
    }
    return n * (n + 2) * sum
  }
}
