public import EventFile

/// The level of a curve over a window, with the uncertainty that its noise leaves.
///
/// Of the end of a curve, `level` is what the curve has come to at its last point: where it still falls or rises, by
/// more than two standard errors of its slope over the last 40 % of its points, the mean is carried from the middle of
/// the window to the end along that slope, with the slope's error; else it is the mean. A mean of points that fall is a
/// level that the curve has left.
///
/// The finite points of the window give their mean m, the least-squares line over the steps, the variance s² about that
/// line (n − 2 in the divisor), and the autocorrelation time τ of the residuals: the greater of Geyer's and that of an
/// AR(1) process with the bias of few points taken out. Then nₑ = n/τ, the standard error
/// of m is √(s²τ/n), that of the slope √(s²τ/Σ(x − x̄)²), and both intervals are Student's with nₑ − 2 degrees of
/// freedom (at least 1).
public struct WindowLevel: Equatable, Sendable {
  /// The mean of the finite points.
  public var mean: Double
  /// The standard error of the mean, autocorrelation allowed for.
  public var standardError: Double
  /// The level at the end of the window: the mean, carried along the trend where there is one.
  public var level: Double
  /// The standard error of `level`.
  public var levelError: Double
  /// Whether `level` was carried along a trend.
  public var hasTrend: Bool
  /// The two-sided interval of `level` at `confidence`.
  public var interval: ClosedRange<Double>
  /// The confidence of `interval`.
  public var confidence: Double
  /// The number of finite points.
  public var count: Int
  /// The number of points of the window that are NaN or infinite.
  public var nonFiniteCount: Int
  /// The number of independent points that would say as much.
  public var effectiveCount: Double
  /// The integrated autocorrelation time, in points; 1 for white noise.
  public var autocorrelationTime: Double
  /// The standard deviation of the points about their line.
  public var deviation: Double
  /// The slope of the least-squares line, per step.
  public var slope: Double
  /// The standard error of the slope.
  public var slopeStandardError: Double
  /// The two-sided interval of the slope at `confidence`.
  public var slopeInterval: ClosedRange<Double>
  /// The first and the last step of the window.
  public var steps: ClosedRange<Int64>

  /// The autocorrelation time of the window's own points, whatever its curve shows of slower noise.
  private(set) var pointTime: Double

  /// The lag-1 autocorrelation of the window's points about their line, and Geyer's autocorrelation time of them.
  private var correlation: Double, ownTime: Double

  /// The distance of the last finite point from the mean of the steps.
  private var endDistance: Double

  /// The degrees of freedom of both intervals: nₑ − 2, and at least 1.
  public private(set) var degreesOfFreedom: Double

  /// Half the width of `interval`.
  public var halfWidth: Double { interval.halfWidth }
}

extension ClosedRange<Double> {
  /// Half the distance of the bounds.
  public var halfWidth: Double { (upperBound - lowerBound) / 2 }
}

extension WindowLevel {
  /// The least number of points that a window of the end of a curve holds, where the curve has twice as many.
  public static let minimumCount = 20

  /// The range of the last points of a curve of `count` points: the `share` of them, rounded up, and at least
  /// `minimumCount`, but of a shorter curve than twice that the last half, so that the end is not the whole.
  public static func range(share: Double, count: Int, minimumCount: Int = minimumCount) -> Range<Int> {
    let wanted = (Double(count) * max(0, min(1, share))).rounded(.up)
    let least = min(minimumCount, max(3, (count + 1) / 2))
    let size = min(count, max(Int(exactly: wanted) ?? count, least))
    return count - size..<count
  }

  /// The level over the last `share` of the points of `series`, with the least number of `range(share:count:)`.
  ///
  /// Returns nil where fewer than three of those points are finite.
  public init?(ofLast share: Double, of series: Series, confidence: Double = 0.95) {
    self.init(of: series, in: Self.range(share: share, count: series.count), confidence: confidence)
  }

  /// The level at the end of `series`, over the last `share` of its points, with its trend.
  ///
  /// What the other windows of the curve show of slow noise is allowed for where the part of it that they are taken from
  /// holds three or more: of fewer, a bend of the curve is all that they show.
  ///
  /// Returns nil where fewer than three of those points are finite, or the curve has fewer than `shortestCurve`.
  public init?(atEndOf series: Series, share: Double, confidence: Double = 0.95) {
    guard series.count >= Self.shortestCurve else { return nil }
    let range = Self.range(share: share, count: series.count)
    self.init(of: series, in: range, confidence: confidence)
    if let bend = Self.bend(series, in: range) {
      // Without noise to speak of, the end is the last point.
      (level, levelError, hasTrend) = (bend.last, bend.noise, true)
      degreesOfFreedom = Swift.max(1, 0.7 * Double(count - 2))
      let width = StudentT(degreesOfFreedom: degreesOfFreedom)?.halfWidth(confidence: confidence) ?? .infinity
      interval = Self.around(level, width * levelError)
      return
    }
    if WindowMeans.share * Double(series.count) >= 3 * Double(range.count),
      let means = WindowMeans(of: series.values.span, in: 0..<series.count, window: range)
    {
      allow(for: means)
    }
    let wide = Self.range(share: Self.trendShare, count: series.count)
    let trend =
      wide.count > range.count ? WindowLevel(of: series, in: wide, confidence: confidence) : self
    guard let trend, abs(trend.slope) > 2 * trend.slopeStandardError else { return }
    // A curve that bends is carried no further than its points went.
    var (least, greatest) = (Double.infinity, -Double.infinity)
    for index in range where series.values[index].isFinite {
      least = Swift.min(least, series.values[index])
      greatest = Swift.max(greatest, series.values[index])
    }
    level = Swift.min(Swift.max(mean + trend.slope * endDistance, least), greatest)
    hasTrend = true
    let carried = trend.slopeStandardError * endDistance
    levelError = (standardError * standardError + carried * carried).squareRoot()
    let freedom = Swift.min(degreesOfFreedom, trend.degreesOfFreedom)
    let width = StudentT(degreesOfFreedom: freedom)?.halfWidth(confidence: confidence) ?? .infinity
    interval = Self.around(level, width * levelError)
  }

  /// The fewest points of a curve whose end has a level with an error.
  static let shortestCurve = 6

  /// The last value and the noise, by second differences, of points that bend away from their line so smoothly that what
  /// the line leaves is no noise; nil of others.
  private static func bend(_ series: Series, in range: Range<Int>) -> (last: Double, noise: Double)? {
    let values = range.map { series.values[$0] }
    guard values.count >= 8, let last = values.last, values.allSatisfy(\.isFinite) else { return nil }
    let rest = RobustLevel.distances(values[...])
    guard rest.contains(where: { $0 != 0 }), WindowMeans.roughness(rest) < WindowMeans.leastRoughness else {
      return nil
    }
    let squares = (1..<values.count - 1).reduce(0.0) { sum, index in
      let second = values[index - 1] - 2 * values[index] + values[index + 1]
      return sum + second * second / 6
    }
    return (last, (squares / Double(values.count - 2)).squareRoot())
  }

  /// The share of the points, from the end, that the trend is taken from.
  static let trendShare = 0.4

  /// The level over the points of `series` at `range`, which is cut to the points that there are.
  ///
  /// Returns nil where fewer than three of those points are finite. Memory: constant, where every value is finite.
  public init?(of series: Series, in range: Range<Int>, confidence: Double = 0.95) {
    self.init(steps: series.steps.span, values: series.values.span, in: range, confidence: confidence)
  }

  /// The level over the points of two columns at `range`.
  ///
  /// - Parameter jumps: the first points after places where the level may jump, such as epochs: what it jumps by is no
  ///   noise, where there are three points on either side, and the slope is then not told.
  init?(
    steps: Span<Int64>, values: Span<Double>, in range: Range<Int>, confidence: Double, jumps: [Int] = []
  ) {
    let range = range.clamped(to: steps.indices)
    guard let first = range.first, let last = range.last else { return nil }
    // Whatever is not finite shows in the sum.
    let sum = PartialSums.sum(of: values, in: range)
    let inner = jumps.filter { $0 - range.lowerBound >= 3 && range.upperBound - $0 >= 3 }
    if sum.isFinite, !inner.isEmpty, range.count > inner.count + 3 {
      self.init(values, at: steps, in: range, jumps: inner, confidence: confidence)
    } else if sum.isFinite {
      self.init(finite: values, at: steps, in: range, confidence: confidence)
    } else {
      let finite = range.filter { values[$0].isFinite }
      let kept = Series(
        tag: "", steps: finite.map { steps[$0] }, wallTimes: finite.map { _ in 0 },
        values: finite.map { values[$0] })
      self.init(
        finite: kept.values.span, at: kept.steps.span, in: 0..<kept.count, confidence: confidence)
      nonFiniteCount = range.count - kept.count
    }
    self.steps = min(steps[first], steps[last])...max(steps[first], steps[last])
  }

  /// The level over the last points of `curve`, with what all of the curve shows of its noise: how far neighbours
  /// depend on each other, and by how much windows differ. This is the level that verdicts stand on.
  init?(
    steps: Span<Int64>, values: Span<Double>, in range: Range<Int>, curve: Range<Int>, confidence: Double,
    jumps: [Int] = []
  ) {
    self.init(steps: steps, values: values, in: range, confidence: confidence, jumps: jumps)
    guard deviation > 0 else { return }
    let means = WindowMeans(of: values, in: curve, window: range, steps: jumps)
    let memory = means?.memory?.noise ?? NoiseMemory(correlation: correlation, count: count, terms: 2)
    degreesOfFreedom = memory.freedom(ofVariance: count, known: means?.points ?? count)
    setTime(max(memory.time(ofMean: count), means?.memory?.time ?? ownTime))
    if let means { allow(for: means, freedom: Self.verdictFreedom) }
  }

  /// The level over `range`, where all values are finite, with a term of the fit for each of `jumps`.
  private init?(
    _ values: Span<Double>, at steps: Span<Int64>, in range: Range<Int>, jumps: [Int], confidence: Double
  ) {
    let mean = PartialSums.sum(of: values, in: range) / Double(range.count)
    var left = range.map { values[$0] - mean }
    let first = steps[range.lowerBound]
    let columns =
      [range.map { _ in 1 }, range.map { steps[$0].distance(from: first) }]
      + jumps.map { jump in range.map { $0 < jump ? 0 : 1 } }
    let terms = LeastSquares.remove(columns, from: &left)
    for index in left.indices { left[index] += mean }
    let kept = range.map { steps[$0] }
    self.init(
      finite: left.span, at: kept.span, in: 0..<range.count, confidence: confidence)
    let factor = (Double(range.count - 2) / Double(range.count - terms)).squareRoot()
    deviation *= factor
    standardError *= factor
    slopeStandardError *= factor
    levelError = standardError
    setIntervals()
  }

  /// The level over `range`, where all values are finite.
  private init?(finite values: Span<Double>, at steps: Span<Int64>, in range: Range<Int>, confidence: Double)
  {
    guard range.count >= 3 else { return nil }
    // Steps and values are taken from the first point on, so that large offsets cost no digits.
    let origin = steps[range.lowerBound]
    let shift = values[range.lowerBound]
    let n = Double(range.count)
    func distance(_ index: Int) -> Double { steps[index].distance(from: origin) }
    let meanX = PartialSums.sum(range, distance) / n
    let meanY = PartialSums.sum(range) { values[$0] - shift } / n
    let squareX = PartialSums.sum(range) { index in
      let x = distance(index) - meanX
      return x * x
    }
    let product = PartialSums.sum(range) { (distance($0) - meanX) * (values[$0] - shift - meanY) }
    let slope = squareX > 0 ? product / squareX : 0
    let residuals = Residuals(count: range.count) { offset in
      let index = range.lowerBound + offset
      return values[index] - shift - meanY - slope * (distance(index) - meanX)
    }
    let variance = residuals.squares / (n - 2)
    ownTime = AutocorrelationTime(of: residuals).points
    correlation = residuals.squares > 0 ? residuals.neighbours / residuals.squares : 0
    let time = min(n, max(ownTime, AutocorrelationTime.firstOrder(ofDetrended: residuals)))
    self.mean = shift + meanY
    self.count = range.count
    self.nonFiniteCount = 0
    self.autocorrelationTime = time
    self.pointTime = time
    self.effectiveCount = n / time
    self.degreesOfFreedom = max(1, n / time - 2)
    self.deviation = variance.squareRoot()
    self.standardError = (variance * time / n).squareRoot()
    self.slope = slope
    self.slopeStandardError = squareX > 0 ? (variance * time / squareX).squareRoot() : 0
    self.confidence = confidence
    self.steps = origin...origin
    self.level = mean
    self.levelError = standardError
    self.hasTrend = false
    self.endDistance = distance(range.upperBound - 1) - meanX
    self.interval = -Double.infinity...Double.infinity
    self.slopeInterval = -Double.infinity...Double.infinity
    setIntervals()
  }

  private mutating func setIntervals() {
    let width = StudentT(degreesOfFreedom: degreesOfFreedom)?.halfWidth(confidence: confidence) ?? .infinity
    interval = Self.around(mean, width * standardError)
    slopeInterval = Self.around(slope, width * slopeStandardError)
  }

  /// The degrees of freedom that the scatter of the curve's windows has of its own, in an interval.
  private static let wholeCurveFreedom = 4.0
  /// The same in a verdict, which is one-sided and may err in one case of twenty.
  private static let verdictFreedom = 2.0

  /// Allows for noise that is slower than the window, which the scatter of its curve's windows shows: where that is
  /// greater than what neighbours give, so is the autocorrelation time.
  mutating func allow(for means: WindowMeans, freedom: Double = wholeCurveFreedom) {
    let n = Double(count)
    let time = min(n, means.variance * n / (deviation * deviation))
    guard deviation > 0, time > autocorrelationTime else { return }
    degreesOfFreedom = max(1, n / time - 2, min(freedom, degreesOfFreedom))
    setTime(time)
  }

  /// The level with the noise of its points greater by `factor` in variance, as a fit has taken a share of it.
  func inflated(by factor: Double) -> WindowLevel {
    var level = self
    level.deviation *= factor.squareRoot()
    level.standardError *= factor.squareRoot()
    level.slopeStandardError *= factor.squareRoot()
    level.levelError = level.standardError
    level.setIntervals()
    return level
  }

  private mutating func setTime(_ time: Double) {
    let factor = (time / autocorrelationTime).squareRoot()
    autocorrelationTime = time
    effectiveCount = Double(count) / time
    standardError *= factor
    slopeStandardError *= factor
    levelError = standardError
    setIntervals()
  }

  private static func around(_ centre: Double, _ width: Double) -> ClosedRange<Double> {
    guard width.isFinite, centre.isFinite else { return -Double.infinity...Double.infinity }
    return centre - width...centre + width
  }
}
