internal import Bytes
internal import EventFile

/// A curve of good runs, reduced to a few places, so that a later run can be told where it left them.
///
/// A place is a stretch of steps, from its first step up to the next place's. Its level is the mean over the runs of
/// the means of their points in it.
public struct GoldenCurve: Equatable, Sendable {
  /// The places in rising order, never empty.
  public var places: [Place]

  /// A stretch of steps.
  public struct Place: Equatable, Sendable {
    /// The first step of the stretch.
    public var firstStep: Int64
    /// The mean over the runs.
    public var level: Double
    /// The standard error that the points leave in one run's level, the root mean square over the runs; 0 where
    /// points are no noisy measurements.
    public var noise: Double
    /// The standard deviation of the level between the runs; nil with one run.
    public var spread: Double?

    /// A place from its parts.
    public init(firstStep: Int64, level: Double, noise: Double, spread: Double?) {
      self.firstStep = firstStep
      self.level = level
      self.noise = noise
      self.spread = spread
    }
  }

  /// The most places of a curve.
  public static let placeLimit = 64

  /// A curve from its places.
  public init(places: [Place]) { self.places = places }
}

extension GoldenCurve {
  /// The curve that `series` have in common up to `lastStep`; nil where that has less than two places.
  ///
  /// The points of the first run are cut into stretches of equal count, of which those are joined in which a run has
  /// no finite point.
  ///
  /// - Parameter isNoisy: whether a single point is a noisy measurement.
  /// - Complexity: O(points).
  init?(of series: [Series], lastStep: Int64, isNoisy: Bool) {
    guard let first = series.first else { return nil }
    let count = first.steps.partitionIndex { $0 <= lastStep }
    let wanted = min(count, Self.placeLimit)
    var starts = (0..<wanted).map { first.steps[$0 * count / wanted] }
    for one in series {
      // A stretch without a point is joined to the one before it, and an empty first one to the next.
      var kept: [Int64] = []
      for (index, start) in starts.enumerated() {
        let end = index + 1 < starts.count ? starts[index + 1] : lastStep &+ 1
        let from = kept.isEmpty ? Int64.min : start
        let isFull = one.hasFiniteValue(from: from, before: max(end, start))
        if isFull || kept.isEmpty && index + 1 == starts.count {
          kept.append(start)
        } else if kept.isEmpty {
          starts[index + 1] = start
        }
      }
      starts = kept
    }
    let levels = series.map { one in
      let bounds = starts.dropFirst().map { start in one.steps.partitionIndex { $0 < start } }
      let end = one.steps.partitionIndex { $0 <= lastStep }
      return StretchLevels(of: one, bounds: [0] + bounds + [end], isNoisy: isNoisy)
    }
    var places: [Place] = []
    for (index, start) in starts.enumerated() {
      let known = levels.compactMap { $0.levels[index] }
      guard known.count == series.count else { return nil }
      let means = known.map(\.mean)
      let noise = known.reduce(0) { $0 + $1.error * $1.error } / Double(known.count)
      places.append(
        Place(
          firstStep: start, level: means.reduce(0, +) / Double(means.count), noise: noise.squareRoot(),
          spread: Effect.Spread(of: means, confidence: 0.95)?.deviation))
    }
    // Values near the largest number have no mean that is one.
    guard places.count >= 2, places.allSatisfy({ ($0.level + $0.noise + ($0.spread ?? 0)).isFinite }) else {
      return nil
    }
    self.init(places: places)
  }
}

extension Series {
  /// Whether a point with a finite value stands at a step from `first` on and before `end`.
  fileprivate func hasFiniteValue(from first: Int64, before end: Int64) -> Bool {
    let start = steps.partitionIndex { $0 < first }
    return values[start...].indices.lazy.prefix { self.steps[$0] < end }.contains { self.values[$0].isFinite }
  }
}

/// The levels of one run over stretches of steps.
struct StretchLevels {
  /// For each stretch the mean of its finite points and its standard error; nil where it has none.
  let levels: [(mean: Double, error: Double)?]

  /// The least number of points that a variance is made from.
  private static let leastPoints = 20

  /// The levels of `series` over the stretches between the indices `bounds`, which do not fall.
  ///
  /// The standard error is `σ·√(τ/n)`. σ² comes from the second differences of the points of the stretch, and of its
  /// neighbours until there are twenty, since these let no trend through: AR(1) noise with the lag-1 autocorrelation ρ
  /// shows in their squares as `σ²·(6 − 8ρ + 2ρ²)`. ρ and τ are those of the last tenth of the points.
  init(of series: Series, bounds: [Int], isNoisy: Bool) {
    let end = bounds.last ?? 0
    let window = WindowLevel.range(share: 0.1, count: end)
    let time = isNoisy ? WindowLevel(of: series, in: window)?.autocorrelationTime ?? 1 : 1
    let rho = max(0, min(0.9, (time - 1) / (time + 1)))
    let squares = isNoisy ? SecondDifferences(series.values[..<end]) : nil
    levels = zip(bounds, bounds.dropFirst()).map { start, end in
      let range = start..<max(start, end)
      var sum = 0.0
      var count = 0
      for index in range where series.values[index].isFinite {
        sum += series.values[index]
        count += 1
      }
      guard count > 0 else { return nil }
      let square = squares?.mean(around: range, atLeast: Self.leastPoints) ?? 0
      let variance = square / (6 - 8 * rho + 2 * rho * rho)
      return (sum / Double(count), (variance * time / Double(count)).squareRoot())
    }
  }
}

/// The squares of a curve's second differences, summed up so that the mean over any range costs nothing.
private struct SecondDifferences {
  /// The sums before each index of the squares, and of how many there are.
  private var sums = [0.0]
  private var counts = [0]

  init(_ values: ArraySlice<Double>) {
    for index in values.indices {
      var square = Double.nan
      if index > values.startIndex, index + 1 < values.endIndex {
        let second = values[index - 1] - 2 * values[index] + values[index + 1]
        square = second * second
      }
      sums.append(sums[index] + (square.isFinite ? square : 0))
      counts.append(counts[index] + (square.isFinite ? 1 : 0))
    }
  }

  /// The mean square over `range`, widened at both ends until it holds `least` squares or the whole curve.
  func mean(around range: Range<Int>, atLeast least: Int) -> Double {
    var (lower, upper) = (range.lowerBound, range.upperBound)
    while counts[upper] - counts[lower] < least, lower > 0 || upper < counts.count - 1 {
      lower = max(0, lower - 1)
      upper = min(counts.count - 1, upper + 1)
    }
    let count = counts[upper] - counts[lower]
    return count > 0 ? (sums[upper] - sums[lower]) / Double(count) : 0
  }
}
