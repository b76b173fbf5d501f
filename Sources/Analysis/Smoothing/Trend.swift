internal import Bytes

/// The local trend of a noisy curve, for pictures: straight lines fitted around each point, their width chosen from the
/// data, never across a jump.
///
/// A smoothed line must not lag: an exponential one of weight 0.6 stands at 1.9 times the data where a loss falls
/// steeply. Local linear regression (Cleveland 1979; Fan and Gijbels, "Local Polynomial Modelling and Its
/// Applications", 1996) with Epanechnikov weights has no such lag, because a line follows a slope. The width is the
/// largest whose error at points left out is within a quarter of a standard error of the least; near the start of a
/// segment, where losses fall steeply, it grows with the distance from there. It is a line to look at: no figure is
/// taken from it.
public struct Trend: Equatable, Sendable {
  /// The fewest finite points for which a trend says more than the points.
  public static let fewestPoints = 8
  /// The most places that are fitted; longer curves are means of equal numbers of points.
  static let places = 600

  /// The trend of `values`, which begin anew at each of `breaks` (indices in rising order); each point of a short curve,
  /// the middle of each group of a long one. A NaN parts segments, at the index of the first point of the later.
  ///
  /// Nil where there are too few finite values, or all are the same.
  ///
  /// - Complexity: O(values), and O(600²) at most.
  public static func curve(of values: [Double], breaks: [Int] = []) -> SmoothedCurve? {
    guard let binned = Bins(values, breaks: breaks), binned.y.count >= fewestPoints else { return nil }
    guard let first = binned.y.first, binned.y.contains(where: { $0 != first }) else { return nil }
    let segments = binned.parts.flatMap { JumpSearch(binned.y, in: $0).segments }
    let noise = localNoise(binned.y)
    let fit = TrendFit(binned.y, noise: noise, segments: segments)
    let fitted = fit.smoothed(fit.chosen)
    var curve = SmoothedCurve(indices: [], values: [])
    for segment in segments {
      if let start = segment.first, start > 0 {
        curve.indices.append(binned.indices[start])
        curve.values.append(.nan)
      }
      curve.indices += binned.indices[segment]
      curve.values += fitted[segment]
    }
    return curve
  }

  /// The standard deviation of the noise around each place, from second differences, which no slope enters:
  /// E|y₋₁ − 2y₀ + y₊₁| = √6·sd·√(2/π).
  static func localNoise(_ y: [Double]) -> [Double] {
    guard y.count > 2 else { return y.map { _ in 0 } }
    let root = 6.0.squareRoot()
    let differences: [Double] = (1..<y.count - 1).map { index -> Double in
      let bend = y[index - 1] - 2 * y[index] + y[index + 1]
      return bend.magnitude / root
    }
    let middle = Selection.median(differences)
    // A spike is no noise; where most differences are 0, nothing is known that could be a cap.
    let cap = middle > 0 ? 6 * middle : .infinity
    var sums = [0.0]
    for difference in differences { sums.append(sums[sums.count - 1] + min(difference, cap)) }
    let half = max(10, y.count / 8)
    let floor = 1e-12 * (y.map(\.magnitude).max() ?? 0)
    return y.indices.map { index -> Double in
      let low = min(max(index - 1 - half, 0), differences.count - 1)
      let high = max(min(index + half, differences.count), low + 1)
      return max(1.2533 * (sums[high] - sums[low]) / Double(high - low), floor)
    }
  }
}

/// A curve as the places that a trend is fitted to.
private struct Bins {
  /// The value of each place.
  var y: [Double] = []
  /// The index of the point in its middle.
  var indices: [Int] = []
  /// What lies between two breaks.
  var parts: [Range<Int>] = []

  /// The places of `values`, none of which spans a break.
  init?(_ values: [Double], breaks: [Int]) {
    let finite = values.indices.filter { values[$0].isFinite }
    guard !finite.isEmpty else { return nil }
    let starts = [0] + breaks.map { start in finite.partitionIndex { $0 < start } } + [finite.count]
    let size = Double(max(finite.count, 1)) / Double(min(finite.count, Trend.places))
    for (start, end) in zip(starts, starts.dropFirst()) where start < end {
      let count = max(1, Int(clamping: (Double(end - start) / size).rounded()))
      let first = y.count
      for bin in 0..<count {
        let range = start + (end - start) * bin / count..<start + (end - start) * (bin + 1) / count
        y.append(Self.mean(finite[range].map { values[$0] }))
        indices.append(finite[range.lowerBound + range.count / 2])
      }
      parts.append(first..<y.count)
    }
  }

  /// The mean, of four or more values without the least and the greatest, so that a spike of one point stays one.
  private static func mean(_ values: [Double]) -> Double {
    guard values.count >= 4, let least = values.min(), let greatest = values.max() else {
      return values.reduce(0) { $0 + $1 / Double(values.count) }
    }
    let count = Double(values.count - 2)
    return values.reduce(0) { $0 + $1 / count } - least / count - greatest / count
  }
}
