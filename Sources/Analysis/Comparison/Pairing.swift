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
  /// As many of the last common steps as decide, however many there are before them: from here on, the last `limit`
  /// begin after the first tenth.
  static let sufficient = limit * 10 / 9 + 1

  /// The pairing by the noise of `pairs`: the second differences (which no slope gets through, and little curvature)
  /// after the first tenth, each cut at five robust deviations so that one common spike does not decide.
  ///
  /// Paired where the correlation r is over `threshold` and surely above 0: its Student's t, `r·√((n/2 − 2)/(1 − r²))`,
  /// is over 3. Half of n, because neighbouring second differences share their points.
  init(of pairs: StepPairs) {
    isIdentical = pairs.count > 0 && pairs.firstDifferentStep == nil
    let start = max(pairs.count / 10, pairs.count - Self.limit)
    let values = pairs.values(start..<max(start, pairs.count))
    var left: [Double] = []
    var right: [Double] = []
    for index in 0..<max(0, values.base.count - 2) {
      let first = Self.secondDifference(values.base, index)
      let second = Self.secondDifference(values.new, index)
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
    var sizes = values.map { abs($0) }
    guard !sizes.isEmpty else { return values }
    Selection.partition(&sizes, at: sizes.count / 2)
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
