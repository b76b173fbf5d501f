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

  /// The curve of the differences of two series over an overlap; nil where too little is common.
  ///
  /// Each place is the mean over a twentieth of the overlap, or over ten points of each run where these are more. Its
  /// standard error is `σ·√(τ/n)`, with σ from the second differences of the points about the place and τ, the
  /// autocorrelation time, from the last window. Places where the runs pair are means of differences.
  ///
  /// - Complexity: O(points).
  init?(
    _ runs: AlignedRuns, base: Series, new: Series, pairs: StepPairs?, isPaired: Bool,
    autocorrelationTime: (base: Double, new: Double, paired: Double), confidence: Double
  ) {
    let baseRange = runs.baseIndices(base)
    let newRange = runs.newIndices(new)
    guard min(baseRange.count, newRange.count) >= 5 else { return nil }
    let overlap = runs.alignment.overlap
    let blockCount = min(Self.placeLimit, min(baseRange.count, newRange.count))
    let width = (overlap.upperBound - overlap.lowerBound) / Double(blockCount)
    guard width > 0 else { return nil }
    let edges = (1..<blockCount).map { overlap.lowerBound + Double($0) * width }

    func ranges(_ steps: [Int64], _ whole: Range<Int>, _ clock: RunClock) -> [Range<Int>] {
      var ranges: [Range<Int>] = []
      var start = whole.lowerBound
      for edge in edges {
        let end = max(start, min(whole.upperBound, clock.firstIndex(of: steps, at: edge)))
        ranges.append(start..<end)
        start = end
      }
      return ranges + [start..<whole.upperBound]
    }

    let curve: [(Moments, Moments?)]
    let rho: (Double, Double)
    if isPaired, let pairs, pairs.count >= 5 {
      let differences = (0..<pairs.count).map { pairs.new[$0] - pairs.base[$0] }
      let blocks = ranges(pairs.steps, 0..<pairs.count, runs.baseClock)
      curve = blocks.map { (Moments(differences, $0), nil) }
      rho = (autocorrelationTime.paired, 1)
    } else {
      let left = ranges(base.steps, baseRange, runs.baseClock).map { Moments(base.values, $0) }
      let right = ranges(new.steps, newRange, runs.newClock).map { Moments(new.values, $0) }
      curve = Array(zip(right, left.map(Optional.some)))
      rho = (autocorrelationTime.new, autocorrelationTime.base)
    }

    var places: [Place] = []
    var critical = CriticalValues(confidence: confidence)
    let shortest = Double(min(baseRange.count, newRange.count))
    let reach = max(0.025, 0.5 * Double(Self.leastPoints) / shortest) * Double(blockCount)
    let half = max(1, Int(reach.rounded(.up)))
    for index in 0..<blockCount {
      var first = Moments()
      var second = Moments()
      for block in max(0, index - half)...min(blockCount - 1, index + half) {
        first.add(curve[block].0)
        if let other = curve[block].1 { second.add(other) }
      }
      let position = overlap.lowerBound + (Double(index) + 0.5) * width
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
      let stepIndex = min(
        baseRange.upperBound - 1,
        max(baseRange.lowerBound, runs.baseClock.firstIndex(of: base.steps, at: position)))
      places.append(
        Place(
          position: position, step: base.steps[stepIndex], difference: difference,
          halfWidth: error > 0 ? critical.value(freedom) * error : 0))
    }
    guard places.count >= 2 else { return nil }
    self.places = places
    self.confidence = confidence
  }

  /// The sums over a stretch of points that a mean and its error are made from.
  private struct Moments {
    var count = 0
    var sum = 0.0
    var secondCount = 0
    var secondSquares = 0.0

    init() {}

    /// The sums over the finite values of `values` in `range`.
    init(_ values: [Double], _ range: Range<Int>) {
      for index in range where values[index].isFinite {
        count += 1
        sum += values[index]
      }
      let start = max(1, range.lowerBound)
      for index in start..<max(start, min(values.count - 1, range.upperBound)) {
        let second = values[index - 1] - 2 * values[index] + values[index + 1]
        guard second.isFinite else { continue }
        secondCount += 1
        secondSquares += second * second
      }
    }

    mutating func add(_ other: Moments) {
      count += other.count
      sum += other.sum
      secondCount += other.secondCount
      secondSquares += other.secondSquares
    }

    /// The mean with its standard error. The variance γ₀ of an AR(1) sequence shows in its second differences as
    /// `γ₀·(6 − 8ρ + 2ρ²)`, with `ρ = (τ − 1)/(τ + 1)`.
    func level(autocorrelationTime time: Double) -> (mean: Double, error: Double, freedom: Double) {
      let n = Double(count)
      let rho = max(0, min(0.9, (time - 1) / (time + 1)))
      let variance = secondCount > 0 ? secondSquares / Double(secondCount) / (6 - 8 * rho + 2 * rho * rho) : 0
      return (sum / n, (variance * time / n).squareRoot(), max(1, n / time - 2))
    }
  }

  /// Two-sided critical values of Student's t, computed once for each whole number of degrees of freedom.
  private struct CriticalValues {
    let confidence: Double
    private var known: [Int: Double] = [:]

    init(confidence: Double) { self.confidence = confidence }

    mutating func value(_ freedom: Double) -> Double {
      let key = Int(min(freedom, 1000))
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
