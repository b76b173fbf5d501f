internal import Bytes
public import EventFile

extension Histogram {
  /// What is wrong with it; nil where nothing is.
  var fault: HistogramCourse.Fault.Kind? {
    if counts.contains(where: { !($0 >= 0 && $0.isFinite) }) { return .badCount }
    if !(lefts.allSatisfy(\.isFinite) && rights.allSatisfy(\.isFinite)) { return .notFinite }
    let rises =
      zip(lefts, rights).allSatisfy { $0 <= $1 } && zip(rights, lefts.dropFirst()).allSatisfy { $0 <= $1 }
    return rises ? nil : .disorder
  }

  /// For each of `shares`, which rise, the value below which that share of the elements lies, elements spread evenly
  /// over their bucket, as TensorBoard's `compress_histogram` has it; nil for a histogram that is empty or not in order.
  ///
  /// - Complexity: O(buckets + shares).
  public func quantiles(_ shares: [Double]) -> [Double]? {
    let total = self.total
    guard fault == nil, total > 0 else { return nil }
    var result: [Double] = []
    var bucket = 0
    var below = 0.0
    let last = counts.lastIndex { $0 > 0 } ?? 0
    for share in shares {
      let wanted = share * total
      while bucket < last, below + counts[bucket] <= wanted {
        below += counts[bucket]
        bucket += 1
      }
      let part = min(max((wanted - below) / counts[bucket], 0), 1)
      result.append(lefts[bucket] + (rights[bucket] - lefts[bucket]) * part)
    }
    return result
  }

  /// The share of the elements in each of `count` bins of equal width over `range`.
  public func shares(over range: ClosedRange<Double>, count: Int) -> [Double] {
    var result = [Double](repeating: 0, count: count)
    let total = self.total
    let width = (range.upperBound - range.lowerBound) / Double(count)
    guard count > 0, fault == nil, total > 0, width > 0, width.isFinite else { return result }
    for bucket in counts.indices where counts[bucket] > 0 {
      let (left, right) = (lefts[bucket], rights[bucket])
      let first = (left - range.lowerBound) / width
      let last = (right - range.lowerBound) / width
      guard last >= 0, first <= Double(count) else { continue }
      let start = Int(clamping: max(0, first))
      let end = min(count - 1, Int(clamping: last))
      guard right > left else {
        result[min(start, count - 1)] += counts[bucket] / total
        continue
      }
      guard start <= end else { continue }
      for bin in start...end {
        let overlap = min(last, Double(bin + 1)) - max(first, Double(bin))
        if overlap > 0 { result[bin] += counts[bucket] / total * overlap / (last - first) }
      }
    }
    return result
  }

  /// The distance over which the elements of one have to be moved to come out as the other, on average: Wasserstein's
  /// first distance, both spread evenly over their buckets; nil where either is empty or not in order.
  public func wassersteinDistance(to other: Histogram) -> Double? {
    guard let own = cumulative, let its = other.cumulative else { return nil }
    // Between two edges both cumulative shares are straight lines, whose difference may change its sign once.
    let edges = Set(own.edges + its.edges).sorted()
    var distance = 0.0
    var last: (edge: Double, difference: Double)?
    var (left, right) = (Cursor(own), Cursor(its))
    for edge in edges {
      // At an edge where one jumps, the line before it ends below the jump and the line behind it begins above.
      let before = left.share(before: edge) - right.share(before: edge)
      if let last {
        let (a, b) = (last.difference, before)
        let width = edge - last.edge
        let area = a * b >= 0 ? (abs(a) + abs(b)) / 2 : (a * a + b * b) / (2 * (abs(a) + abs(b)))
        distance += area * width
      }
      last = (edge, left.share(at: edge) - right.share(at: edge))
    }
    return distance
  }

  /// The shares at and below the edges of the buckets.
  fileprivate var cumulative: (edges: [Double], shares: [(before: Double, at: Double)])? {
    let total = self.total
    guard fault == nil, total > 0 else { return nil }
    var edges: [Double] = []
    var shares: [(before: Double, at: Double)] = []
    var sum = 0.0
    for bucket in counts.indices where counts[bucket] > 0 {
      if edges.last != lefts[bucket] {
        edges.append(lefts[bucket])
        shares.append((sum / total, sum / total))
      }
      sum += counts[bucket]
      if edges.last == rights[bucket] {
        shares[shares.count - 1].at = sum / total
      } else {
        edges.append(rights[bucket])
        shares.append((sum / total, sum / total))
      }
    }
    return (edges, shares)
  }
}

/// Goes along a cumulative share from edge to edge.
private struct Cursor {
  let edges: [Double]
  let shares: [(before: Double, at: Double)]
  var place = 0

  init(_ cumulative: (edges: [Double], shares: [(before: Double, at: Double)])) {
    edges = cumulative.edges
    shares = cumulative.shares
  }

  mutating func share(before value: Double) -> Double {
    share(value) { $0.before }
  }

  mutating func share(at value: Double) -> Double {
    share(value) { $0.at }
  }

  private mutating func share(_ value: Double, _ side: ((before: Double, at: Double)) -> Double) -> Double {
    while place < edges.count, edges[place] < value { place += 1 }
    guard place < edges.count else { return 1 }
    if edges[place] == value { return side(shares[place]) }
    guard place > 0 else { return 0 }
    let part = (value - edges[place - 1]) / (edges[place] - edges[place - 1])
    return shares[place - 1].at + (shares[place].before - shares[place - 1].at) * part
  }
}
