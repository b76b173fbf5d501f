internal import EventFile

/// How far two writings of a loss say the same at the steps that both have.
struct LossAgreement: Equatable {
  /// The number of steps with a value in both.
  private(set) var common = 0
  /// Those of them at which the values are the same.
  private(set) var agreeing = 0

  var differing: Int { common - agreeing }

  /// Whether both are of one training: at least three common steps, and nine of ten with the same value.
  var isSame: Bool { common >= 3 && agreeing * 10 >= common * 9 }
  /// Whether they are of two: at least three common steps with other values.
  var isDifferent: Bool { differing >= 3 && !isSame }

  /// Of nothing.
  init() {}

  /// Compares two series; a step that one of them has twice agrees where any of its values does.
  ///
  /// - Complexity: O(points), and O(points · log points) where steps do not rise.
  init(_ left: Series, _ right: Series) {
    let (left, right) = (Self.rising(left), Self.rising(right))
    guard let first = left.steps.first, let last = left.steps.last, let start = right.steps.first,
      let end = right.steps.last, first <= end, start <= last
    else { return }
    var (i, j) = (0, 0)
    while i < left.count, j < right.count {
      let (a, b) = (left.steps[i], right.steps[j])
      if a < b {
        i += 1
      } else if b < a {
        j += 1
      } else {
        var isSame = false
        let values = right.values[j...].prefix(8)
        while i < left.count, left.steps[i] == a {
          for (offset, value) in values.enumerated() where right.steps[j + offset] == a {
            isSame = isSame || Self.agree(left.values[i], value)
          }
          i += 1
        }
        while j < right.count, right.steps[j] == a { j += 1 }
        common += 1
        if isSame { agreeing += 1 }
      }
    }
  }

  /// Whether two values are one, as they are written: in 32 bits, or rounded to four decimals.
  static func agree(_ left: Double, _ right: Double) -> Bool {
    if left == right || (left.isNaN && right.isNaN) { return true }
    return abs(left - right) <= max(6e-5, 2e-6 * max(abs(left), abs(right)))
  }

  private static func rising(_ series: Series) -> Series {
    if zip(series.steps, series.steps.dropFirst()).allSatisfy({ $0 <= $1 }) { return series }
    let order = series.steps.indices.sorted { (series.steps[$0], $0) < (series.steps[$1], $1) }
    return Series(
      tag: series.tag, steps: order.map { series.steps[$0] }, wallTimes: order.map { series.wallTimes[$0] },
      values: order.map { series.values[$0] })
  }
}
