import Analysis
import EventFile
import RunFolder

/// Twins of a real training loss: its own trend, with its own noise drawn anew in long blocks.
struct Twins {
  private let trend: [Double]
  private let residuals: [Double]
  /// The points of a block: more than a window of the end has, so that each keeps the dependence of its noise.
  private let block: Int

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
    // As wide as a window of the end: what is slower than that is trend.
    let halfWidth = max(15, values.count / 10)
    var trend: [Double] = []
    for index in values.indices {
      // A window that is symmetric at the ends too, so that a slope leaves no bias.
      let reach = min(halfWidth, index, values.count - 1 - index)
      let window = values[index - reach...index + reach]
      trend.append(window.reduce(0, +) / Double(window.count))
    }
    self.trend = trend
    // The steep beginning bends within a window, and the narrow windows of the end follow every point: neither leaves
    // the noise of the curve.
    let inner = values.count * 2 / 5..<values.count - halfWidth
    residuals = inner.map { values[$0] / trend[$0] - 1 }
    block = max(10, residuals.count / 3)
    variation = level.deviation / level.mean
  }

  /// A twin.
  func draw(_ noise: inout Noise) -> [Double] {
    var values: [Double] = []
    values.reserveCapacity(count)
    while values.count < count {
      let start = noise.index(below: residuals.count - block)
      for offset in 0..<min(block, count - values.count) {
        values.append(trend[values.count] * (1 + residuals[start + offset]))
      }
    }
    return values
  }
}
