internal import EventFile

/// The points of two series that stand at the same steps.
struct StepPairs {
  /// The steps that both have.
  let steps: [Int64]
  /// The baseline's values at `steps`.
  let base: [Double]
  /// The run's values at `steps`.
  let new: [Double]

  /// The common steps of the two within the two ranges.
  ///
  /// - Complexity: O(n + m); where both have the same steps throughout, one comparison of memory.
  init(_ base: Series, _ baseRange: Range<Int>, _ new: Series, _ newRange: Range<Int>) {
    if base.steps[baseRange] == new.steps[newRange] {
      steps = Array(base.steps[baseRange])
      self.base = Array(base.values[baseRange])
      self.new = Array(new.values[newRange])
      return
    }
    var steps: [Int64] = []
    var left: [Double] = []
    var right: [Double] = []
    var (i, j) = (baseRange.lowerBound, newRange.lowerBound)
    while i < baseRange.upperBound, j < newRange.upperBound {
      if base.steps[i] == new.steps[j] {
        steps.append(base.steps[i])
        left.append(base.values[i])
        right.append(new.values[j])
        i += 1
        j += 1
      } else if base.steps[i] < new.steps[j] {
        i += 1
      } else {
        j += 1
      }
    }
    self.steps = steps
    self.base = left
    self.new = right
  }

  /// The number of common steps.
  var count: Int { steps.count }

  /// The differences from step `first` on, the run's minus the baseline's, as a series.
  func differences(from first: Int64) -> Series {
    let start = steps.partitionIndex { $0 < first }
    let values = (start..<count).map { new[$0] - base[$0] }
    return Series(
      tag: "difference", steps: Array(steps[start...]),
      wallTimes: [Double](repeating: 0, count: values.count),
      values: values)
  }

  /// The first step at which the two differ at all; two NaN are no difference.
  var firstDifferentStep: Int64? {
    for index in steps.indices where base[index] != new[index] && !(base[index].isNaN && new[index].isNaN) {
      return steps[index]
    }
    return nil
  }
}

/// Whether two runs saw the same data in the same order, told from the noise of their training losses.
public struct Pairing: Equatable, Sendable {
  /// The correlation of the noise, from −1 to 1; nil with too few common steps.
  public var correlation: Double?
  /// The number of common steps that were used.
  public var count: Int
  /// Whether every common value is the same.
  public var isIdentical: Bool
  /// Whether the runs are compared step by step.
  public var isPaired: Bool

  /// No common steps.
  static let none = Pairing(correlation: nil, count: 0, isIdentical: false, isPaired: false)

  /// The correlation above which two runs are taken to have the same data order.
  public static let threshold = 0.5
  /// The most points that are looked at, from the end.
  static let limit = 4096

  /// The pairing by the noise of `pairs`: the second differences (which no slope gets through, and little curvature)
  /// after the first tenth, each cut at five robust deviations so that one common spike does not decide.
  ///
  /// Paired where the correlation r is over `threshold` and surely above 0: its Student's t, `r·√((n/2 − 2)/(1 − r²))`,
  /// is over 3. Half of n, because neighbouring second differences share their points.
  init(of pairs: StepPairs) {
    isIdentical =
      pairs.count > 0 && zip(pairs.base, pairs.new).allSatisfy { $0 == $1 || ($0.isNaN && $1.isNaN) }
    let start = max(pairs.count / 10, pairs.count - Self.limit)
    var left: [Double] = []
    var right: [Double] = []
    for index in start..<max(start, pairs.count - 2) {
      let first = Self.secondDifference(pairs.base, index)
      let second = Self.secondDifference(pairs.new, index)
      guard first.isFinite, second.isFinite else { continue }
      left.append(first)
      right.append(second)
    }
    count = left.count
    correlation = Self.correlation(Self.trimmed(left), Self.trimmed(right))
    let sure = correlation.map { r in
      let freedom = Double(left.count) / 2 - 2
      return r >= 1 || freedom > 0 && r * (freedom / (1 - r * r)).squareRoot() > 3
    }
    isPaired = isIdentical || (correlation ?? 0) > Self.threshold && sure == true
  }

  private init(correlation: Double?, count: Int, isIdentical: Bool, isPaired: Bool) {
    self.correlation = correlation
    self.count = count
    self.isIdentical = isIdentical
    self.isPaired = isPaired
  }

  private static func secondDifference(_ values: [Double], _ index: Int) -> Double {
    values[index] - 2 * values[index + 1] + values[index + 2]
  }

  /// The values cut at five times their robust deviation.
  private static func trimmed(_ values: [Double]) -> [Double] {
    let sizes = values.map { abs($0) }.sorted()
    guard !sizes.isEmpty else { return values }
    let limit = 5 * 1.4826 * sizes[sizes.count / 2]
    guard limit > 0 else { return values }
    return values.map { min(max($0, -limit), limit) }
  }

  private static func correlation(_ left: [Double], _ right: [Double]) -> Double? {
    guard left.count >= 8 else { return nil }
    let count = Double(left.count)
    let leftMean = left.reduce(0, +) / count
    let rightMean = right.reduce(0, +) / count
    var (product, leftSquares, rightSquares) = (0.0, 0.0, 0.0)
    for (x, y) in zip(left, right) {
      product += (x - leftMean) * (y - rightMean)
      leftSquares += (x - leftMean) * (x - leftMean)
      rightSquares += (y - rightMean) * (y - rightMean)
    }
    guard leftSquares > 0, rightSquares > 0 else { return nil }
    return min(1, max(-1, product / (leftSquares * rightSquares).squareRoot()))
  }
}
