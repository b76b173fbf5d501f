import EventFile
import RunFolder
import TestSupport
import Testing

@testable import Analysis

@Suite struct CurvePartsTests {
  /// The parts of a curve of noise about 3 with values put in, over the points `range`.
  private static func parts(
    _ count: Int, parts: Int, range: Range<Int>? = nil, _ put: [Int: Double] = [:]
  ) throws -> CurveParts {
    var values = correlatedNoise(count, seed: 5).map { 3 + 0.1 * $0 }
    for (index, value) in put { values[index] = value }
    let run = testRun("a", [("train/loss", 3, values)])
    let series = run.metrics[0].series
    let range = range ?? 0..<count
    let clock = try #require(RunClock(run, axis: .step))
    let axis = AxisParts(
      of: Double(series.steps[range.lowerBound])...Double(series.steps[range.upperBound - 1]), count: parts)
    return CurveParts(of: series, in: range, on: clock, parts: axis)
  }

  @Test(arguments: [1, 7, 360], [4, 5, 1003])
  func `figures are those of a look at each point`(parts: Int, count: Int) throws {
    for range in [0..<count, 1..<count - 1] {
      let curve = try Self.parts(count, parts: parts, range: range)
      let (steps, values) = (curve.series.steps, curve.series.values)
      #expect(curve.parts.flatMap(\.range) == Array(range))
      let least = try #require(range.min { values[$0] < values[$1] })
      #expect(curve.best?.step == steps[least])
      #expect(curve.best?.value == values[least])
      let area = range.dropLast().reduce(0) {
        $0 + Double(steps[$1 + 1] - steps[$1]) * (values[$1] + values[$1 + 1]) / 2
      }
      let span = Double(steps[range.upperBound - 1] - steps[range.lowerBound])
      #expect(abs(try #require(curve.area) - area / span) < 1e-12)
      #expect(curve.nonFiniteCount == 0)
      let sum = curve.parts.reduce(0) { $0 + $1.moments.sum }
      #expect(abs(sum - range.reduce(0) { $0 + values[$1] }) < 1e-9)
      let inner = range.filter { $0 > 0 && $0 < count - 1 }
      #expect(curve.parts.reduce(0) { $0 + $1.moments.secondCount } == inner.count)
      let squares = inner.reduce(0) { sum, index in
        let second = values[index - 1] - 2 * values[index] + values[index + 1]
        return sum + second * second
      }
      #expect(abs(curve.parts.reduce(0) { $0 + $1.moments.secondSquares } - squares) < 1e-9)
    }
  }

  @Test(arguments: 0...9)
  func `every stretch of a short curve has its sums, an empty one at its end too`(count: Int) {
    let values = (0..<count).map { Double($0 * $0) }
    for lower in 0...count {
      for upper in lower...count {
        let moments = Moments(of: values.span, in: lower..<upper)
        #expect(moments.count == upper - lower)
        #expect(moments.sum == values[lower..<upper].reduce(0, +))
        let inner = (lower..<upper).count { $0 > 0 && $0 < count - 1 }
        #expect(moments.secondCount == inner)
        #expect(moments.secondSquares == Double(inner) * 4)
      }
    }
  }

  @Test func `parts behind the end of a curve are empty`() throws {
    let run = testRun("a", [("train/loss", 3, correlatedNoise(50, seed: 1))])
    let clock = try #require(RunClock(run, axis: .step))
    let series = run.metrics[0].series
    let last = Double(try #require(series.steps.last))
    let axis = AxisParts(of: 0...last * 2, count: 40)
    let curve = CurveParts(of: series, in: 0..<50, on: clock, parts: axis)
    #expect(curve.parts.suffix(19).allSatisfy { $0.range.isEmpty && $0.moments == Moments() && $0.area == 0 })
    #expect(curve.parts.reduce(0) { $0 + $1.moments.count } == 50)
  }

  @Test func `the area between steps whose distance does not fit is that of their numbers`() {
    let steps: [Int64] = [.min, 0, .max]
    let values = [1.0, 1, 3]
    #expect(PartialSums.trapezoids(steps.span, values.span, in: 0..<2) == 0x1p63 * 2 + 0x1p63 * 4)
  }

  @Test func `values that are not finite are counted, and are no figures`() throws {
    let curve = try Self.parts(
      500, parts: 20, [100: .nan, 101: -.infinity, 350: .infinity, 351: 1, 400: 1])
    #expect(curve.nonFiniteCount == 3)
    #expect(curve.firstNonFinite == 100)
    #expect(curve.best == curve.series[351])
    #expect(curve.area == nil)
    // The second differences about each of them, and about its neighbours, are none.
    #expect(curve.parts.reduce(0) { $0 + $1.moments.secondCount } == 498 - 4 - 3)
  }

  @Test(arguments: [1, 3, 10], [1, 4, 90])
  func `the target is reached where a mean over the last points is`(length: Int, parts: Int) throws {
    var put: [Int: Double] = [40: .nan, 77: 0]
    // A fall over a bound of two parts, and one earlier that is too short for ten points.
    for index in 195..<212 { put[index] = 1 }
    let curve = try Self.parts(300, parts: parts, put)
    let values = curve.series.values
    let expected = (length - 1..<300).first { index in
      let mean = values[(index - length + 1)...index].reduce(0, +) / Double(length)
      return mean <= 1.5
    }
    #expect(curve.firstReaching(1.5, length: length) == expected)
    #expect(expected != nil)
    #expect(curve.firstReaching(-1, length: length) == nil)
  }
}
