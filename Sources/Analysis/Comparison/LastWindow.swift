internal import EventFile

/// The last points of a curve, that its final figure is taken from.
struct LastWindow {
  /// The points.
  let range: Range<Int>
  /// Their level; nil where a single point is no noisy measurement, or fewer than three points are finite.
  let level: WindowLevel?

  /// The window at `range`.
  ///
  /// - Parameter isNoisy: whether a single point is a noisy measurement, as a step's loss is and an evaluation is not.
  init(of series: Series, in range: Range<Int>, isNoisy: Bool, confidence: Double) {
    self.range = range
    level = isNoisy ? WindowLevel(of: series, in: range, confidence: confidence) : nil
  }

  /// The window over the last `share` of the points at `range`.
  init(share: Double, of series: Series, in range: Range<Int>, isNoisy: Bool, confidence: Double) {
    let window = WindowLevel.range(share: share, count: range.count)
    self.init(
      of: series, in: range.lowerBound + window.lowerBound..<range.lowerBound + window.upperBound,
      isNoisy: isNoisy, confidence: confidence)
  }
}
