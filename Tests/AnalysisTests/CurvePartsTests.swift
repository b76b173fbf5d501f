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
