/// How much the mean of a window scatters, by the other windows of its curve.
///
/// A window knows nothing of noise that is slower than itself. The last 80 % of the curve, at most eight windows, are
/// freed from c₀ + c₁·t + c₂·ln t and from steps at known places; the mean square of all overlapping means of the
/// window's length (Meketon and Schmeiser, Overlapping batch means, Winter Simulation Conference 1984), divided by the
/// share 1 − p·w/m that p terms leave of it, is the variance of such a mean, single places cut at four robust deviations.
/// Where so much curve is not there, shorter windows are taken, whose variance falls as their length grows.
struct WindowMeans {
  /// The variance of the mean of the window.
  let variance: Double
  /// The points of the curve that were looked at.
  let points: Int
  /// How far neighbours depend on each other, and Geyer's autocorrelation time of all of the points; nil where they were
  /// put together, so that neither shows.
  let memory: (noise: NoiseMemory, time: Double)?

  /// The windows that are looked at.
  private static let windowLimit = 8.0
  /// The share of the curve that is looked at, from the end: its beginning falls otherwise.
  static let share = 0.8
  /// The points that a window is reduced to: more tell nothing more.
  private static let resolution = 50
  /// The share of what a fit leaves that neighbours have to differ by, for it to be noise: of an AR(1) process with
  /// ρ = 0.985 it is that much; what is smoother is a bend that the fit does not have.
  static let leastRoughness = 0.01
  /// The robust deviations that a single place counts for at most.
  private static let spikes = 4.0
  /// The standard errors from which on a step at a known place is one.
  private static let stepThreshold = 4.0

  /// The scatter of means over as many points as `window` has.
  ///
  /// - Parameters:
  ///   - curve: the points of the curve; the window ends with them.
  ///   - steps: the first points after places where the level may jump.
  /// - Returns: nil where the curve is too short, not finite, or bends in a way that the fit does not follow.
  /// - Complexity: O(points).
  init?(of values: Span<Double>, in curve: Range<Int>, window: Range<Int>, steps: [Int] = []) {
    let size = max(1, window.count / Self.resolution)
    let wanted = min(Self.windowLimit * Double(window.count), Self.share * Double(curve.count))
    let count = Int(wanted) / size
    guard count >= 6, curve.upperBound <= values.count else { return nil }
    let start = curve.upperBound - count * size
    var bins = (0..<count).map { bin in
      let first = start + bin * size
      return size == 1 ? values[first] : PartialSums.sum(of: values, in: first..<first + size) / Double(size)
    }
    let places = bins.indices.map { Double(start - curve.lowerBound + $0 * size) + 0.5 * Double(size + 1) }
    var length = window.count / size
    let jumps = steps.map { ($0 - start + size / 2) / size }.filter {
      Self.isJump(bins, at: $0, over: length)
    }
    var columns = [
      [Double](repeating: 1, count: count), places, places.map { Elementary.log($0) },
    ]
    columns += jumps.map { jump in bins.indices.map { $0 < jump ? 0 : 1 } }
    let terms = LeastSquares.remove(columns, from: &bins)
    guard Self.roughness(bins) >= Self.leastRoughness else { return nil }
    // A spike somewhere else in the curve is no noise of its end.
    let limit = Self.spikes * 1.4826 * Selection.median(bins.lazy.map { abs($0) })
    if limit > 0 { for index in bins.indices { bins[index] = max(-limit, min(limit, bins[index])) } }
    points = count * size
    memory = size == 1 ? Self.memory(bins, terms: terms) : nil
    while length > 1, Double(count) < (Double(terms) + 1.5) * Double(length) { length /= 2 }
    var sum = bins[..<length].reduce(0, +)
    var squares = sum * sum
    for index in length..<count {
      sum += bins[index] - bins[index - length]
      squares += sum * sum
    }
    let means = squares / Double(length * length) / Double(count - length + 1)
    let left = max(0.15, 1 - Double(terms * length) / Double(count))
    variance = means / left * Double(length * size) / Double(window.count)
    guard variance.isFinite else { return nil }
  }

  private static func memory(_ rest: [Double], terms: Int) -> (noise: NoiseMemory, time: Double) {
    let values = rest.span
    let residuals = Residuals(count: rest.count) { values[$0] }
    let correlation = residuals.squares > 0 ? residuals.neighbours / residuals.squares : 0
    return (
      NoiseMemory(correlation: correlation, count: rest.count, terms: terms),
      AutocorrelationTime(of: residuals).points
    )
  }

  /// The mean square of second differences as a share of the mean square: 6 for white noise, divided by that.
  static func roughness(_ rest: [Double]) -> Double {
    guard rest.count > 2 else { return 1 }
    let squares = rest.reduce(0) { $0 + $1 * $1 } / Double(rest.count)
    var differences = 0.0
    for index in 1..<rest.count - 1 {
      let second: Double = rest[index - 1] - 2 * rest[index] + rest[index + 1]
      differences += second * second / 6
    }
    return squares > 0 ? differences / Double(rest.count - 2) / squares : 0
  }

  /// Whether the level before and after a place differs by more than the scatter on both sides.
  private static func isJump(_ bins: [Double], at place: Int, over length: Int) -> Bool {
    let reach = min(length, place, bins.count - place)
    guard reach >= 5 else { return false }
    let sides = [bins[place - reach..<place], bins[place..<place + reach]].map { side in
      let mean = side.reduce(0, +) / Double(reach)
      return (mean, side.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(reach - 1))
    }
    let error = ((sides[0].1 + sides[1].1) / Double(reach)).squareRoot()
    return abs(sides[0].0 - sides[1].0) > stepThreshold * error
  }
}
