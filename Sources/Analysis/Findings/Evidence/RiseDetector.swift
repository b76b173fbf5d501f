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
    /// How many deviations of neighbours' differences the point is above it, on the logarithm.
    var score: Double
    /// The deviation of the points before from the level about each, and that of their logarithms.
    var deviation: Double, logDeviation: Double
    /// Whether the points that follow stay up.
    var isLevel: Bool
  }

  private(set) var rises: [Rise] = []

  // Kept between candidates, so that none of them allocates.
  private var before: [Double] = []
  private var scratch: [Double] = []

  private static let span = 100
  private static let medianCount = 31
  private static let leastCount = 15
  private static let lookAhead = 20

  /// The rises of `values`.
  ///
  /// - Complexity: O(n) with one multiplication a point, and about 1 µs for each point that passes the first part.
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
  private mutating func judge(_ values: Span<Double>, at index: Int, since begin: Int) -> Rise? {
    let value = values[index]
    before.removeAll(keepingCapacity: true)
    var flagged = rises.count - 1
    var position = index - 1
    var reference = Double.nan
    while position >= begin, before.count < Self.span {
      while flagged >= 0, rises[flagged].index > position { flagged -= 1 }
      let isFlagged = flagged >= 0 && rises[flagged].index == position && !rises[flagged].isLevel
      let earlier = values[position]
      position -= 1
      guard earlier > 0, earlier < .infinity, !isFlagged else { continue }
      before.append(earlier)
      // Part 2 needs no more than the nearest points, and most candidates end here.
      if before.count == Self.medianCount {
        reference = medianOfScratch(before)
        if value <= 1.1 * reference { return nil }
      }
    }
    guard before.count >= Self.leastCount else { return nil }
    if before.count < Self.medianCount { reference = medianOfScratch(before) }
    guard value > 1.1 * reference else { return nil }

    let deviation = deviation(before)
    for index in before.indices { before[index] = Elementary.log(before[index]) }
    let logDeviation = self.deviation(before)
    for index in 1..<before.count { before[index - 1] -= before[index] }
    before.removeLast()
    let centre = medianOfScratch(before)
    for index in before.indices { before[index] = abs(before[index] - centre) }
    let change = max(1.4826 * medianOfScratch(before) / 2.0.squareRoot(), 0.005)
    let score = Elementary.log(value / reference) / change
    guard score > 6 else { return nil }

    scratch.removeAll(keepingCapacity: true)
    position = index
    while position < values.count, scratch.count < Self.lookAhead {
      if values[position].isFinite { scratch.append(values[position]) }
      position += 1
    }
    let stays = scratch.count >= 5 && Selection.median(inPlace: &scratch) > 1.1 * reference
    return Rise(
      index: index, reference: reference, score: score, deviation: max(deviation, 0.005 * reference),
      logDeviation: max(logDeviation, 0.005), isLevel: stays)
  }

  private mutating func medianOfScratch(_ values: [Double]) -> Double {
    scratch.removeAll(keepingCapacity: true)
    scratch.append(contentsOf: values)
    return Selection.median(inPlace: &scratch)
  }

  /// The points about each by whose median its level is told.
  private static let localCount = 11

  /// The root mean square distance of `values` from the median of the points about each, so that the fall of a young
  /// curve is no noise; each distance cut at four robust deviations.
  private mutating func deviation(_ values: [Double]) -> Double {
    let reach = min(Self.localCount, values.count) / 2
    let distances = values.indices.map { index -> Double in
      let first = max(0, min(index - reach, values.count - 2 * reach - 1))
      return abs(values[index] - Selection.median(values[first...first + 2 * reach]))
    }
    let limit = 4 * 1.4826 * medianOfScratch(distances)
    let sum = distances.reduce(0) { sum, distance in
      let cut = min(limit, distance)
      return sum + cut * cut
    }
    // A median of so many takes a part of each point's own noise out.
    let count = Double(2 * reach + 1)
    return (sum / Double(values.count) * count / max(1, count - 1.57)).squareRoot()
  }
}
