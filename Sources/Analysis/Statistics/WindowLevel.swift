public import EventFile

/// The level of a curve over a window, with the uncertainty that its noise leaves.
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
  /// The two-sided interval of the mean at `confidence`.
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

  /// The degrees of freedom of both intervals: nₑ − 2, and at least 1.
  public var degreesOfFreedom: Double { max(1, effectiveCount - 2) }
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

  /// The level over the points of `series` at `range`, which is cut to the points that there are.
  ///
  /// Returns nil where fewer than three of those points are finite. Memory: one copy of the window's values.
  public init?(of series: Series, in range: Range<Int>, confidence: Double = 0.95) {
    self.init(steps: series.steps.span, values: series.values.span, in: range, confidence: confidence)
  }

  /// The level over the points of two columns at `range`.
  init?(steps: Span<Int64>, values: Span<Double>, in range: Range<Int>, confidence: Double) {
    let range = range.clamped(to: steps.indices)
    guard let firstIndex = range.first, let lastIndex = range.last else { return nil }
    // Steps and values are taken from the first point on, so that large offsets cost no digits.
    let origin = steps[firstIndex]
    var count = 0
    var sumX = 0.0
    var sumY = 0.0
    var shift: Double?
    for index in range where values[index].isFinite {
      let base = shift ?? values[index]
      shift = base
      count += 1
      sumX += Self.distance(steps[index], from: origin)
      sumY += values[index] - base
    }
    guard count >= 3, let shift else { return nil }
    let n = Double(count)
    let meanX = sumX / n
    let meanY = sumY / n

    var squareX = 0.0
    var product = 0.0
    for index in range where values[index].isFinite {
      let x = Self.distance(steps[index], from: origin) - meanX
      squareX += x * x
      product += x * (values[index] - shift - meanY)
    }
    let slope = squareX > 0 ? product / squareX : 0

    var residuals: [Double] = []
    residuals.reserveCapacity(count)
    var squares = 0.0
    for index in range where values[index].isFinite {
      let x = Self.distance(steps[index], from: origin) - meanX
      let residual = values[index] - shift - meanY - slope * x
      residuals.append(residual)
      squares += residual * residual
    }
    let variance = squares / (n - 2)
    let time = min(
      n,
      max(
        AutocorrelationTime(ofCentred: residuals).points,
        AutocorrelationTime.firstOrder(ofDetrended: residuals)))
    self.mean = shift + meanY
    self.count = count
    self.nonFiniteCount = range.count - count
    self.autocorrelationTime = time
    self.effectiveCount = n / time
    self.deviation = variance.squareRoot()
    self.standardError = (variance * time / n).squareRoot()
    self.slope = slope
    self.slopeStandardError = squareX > 0 ? (variance * time / squareX).squareRoot() : 0
    self.confidence = confidence
    self.steps = min(origin, steps[lastIndex])...max(origin, steps[lastIndex])
    let width =
      StudentT(degreesOfFreedom: max(1, n / time - 2))?.halfWidth(confidence: confidence) ?? .infinity
    self.interval = Self.around(mean, width * standardError)
    self.slopeInterval = Self.around(slope, width * slopeStandardError)
  }

  /// The distance between two steps, also where it does not fit 64 bits.
  private static func distance(_ step: Int64, from origin: Int64) -> Double {
    let (difference, overflow) = step.subtractingReportingOverflow(origin)
    return overflow ? Double(step) - Double(origin) : Double(difference)
  }

  private static func around(_ centre: Double, _ width: Double) -> ClosedRange<Double> {
    guard width.isFinite, centre.isFinite else { return -Double.infinity...Double.infinity }
    return centre - width...centre + width
  }
}
