import Analysis
import EventFile
import RunFolder

/// Twins of a real training loss: its own trend, with its own noise drawn anew in blocks.
struct Twins {
  private let trend: [Double]
  private let residuals: [Double]
  private static let block = 10
  private static let halfWidth = 15

  /// The number of points.
  var count: Int { trend.count }
  /// The deviation of the noise in the last tenth (or last twenty points), as a share of the level.
  let variation: Double

  /// Twins of the training loss of `run`; nil where that has less than a hundred finite positive points.
  init?(_ run: TrainingRun) {
    guard let series = run.metric(for: .trainLoss)?.series else { return nil }
    let values = series.values.filter { $0.isFinite && $0 > 0 }
    guard values.count >= 100, values.count == series.count, let level = WindowLevel(ofLast: 0.1, of: series)
    else {
      return nil
    }
    var trend: [Double] = []
    for index in values.indices {
      // A window that is symmetric at the ends too, so that a slope leaves no bias.
      let reach = min(Self.halfWidth, index, values.count - 1 - index)
      let window = values[index - reach...index + reach]
      trend.append(window.reduce(0, +) / Double(window.count))
    }
    self.trend = trend
    // The steep beginning bends within a window, and the narrow windows of the end follow every point: neither leaves
    // the noise of the curve.
    let inner = values.count * 2 / 5..<values.count - Self.halfWidth
    residuals = inner.map { values[$0] / trend[$0] - 1 }
    variation = level.deviation / level.mean
  }

  /// A twin.
  func draw(_ noise: inout Noise) -> [Double] {
    var values: [Double] = []
    values.reserveCapacity(count)
    while values.count < count {
      let start = noise.index(below: residuals.count - Self.block)
      for offset in 0..<min(Self.block, count - values.count) {
        values.append(trend[values.count] * (1 + residuals[start + offset]))
      }
    }
    return values
  }
}
