#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Glibc
#endif

/// Finds the points of a loss that stand far above the points before them.
///
/// A point x rises when all of these hold, the points before it being those that are finite, positive and not
/// themselves rises:
/// 1. x is above the greatest of the three points before it by more than three times the running mean of |Δx| (an
///    exponential mean of the differences of neighbours, weight 1/50). This is the cheap part; noise alone passes it
///    about once in 10,000 points.
/// 2. x is more than 10 % above m, the median of the 31 points before it (of at least 15).
/// 3. z = (ln x − ln m) / max(1.4826 · MAD(Δ ln x)/√2, 0.005) is above 6, the deviation being that of the differences
///    of the 100 points before it.
///
/// After a rise, when the median of the 20 points from it on (of at least 5) is still more than 10 % above m, the level
/// has risen: the points before it are forgotten, and the search begins anew behind it. Else it is a spike.
struct RiseDetector {
  /// A point, or a level, above what stood before.
  struct Rise: Equatable {
    /// The index of the first point.
    var index: Int
    /// The median before.
    var reference: Double
    /// How many deviations the point is above it.
    var score: Double
    /// Whether the points that follow stay up.
    var isLevel: Bool
  }

  private(set) var rises: [Rise] = []

  private static let span = 100
  private static let medianCount = 31
  private static let leastCount = 15
  private static let lookAhead = 20

  /// The rises of `values`.
  ///
  /// - Complexity: O(n) with one multiplication a point, and about 2 µs for each point that passes the first part.
  init(_ values: [Double]) {
    let values = values.span
    var first = 0.0
    var second = 0.0
    var third = 0.0
    var known = 0
    var change = 0.0
    var begin = 0
    for index in values.indices {
      let value = values[index]
      guard value > 0, value < .infinity else { continue }
      if known >= Self.leastCount, value > max(first, second, third) + 3 * change,
        let rise = judge(values, at: index, since: begin)
      {
        rises.append(rise)
        guard rise.isLevel else { continue }
        begin = index
        known = 0
        change = 0
      }
      if known > 0 {
        // The plain mean at first, so that one early difference does not weigh for long.
        let weight = known < 50 ? 1 / Double(known) : 0.02
        change += (abs(value - third) - change) * weight
      }
      known += 1
      first = second
      second = third
      third = value
    }
  }

  /// Parts 2 and 3 for the point at `index`.
  private func judge(_ values: Span<Double>, at index: Int, since begin: Int) -> Rise? {
    var before: [Double] = []
    before.reserveCapacity(Self.span)
    var flagged = rises.count - 1
    var position = index - 1
    while position >= begin, before.count < Self.span {
      while flagged >= 0, rises[flagged].index > position { flagged -= 1 }
      let isFlagged = flagged >= 0 && rises[flagged].index == position && !rises[flagged].isLevel
      let value = values[position]
      if value > 0, value < .infinity, !isFlagged { before.append(value) }
      position -= 1
      // Part 2 needs no more than the nearest points, and most candidates end here.
      if before.count == Self.medianCount, values[index] <= 1.1 * Self.median(before) { return nil }
    }
    guard before.count >= Self.leastCount else { return nil }
    let reference = Self.median(Array(before.prefix(Self.medianCount)))
    guard values[index] > 1.1 * reference else { return nil }
    let logs = before.map { log($0) }
    var changes = zip(logs, logs.dropFirst()).map { $0 - $1 }
    let centre = Self.median(changes)
    for index in changes.indices { changes[index] = abs(changes[index] - centre) }
    let deviation = max(1.4826 * Self.median(changes) / 2.0.squareRoot(), 0.005)
    let score = (log(values[index]) - log(reference)) / deviation
    guard score > 6 else { return nil }

    var after: [Double] = []
    position = index
    while position < values.count, after.count < Self.lookAhead {
      if values[position].isFinite { after.append(values[position]) }
      position += 1
    }
    let stays = after.count >= 5 && Self.median(after) > 1.1 * reference
    return Rise(index: index, reference: reference, score: score, isLevel: stays)
  }

  /// The median of a few values.
  static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    guard !sorted.isEmpty else { return .nan }
    let middle = sorted.count / 2
    return sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
  }
}
