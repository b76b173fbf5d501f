internal import Bytes
internal import EventFile

/// The finite points of a series for rules that look at levels: at most `limit` of them, each the mean of equally many
/// neighbours where there are more.
///
/// A level, a trend or a jump shows as well in 2,048 means as in a million points, and every rule then costs the same
/// for both.
struct Curve: Equatable {
  /// The tag.
  let tag: String
  /// The step of each point; of several neighbours, the first.
  let steps: [Int64]
  /// The values.
  let values: [Double]
  /// The deviation of the noise between neighbours: the median distance of a point from the middle of the two beside
  /// it, as that of normal noise (|y₋₁ − 2y₀ + y₊₁|/√6 · 1.4826). 0 with fewer than five points.
  let noise: Double

  /// The number of points.
  var count: Int { values.count }

  /// The greatest number of points.
  static let limit = 2048

  /// The curve of `series`.
  ///
  /// - Complexity: O(points); up to `limit` finite points are shared, not copied.
  init(_ series: Series) {
    tag = series.tag
    guard series.count > Self.limit else {
      if series.values.allSatisfy(\.isFinite) {
        (steps, values) = (series.steps, series.values)
      } else {
        let finite = series.values.indices.filter { series.values[$0].isFinite }
        (steps, values) = (finite.map { series.steps[$0] }, finite.map { series.values[$0] })
      }
      noise = Self.noise(of: values)
      return
    }
    var steps: [Int64] = []
    var means: [Double] = []
    let values = series.values.span
    for part in 0..<Self.limit {
      let range = series.count * part / Self.limit..<series.count * (part + 1) / Self.limit
      var sum = PartialSums.sum(of: values, in: range)
      var count = range.count
      if !sum.isFinite {
        (sum, count) = (0, 0)
        for index in range where values[index].isFinite {
          sum += values[index]
          count += 1
        }
      }
      guard count > 0 else { continue }
      steps.append(series.steps[range.lowerBound])
      means.append(sum / Double(count))
    }
    (self.steps, self.values) = (steps, means)
    noise = Self.noise(of: means)
  }

  private init(tag: String, steps: [Int64], values: [Double], noise: Double) {
    (self.tag, self.steps, self.values, self.noise) = (tag, steps, values, noise)
  }

  /// The curve turned upside down, so that what should rise can be searched like what should fall.
  var mirrored: Curve { Curve(tag: tag, steps: steps, values: values.map { -$0 }, noise: noise) }

  /// The level that it starts from: the median of the first tenth of the points, at least three and at most five; of
  /// fewer than 30 points, the first.
  var start: Double {
    guard let first = values.first else { return .nan }
    return count < 30 ? first : Selection.median(values.prefix(min(5, max(3, count / 10))))
  }

  private static func noise(of values: [Double]) -> Double {
    guard values.count >= 5 else { return 0 }
    var distances: [Double] = []
    distances.reserveCapacity(values.count - 2)
    for index in 1..<values.count - 1 {
      let second: Double = values[index - 1] - 2 * values[index] + values[index + 1]
      distances.append(abs(second))
    }
    return 1.4826 * Selection.median(inPlace: &distances) / 6.0.squareRoot()
  }

  /// The index of the first point at `step` or after it.
  func index(from step: Int64) -> Int { steps.partitionIndex { $0 < step } }
}
