import TestSupport
import Testing

@testable import Report

@Suite struct LineReductionTests {
  @Test func `a one-point spike in a million points survives`() {
    let x = (0..<1_000_000).map(Double.init)
    var y = x.map { 2 + ($0.truncatingRemainder(dividingBy: 7)) / 100 }
    y[654_321] = 9
    y[123_456] = -3
    let line = LineReduction(x: x, y: y, domain: 0...999_999, columns: 700)
    #expect(line.points.count <= 2800)
    #expect(line.points.contains(ChartPoint(x: 654_321, y: 9)))
    #expect(line.points.contains(ChartPoint(x: 123_456, y: -3)))
    #expect(line.isReduced)
  }

  @Test func `each column keeps first, last, least and greatest, in order`() {
    let y: [Double] = [5, 1, 9, 4, 6, /* second column */ 3, 3, 3, 3, 3]
    let line = LineReduction(x: (0..<10).map(Double.init), y: y, domain: 0...9.5, columns: 2)
    #expect(
      line.pieces == [
        [
          .init(x: 0, y: 5), .init(x: 1, y: 1), .init(x: 2, y: 9), .init(x: 4, y: 6), .init(x: 5, y: 3),
          .init(x: 9, y: 3),
        ]
      ])
  }

  @Test func `few points stay as they are`() {
    let line = LineReduction(x: [0, 10, 20], y: [1, 3, 2], domain: 0...20, columns: 100)
    #expect(line.pieces == [[.init(x: 0, y: 1), .init(x: 10, y: 3), .init(x: 20, y: 2)]])
    #expect(!line.isReduced)
  }

  @Test func `values that are not finite part the line and are kept as gaps`() {
    let line = LineReduction(
      x: [0, 10, 20, 30, 40], y: [1, .nan, 2, .infinity, 3], domain: 0...40, columns: 40)
    #expect(line.pieces.map { $0.map(\.y) } == [[1], [2], [3]])
    #expect(line.gaps == [10, 30])
  }

  @Test func `alternating gaps cost no more than the columns`() {
    let count = 100_000
    let line = LineReduction(
      x: (0..<count).map(Double.init), y: (0..<count).map { $0 % 2 == 0 ? 1 : .nan },
      domain: 0...Double(count),
      columns: 500)
    #expect(line.pieces.count <= 500 && line.gaps.count <= 500 && line.points.count <= 2000)
  }

  @Test func `times that go back are put in order`() {
    let line = LineReduction(x: [5, 1, 3, .nan], y: [50, 10, 30, 0], domain: 0...10, columns: 100)
    #expect(line.points.map(\.y) == [10, 30, 50])
  }

  @Test(arguments: [1, 7, 640]) func `the quick way gives what the definition says`(columns: Int) {
    // First, least, greatest and last of each column, found the plain way.
    var random = SeededRandom(seed: 3)
    var steps: [Int64] = []
    for _ in 0..<5000 { steps.append((steps.last ?? 0) + Int64.random(in: 0...40, using: &random)) }
    let y = steps.map { _ in Double.random(in: -1...1, using: &random) }
    let domain = Double(steps[0])...Double(steps[4999])
    let line = LineReduction(x: .steps(steps), y: y, domain: domain, columns: columns)
    #expect(line == LineReduction(x: steps.map(Double.init), y: y, domain: domain, columns: columns))
    let groups = Dictionary(grouping: y.indices) { index in
      min(
        Int(
          (Double(steps[index]) - domain.lowerBound) / (domain.upperBound - domain.lowerBound)
            * Double(columns)), columns - 1)
    }
    var expected: [ChartPoint] = []
    for column in groups.keys.sorted() {
      let group = groups[column] ?? []
      let least = group.min { (y[$0], $0) < (y[$1], $1) }
      let greatest = group.min { (-y[$0], $0) < (-y[$1], $1) }
      let kept = Set([group.first, group.last, least, greatest].compactMap { $0 })
      expected += kept.sorted().map { ChartPoint(x: Double(steps[$0]), y: y[$0]) }
    }
    #expect(line.points == expected)
  }

  @Test func `nothing gives nothing`() {
    #expect(LineReduction(x: [], y: [], domain: 0...1, columns: 10).pieces.isEmpty)
    #expect(LineReduction(x: [1, 2], y: [.nan, .nan], domain: 0...3, columns: 10).pieces.isEmpty)
  }

  @Test(arguments: [1, 7, 40, 700], [0...3000, 100...2000, -50...10_000] as [ClosedRange<Double>])
  func `rising steps give the line that steps in any order give`(columns: Int, domain: ClosedRange<Double>) {
    var random = SeededRandom(seed: UInt64(columns))
    var step: Int64 = 0
    var steps: [Int64] = []
    var values: [Double] = []
    for index in 0..<1500 {
      step += Int64(random.next() % 4)
      steps.append(step)
      let isGap = random.next() % 50 == 0 || (700..<760).contains(index)
      values.append(isGap ? (index.isMultiple(of: 2) ? .nan : .infinity) : Double(random.next() % 100))
    }
    let expected = LineReduction(x: .steps(steps), y: values, domain: domain, columns: columns)
    #expect(LineReduction(x: .rising(steps), y: values, domain: domain, columns: columns) == expected)
    #expect(expected.gaps.count > 0)
  }

  @Test func `steps that were said to rise and do not are no trap`() {
    let line = LineReduction(
      x: .rising([0, .max, .min, 5, 3, 10]), y: [1, 2, 3, 4, 5, 6], domain: 0...10, columns: 5)
    #expect(line.points.count <= 6)
  }
}
