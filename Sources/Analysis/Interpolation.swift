internal import Bytes

/// A quantity that grows with another, known at some places and straight between them: the epochs, the tokens or the
/// time at the steps of a run.
public struct Interpolation: Equatable, Sendable {
  private let x: [Double]
  private let y: [Double]

  /// Nothing known.
  public static let none = Interpolation(x: [], y: [])

  /// The bound of what is taken for a place: no line through two of them overflows, however far it is followed.
  private static let greatest = 1e200

  /// The quantity from its known places; those beyond any sense, and those that do not grow in both columns, are left
  /// out.
  public init(x: [Double], y: [Double]) {
    var keptX: [Double] = []
    var keptY: [Double] = []
    keptX.reserveCapacity(x.count)
    keptY.reserveCapacity(x.count)
    for (place, value) in zip(x, y) where place.magnitude < Self.greatest && value.magnitude < Self.greatest {
      if let lastX = keptX.last, let lastY = keptY.last, place <= lastX || value <= lastY { continue }
      keptX.append(place)
      keptY.append(value)
    }
    self.x = keptX
    self.y = keptY
  }

  /// The quantity `values` at `steps`.
  init(_ steps: [Int64], _ values: [Double]) { self.init(x: steps.map { Double($0) }, y: values) }

  /// The quantity `values` less `offset` at `steps`, taken at no more than 4096 of them, evenly spaced, with the last:
  /// more than any picture has pixels.
  ///
  /// - Complexity: O(1) in the number of steps.
  public init(sampling steps: [Int64], _ values: [Double], less offset: Double = 0) {
    let stride = max(1, (steps.count + 4095) / 4096)
    var indices = Array(Swift.stride(from: 0, to: steps.count, by: stride))
    if let last = indices.last, last != steps.count - 1 { indices.append(steps.count - 1) }
    self.init(x: indices.map { Double(steps[$0]) }, y: indices.map { values[$0] - offset })
  }

  /// The number of known places.
  public var count: Int { x.count }
  /// Whether nothing is known.
  public var isEmpty: Bool { x.isEmpty }
  /// The first quantity as one of the second.
  public var inverse: Interpolation { Interpolation(x: y, y: x) }

  /// The value at `place`; beyond the ends as the nearest two places go on. NaN where nothing is known.
  ///
  /// - Complexity: O(log places).
  public func value(at place: Double) -> Double {
    guard let first = x.first, place.isFinite else { return .nan }
    // A single place is taken with the origin.
    guard x.count > 1 else { return first == 0 ? y[0] : y[0] / first * place }
    let low = min(max(x.partitionIndex { $0 <= place } - 1, 0), x.count - 2)
    return line(low, low + 1, place)
  }

  /// The values at `steps`, which are in order for most of the way.
  ///
  /// - Complexity: O(steps + places) where the steps are in order.
  public func values(at steps: [Int64]) -> [Double] {
    guard x.count > 1 else { return steps.map { value(at: Double($0)) } }
    var low = 0
    return steps.map { step in
      let place = Double(step)
      if place < x[low] { low = 0 }
      while low < x.count - 2, x[low + 1] <= place { low += 1 }
      return line(low, low + 1, place)
    }
  }

  /// The known places, without those that lie on a straight line between others to a ten-thousandth of the range.
  ///
  /// - Complexity: O(places).
  public var corners: (places: [Double], values: [Double]) {
    guard x.count > 2 else { return (x, y) }
    let slack = (y[y.count - 1] - y[0]) * 1e-4
    var kept = [0]
    var cone = -Double.infinity...Double.infinity
    for index in 1..<x.count {
      let start = kept[kept.count - 1]
      let slope = (y[index] - y[start]) / (x[index] - x[start])
      if index - start > 1, !cone.contains(slope) {
        // The line to this place would pass one before it too far away: that one is a corner.
        kept.append(index - 1)
        cone = -Double.infinity...Double.infinity
      }
      let run = x[index] - x[kept[kept.count - 1]]
      let rise = y[index] - y[kept[kept.count - 1]]
      let low = max(cone.lowerBound, (rise - slack) / run)
      cone = low...max(low, min(cone.upperBound, (rise + slack) / run))
    }
    kept.append(x.count - 1)
    return (kept.map { x[$0] }, kept.map { y[$0] })
  }

  private func line(_ low: Int, _ high: Int, _ place: Double) -> Double {
    y[low] + (y[high] - y[low]) / (x[high] - x[low]) * (place - x[low])
  }
}
