import EventFile
import TestSupport
import Testing

@testable import Analysis

@Suite struct StepPairsTests {
  /// Random steps, and values by which a point is known again.
  private static func series(_ count: Int, gap: UInt64, seed: UInt64) -> Series {
    var random = SeededRandom(seed: seed)
    var step: Int64 = 0
    var series = Series(tag: "loss")
    for index in 0..<count {
      step += 1 + Int64(random.next() % gap)
      series.append(Point(step: step, wallTime: 0, value: Double(index) + 0.5 * Double(seed)))
    }
    return series
  }

  @Test(arguments: [1, 2, 5] as [UInt64])
  func `the pairs are those of a dictionary of steps`(gap: UInt64) {
    let base = Self.series(500, gap: gap, seed: 1)
    let new = Self.series(400, gap: 3, seed: 2)
    let (left, right) = (20..<480, 3..<390)
    let pairs = StepPairs(base, left, new, right)
    let byStep = Dictionary(uniqueKeysWithValues: right.map { (new.steps[$0], new.values[$0]) })
    let expected = left.compactMap { index in
      byStep[base.steps[index]].map { (base.steps[index], base.values[index], $0) }
    }
    #expect(expected.count > 50)
    #expect(pairs.count == expected.count)
    #expect((0..<pairs.count).map(pairs.step) == expected.map(\.0))
    let part = 7..<pairs.count - 11
    #expect(pairs.steps(part) == expected[part].map(\.0))
    #expect(pairs.values(part).base == expected[part].map(\.1))
    #expect(pairs.values(part).new == expected[part].map(\.2))
    #expect(pairs.differences(part) == expected[part].map { $0.2 - $0.1 })
    #expect(pairs.baseMean(part) == expected[part].map(\.1).reduce(0, +) / Double(part.count))
    #expect(pairs.indices(from: expected[30].0) == 30..<pairs.count)
    #expect(pairs.firstDifferentStep == expected[0].0)
  }

  @Test func `the first step that differs is found in the same steps, NaN beside NaN being the same`() {
    let base = Self.series(100, gap: 1, seed: 1)
    var same = base
    same.values[10] = .nan
    var withNaN = same
    #expect(StepPairs(same, 0..<100, withNaN, 0..<100).firstDifferentStep == nil)
    withNaN.values[60] += 1
    #expect(StepPairs(same, 0..<100, withNaN, 0..<100).firstDifferentStep == base.steps[60])
    #expect(StepPairs(base, 0..<100, same, 0..<100).firstDifferentStep == base.steps[10])
  }

  @Test func `without a common step there is no pair`() {
    let even = Series(tag: "loss", steps: [2, 4, 6], wallTimes: [0, 0, 0], values: [1, 2, 3])
    let odd = Series(tag: "loss", steps: [1, 3, 5], wallTimes: [0, 0, 0], values: [1, 2, 3])
    let pairs = StepPairs(even, 0..<3, odd, 0..<3)
    #expect(pairs.count == 0)
    #expect(pairs.firstDifferentStep == nil)
    #expect(pairs.differences(0..<0).isEmpty)
    #expect(pairs.indices(from: 0).isEmpty)
    #expect(!Pairing(of: pairs).isIdentical)
  }

  @Test(arguments: [1, 3] as [UInt64], [10, 300, 40_000])
  func `the last common steps, and the first that differs, are found without the others`(
    gap: UInt64, count: Int
  ) {
    let base = Self.series(count, gap: gap, seed: 1)
    let whole = 1..<count - 1
    let other = Self.series(count, gap: 2, seed: 2)
    let all = StepPairs(base, whole, other, whole)
    let last = StepPairs.last(100, base, whole, other, whole)
    #expect(last.count >= min(100, all.count))
    let end = all.count - last.count..<all.count
    #expect(last.steps(0..<last.count) == all.steps(end))
    #expect(last.values(0..<last.count).new == all.values(end).new)
    #expect(StepPairs.firstDifferentStep(base, whole, other, whole) == all.firstDifferentStep)

    var changed = base
    #expect(StepPairs.firstDifferentStep(base, whole, changed, whole) == nil)
    for index in [count - 2, count / 2, 1] {
      changed.values[index] += 1
      #expect(StepPairs.firstDifferentStep(base, whole, changed, whole) == base.steps[index])
    }
    // Steps that the other has not are no difference.
    changed = Series(changed.filter { $0.step != base.steps[1] && $0.step != base.steps[3] }, tag: "loss")
    let rest = 1..<changed.count
    let expected = StepPairs(base, whole, changed, rest).firstDifferentStep
    #expect(StepPairs.firstDifferentStep(base, whole, changed, rest) == expected)
  }
}
