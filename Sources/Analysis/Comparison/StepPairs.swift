internal import Bytes
internal import EventFile

/// The points of two series that stand at the same steps, in their order.
///
/// Nothing is copied: neighbours in both series make a stretch, and series with the same steps throughout make one.
struct StepPairs {
  /// Points that follow each other in both series.
  private struct Stretch {
    /// The pairs.
    var pairs: Range<Int>
    /// The first point in the baseline, and in the run.
    var base: Int, new: Int
  }

  /// The series that the pairs are of.
  private let base: Series, new: Series
  private let stretches: [Stretch]
  /// The number of common steps.
  let count: Int
  /// The first step at which the two differ at all; two NaN are no difference.
  let firstDifferentStep: Int64?

  /// The common steps of the two within the two ranges.
  ///
  /// - Complexity: O(n + m).
  init(_ base: Series, _ baseRange: Range<Int>, _ new: Series, _ newRange: Range<Int>) {
    self.base = base
    self.new = new
    let left = base.steps.span
    let right = new.steps.span
    var stretches: [Stretch] = []
    var count = 0
    var (i, j) = (baseRange.lowerBound, newRange.lowerBound)
    while i < baseRange.upperBound, j < newRange.upperBound {
      if left[i] < right[j] {
        i += 1
      } else if left[i] > right[j] {
        j += 1
      } else {
        let most = min(baseRange.upperBound - i, newRange.upperBound - j)
        var length = 1
        while most &- length >= 4 {
          let differing = left.four(at: i &+ length) ^ right.four(at: j &+ length)
          guard differing[0] | differing[1] | differing[2] | differing[3] == 0 else { break }
          length &+= 4
        }
        while length < most, left[i + length] == right[j + length] { length += 1 }
        stretches.append(Stretch(pairs: count..<count + length, base: i, new: j))
        count += length
        i += length
        j += length
      }
    }
    self.stretches = stretches
    self.count = count
    firstDifferentStep = Self.firstDifferent(base, new, stretches)
  }

  /// At least `least` of the last common steps within the two ranges, or all where there are fewer.
  ///
  /// - Complexity: O(`least`) where many steps are common.
  static func last(
    _ least: Int, _ base: Series, _ baseRange: Range<Int>, _ new: Series, _ newRange: Range<Int>
  ) -> StepPairs {
    var length = 2 * least
    while length < baseRange.count {
      let left = baseRange.upperBound - length
      let right = newRange.partitionIndex { new.steps[$0] < base.steps[left] }
      let pairs = StepPairs(base, left..<baseRange.upperBound, new, right..<newRange.upperBound)
      if pairs.count >= least { return pairs }
      length *= 4
    }
    return StepPairs(base, baseRange, new, newRange)
  }

  /// The first common step within the two ranges at which the two differ at all; two NaN are no difference.
  ///
  /// - Complexity: O(points before that step).
  static func firstDifferentStep(
    _ base: Series, _ baseRange: Range<Int>, _ new: Series, _ newRange: Range<Int>
  ) -> Int64? {
    var (left, right) = (baseRange, newRange)
    var length = 1024
    while length < left.count {
      let end = left.lowerBound + length
      let newEnd = right.partitionIndex { new.steps[$0] < base.steps[end] }
      let pairs = StepPairs(base, left.lowerBound..<end, new, right.lowerBound..<newEnd)
      if let step = pairs.firstDifferentStep { return step }
      left = end..<left.upperBound
      right = newEnd..<right.upperBound
      length *= 2
    }
    return StepPairs(base, left, new, right).firstDifferentStep
  }

  private static func firstDifferent(_ base: Series, _ new: Series, _ stretches: [Stretch]) -> Int64? {
    let left = base.values.span
    let right = new.values.span
    for stretch in stretches {
      for offset in 0..<stretch.pairs.count {
        let (x, y) = (left[stretch.base + offset], right[stretch.new + offset])
        if x != y, !(x.isNaN && y.isNaN) { return base.steps[stretch.base + offset] }
      }
    }
    return nil
  }

  /// The step of the pair `index`.
  ///
  /// - Complexity: O(log stretches).
  func step(_ index: Int) -> Int64 {
    let stretch = stretches[stretches.partitionIndex { $0.pairs.upperBound <= index }]
    return base.steps[stretch.base + (index - stretch.pairs.lowerBound)]
  }

  /// The pairs from step `first` on.
  func indices(from first: Int64) -> Range<Int> {
    (0..<count).partitionIndex { step($0) < first }..<count
  }

  /// The steps of the pairs at `range`.
  func steps(_ range: Range<Int>) -> [Int64] {
    var steps: [Int64] = []
    steps.reserveCapacity(range.count)
    for stretch in part(range) {
      steps += base.steps[stretch.base..<stretch.base + stretch.pairs.count]
    }
    return steps
  }

  /// The baseline's values, and the run's, at the pairs of `range`.
  func values(_ range: Range<Int>) -> (base: [Double], new: [Double]) {
    var values: (base: [Double], new: [Double]) = ([], [])
    values.base.reserveCapacity(range.count)
    values.new.reserveCapacity(range.count)
    for stretch in part(range) {
      values.base += base.values[stretch.base..<stretch.base + stretch.pairs.count]
      values.new += new.values[stretch.new..<stretch.new + stretch.pairs.count]
    }
    return values
  }

  /// The differences at the pairs of `range`, the run's values minus the baseline's.
  func differences(_ range: Range<Int>) -> [Double] {
    let left = base.values.span
    let right = new.values.span
    var differences = [Double](repeating: 0, count: range.count)
    var output = differences.mutableSpan
    for stretch in part(range) {
      let start = stretch.pairs.lowerBound - range.lowerBound
      for offset in 0..<stretch.pairs.count {
        output[start &+ offset] = right[stretch.new &+ offset] - left[stretch.base &+ offset]
      }
    }
    return differences
  }

  /// The mean of the baseline's values at the pairs of `range`.
  func baseMean(_ range: Range<Int>) -> Double {
    let values = base.values.span
    let sum = part(range).reduce(0) { sum, stretch in
      sum + PartialSums.sum(of: values, in: stretch.base..<stretch.base + stretch.pairs.count)
    }
    return sum / Double(range.count)
  }

  /// The stretches of the pairs of `range`.
  private func part(_ range: Range<Int>) -> [Stretch] {
    let first = stretches.partitionIndex { $0.pairs.upperBound <= range.lowerBound }
    return stretches[first...].prefix { $0.pairs.lowerBound < range.upperBound }.map { stretch in
      let pairs = stretch.pairs.clamped(to: range)
      let skipped = pairs.lowerBound - stretch.pairs.lowerBound
      return Stretch(pairs: pairs, base: stretch.base + skipped, new: stretch.new + skipped)
    }
  }
}
