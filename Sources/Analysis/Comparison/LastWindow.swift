internal import EventFile

/// The last points of a curve, that its final figure is taken from.
struct LastWindow {
  /// The points.
  let range: Range<Int>
  /// Their level; nil where a single point is no noisy measurement, or fewer than three points are finite.
  let level: WindowLevel?
  /// What kind of noise the points have.
  let noise: PointNoise

  /// The window at `range`.
  ///
  /// - Parameter noise: what kind of noise the points have.
  init(of series: Series, in range: Range<Int>, noise: PointNoise, confidence: Double) {
    self.range = range
    self.noise = noise
    level = noise == .steps ? WindowLevel(of: series, in: range, confidence: confidence) : nil
  }

  /// The window over the last `share` of the points at `range`.
  init(share: Double, of series: Series, in range: Range<Int>, noise: PointNoise, confidence: Double) {
    let window = WindowLevel.range(share: share, count: range.count)
    self.init(
      of: series, in: range.lowerBound + window.lowerBound..<range.lowerBound + window.upperBound,
      noise: noise, confidence: confidence)
  }
}
