internal import Bytes
internal import EventFile

/// How the difference between two runs developed, smoothed, with the band that its noise leaves.
public struct DifferenceCurve: Equatable, Sendable {
  /// One place of the curve.
  public struct Place: Equatable, Sendable {
    /// The place on the axis of the comparison.
    public var position: Double
    /// The step of the baseline nearest to the place.
    public var step: Int64
    /// The mean difference about the place, the run's minus the baseline's.
    public var difference: Double
    /// The half-width of the two-sided interval of the mean difference.
    public var halfWidth: Double

    /// Whether the interval leaves out 0.
    public var isApart: Bool { abs(difference) > halfWidth }
  }

  /// The places in rising order.
  public var places: [Place]
  /// The confidence of each interval.
  public var confidence: Double

  /// The first step from which on the difference stays on one side, out of its band (at nine places of ten), to the
  /// end of the curve; nil where it ends within its band.
  public var divergingStep: Int64? {
    guard let last = places.last, last.isApart else { return nil }
    var result = last.step
    var apart = 0
    var seen = 0
    for place in places.reversed() {
      seen += 1
      guard place.isApart, (place.difference > 0) == (last.difference > 0) else { continue }
      apart += 1
      if apart * 10 >= seen * 9 { result = place.step }
    }
    return result
  }
}

extension DifferenceCurve {
  /// The most places of a curve.
  static let placeLimit = 360
  /// The least number of points of each run that a place is the mean of.
  static let leastPoints = 10

  /// The parts of the overlap that a curve of `base` and `new` points has places for.
  static func parts(_ overlap: ClosedRange<Double>, base: Int, new: Int) -> AxisParts {
    AxisParts(of: overlap, count: min(placeLimit, base, new))
  }

  /// The curve of the differences of two series over an overlap; nil where too little is common.
  ///
  /// Each place is the mean over a twentieth of the overlap, or over ten points of each run where these are more. Its
  /// standard error is `σ·√(τ/n)`, with σ from the second differences of the points about the place and τ, the
  /// autocorrelation time, from the last window. Places where the runs pair are means of differences.
  ///
  /// - Parameter pairs: the common steps where the runs are compared step by step.
  /// - Complexity: O(pairs + parts²).
  init?(
    _ runs: AlignedRuns, _ axis: AxisParts, base: CurveParts, new: CurveParts, pairs: StepPairs?,
    autocorrelationTime: (base: Double, new: Double, paired: Double), confidence: Double
  ) {
    let shortest = min(base.range.count, new.range.count)
    guard shortest >= 5, axis.width > 0 else { return nil }
    let curve: [(Moments, Moments?)]
    let rho: (Double, Double)
    if let pairs, pairs.count >= 5 {
      curve = Self.moments(of: pairs, in: axis, on: runs.baseClock).map { ($0, nil) }
      rho = (autocorrelationTime.paired, 1)
    } else {
      curve = zip(new.parts, base.parts).map { ($0.moments, $1.moments) }
      rho = (autocorrelationTime.new, autocorrelationTime.base)
    }

    var places: [Place] = []
    var critical = CriticalValues(confidence: confidence)
    let reach = max(0.025, 0.5 * Double(Self.leastPoints) / Double(shortest)) * Double(axis.count)
    let half = max(1, Int(clamping: reach.rounded(.up)))
    for index in 0..<axis.count {
      var first = Moments()
      var second = Moments()
      for part in max(0, index - half)...min(axis.count - 1, index + half) {
        first.add(curve[part].0)
        if let other = curve[part].1 { second.add(other) }
      }
      let position = axis.middle(of: index)
      guard first.count >= 3 else { continue }
      let one = first.level(autocorrelationTime: rho.0)
      var difference = one.mean
      var parts = [(one.error, one.freedom)]
      if curve[index].1 != nil {
        guard second.count >= 3 else { continue }
        let two = second.level(autocorrelationTime: rho.1)
        difference -= two.mean
        parts.append((two.error, two.freedom))
      }
      let (error, freedom) = Effect.welch(parts)
      let following = base.parts[index].range.partitionIndex {
        runs.baseClock.place(of: base.series.steps[$0]) < position
      }
      let stepIndex = min(base.range.upperBound - 1, following)
      places.append(
        Place(
          position: position, step: base.series.steps[stepIndex], difference: difference,
          halfWidth: error > 0 ? critical.value(freedom) * error : 0))
    }
    guard places.count >= 2 else { return nil }
    self.places = places
    self.confidence = confidence
  }

  /// The sums over the differences of `pairs` in each part.
  private static func moments(of pairs: StepPairs, in axis: AxisParts, on clock: RunClock) -> [Moments] {
    axis.ranges(of: 0..<pairs.count, on: clock, step: pairs.step).map { range in
      // With the neighbour on each side, which second differences ask for.
      let whole = max(0, range.lowerBound - 1)..<min(pairs.count, range.upperBound + 1)
      let start = range.lowerBound - whole.lowerBound
      return Moments(of: pairs.differences(whole).span, in: start..<start + range.count)
    }
  }

  /// Two-sided critical values of Student's t, computed once for each whole number of degrees of freedom.
  private struct CriticalValues {
    let confidence: Double
    private var known: [Int: Double] = [:]

    init(confidence: Double) { self.confidence = confidence }

    mutating func value(_ freedom: Double) -> Double {
      let key = Int(clamping: min(freedom, 1000))
      if let value = known[key] { return value }
      let value =
        StudentT(degreesOfFreedom: Double(max(1, key)))?.halfWidth(confidence: confidence) ?? .infinity
      known[key] = value
      return value
    }
  }
}

extension RunClock {
  /// The first index of `steps` whose place is at least `position`.
  func firstIndex(of steps: [Int64], at position: Double) -> Int {
    steps.partitionIndex { place(of: $0) < position }
  }
}
