internal import EventFile

/// The last points of a curve, that its final figure is taken from.
struct LastWindow {
  /// The points.
  let range: Range<Int>
  /// Their level; nil where a single point is no noisy measurement, or fewer than three points are finite.
  let level: WindowLevel?
  /// What kind of noise the points have.
  let noise: PointNoise
  /// Whether the level is freed from what repeats in every epoch.
  let hasRhythm: Bool

  /// The window at `range`, which ends with the points of the curve that are looked at.
  ///
  /// - Parameters:
  ///   - start: the first point of the curve that is looked at.
  ///   - noise: what kind of noise the points have.
  ///   - epochs: where the epochs of the run begin.
  init(
    of series: Series, in range: Range<Int>, from start: Int, noise: PointNoise, epochs: EpochBoundaries,
    confidence: Double
  ) {
    self.range = range
    self.noise = noise
    guard noise == .steps else {
      (level, hasRhythm) = (nil, false)
      return
    }
    let curve = start..<range.upperBound
    let jumps = epochs.firstPoints(of: series, in: curve)
    if let (rhythm, places) = epochs.rhythm(of: series, in: curve) {
      var values = series.values
      for (index, place) in zip(curve, places) { values[index] -= rhythm.deviation(at: place) }
      level = WindowLevel(
        steps: series.steps.span, values: values.span, in: range, curve: curve, confidence: confidence,
        jumps: jumps)?.inflated(by: rhythm.inflation)
      hasRhythm = true
      return
    }
    hasRhythm = false
    level = WindowLevel(
      steps: series.steps.span, values: series.values.span, in: range, curve: curve, confidence: confidence,
      jumps: jumps)
  }

  /// The window over the last `share` of the points at `range`, or from the point `first` on where that is given.
  init(
    share: Double, from first: Int? = nil, of series: Series, in range: Range<Int>, noise: PointNoise,
    epochs: EpochBoundaries, confidence: Double
  ) {
    let window = WindowLevel.range(share: share, count: range.count)
    let start = first ?? range.lowerBound + window.lowerBound
    self.init(
      of: series, in: min(max(start, range.lowerBound), range.upperBound)..<range.upperBound,
      from: range.lowerBound, noise: noise, epochs: epochs, confidence: confidence)
  }
}
