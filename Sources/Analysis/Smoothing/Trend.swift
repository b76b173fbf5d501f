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
    let all = Extremes(of: values.span, in: values.indices)
    guard all.least <= all.greatest else { return nil }
    // Only values that are not finite make their neighbours' indices worth a column.
    let finite = all.isFinite ? nil : values.indices.filter { values[$0].isFinite }
    let kept = finite.map { indices in indices.map { values[$0] } } ?? values
    let cuts = breaks.map { start in finite?.partitionIndex { $0 < start } ?? min(max(start, 0), values.count)
    }
    let size = Double(kept.count) / Double(min(kept.count, Trend.places))
    for (start, end) in zip([0] + cuts, cuts + [kept.count]) where start < end {
      let count = max(1, Int(clamping: (Double(end - start) / size).rounded()))
      let first = y.count
      for bin in 0..<count {
        let range = start + (end - start) * bin / count..<start + (end - start) * (bin + 1) / count
        y.append(Self.mean(kept.span, in: range))
        let middle = range.lowerBound + range.count / 2
        indices.append(finite?[middle] ?? middle)
      }
      parts.append(first..<y.count)
    }
  }

  /// The mean, of four or more values without the least and the greatest, so that a spike of one point stays one.
  private static func mean(_ values: Span<Double>, in range: Range<Int>) -> Double {
    let ends = Extremes(of: values, in: range)
    guard range.count >= 4, ends.least < ends.greatest,
      let least = range.first(where: { values[$0] == ends.least }),
      let greatest = range.first(where: { values[$0] == ends.greatest })
    else { return mean(values, over: [range]) }
    // They are passed over, not taken away again: a sum with a great number in it has lost the others' last digits.
    let (first, second) = (min(least, greatest), max(least, greatest))
    return mean(
      values, over: [range.lowerBound..<first, first + 1..<second, second + 1..<range.upperBound])
  }

  private static func mean(_ values: Span<Double>, over ranges: [Range<Int>]) -> Double {
    let count = Double(ranges.reduce(0) { $0 + $1.count })
    let mean = ranges.reduce(0) { $0 + PartialSums.sum(of: values, in: $1) } / count
    // Shares of the greatest numbers do not overflow, as their sum does.
    return mean.isFinite
      ? mean : ranges.reduce(0) { $0 + PartialSums.sum($1) { values[$0] / count } }
  }
}
