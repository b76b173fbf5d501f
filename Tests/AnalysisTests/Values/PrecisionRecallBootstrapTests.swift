import EventFile
import FileSystem
import JSON
import TestSupport
import Testing

@testable import Analysis

/// Intervals of differences of average precisions.
struct PrecisionRecallBootstrapTests {
  private func truth() throws -> JSONValue {
    try JSONValue(parsing: Files.read(Path.join(Fixture.package, "Tests/Fixtures/values/truths.json")))
  }

  private func curves() throws -> [PrecisionRecallCurve] {
    try #require(try truth()["curves"]?.array).map { entry in
      let rows = try #require(entry["rows"]?.array).map { $0.array?.compactMap(\.double) ?? [] }
      return try #require(PrecisionRecallCurve(rows: rows))
    }
  }

  @Test func `intervals are those of numpy's resamples, as far as chance goes`() throws {
    let curves = try curves()
    for entry in try #require(try truth()["bootstraps"]?.array) {
      let (from, to) = (Int(try #require(entry["from"]?.int64)), Int(try #require(entry["to"]?.int64)))
      let want = try #require(entry["interval"]?.array).compactMap(\.double)
      let found = try #require(PrecisionRecallBootstrap(from: curves[from], to: curves[to]))
      // The ends of an interval from 1,000 resamples scatter by about 4 % of its width (one standard deviation 2 %).
      let slack = 0.06 * (want[1] - want[0])
      #expect(abs(found.interval.lowerBound - want[0]) < slack, "\(found) \(want)")
      #expect(abs(found.interval.upperBound - want[1]) < slack, "\(found) \(want)")
      #expect(found.exampleCounts == [400, 400])
      #expect(found == PrecisionRecallBootstrap(from: curves[from], to: curves[to]))
    }
  }

  @Test func `the counts give the same average precision as the curve`() throws {
    for curve in try curves() {
      let counts = try #require(ExampleCounts(curve))
      #expect(abs(try #require(counts.averagePrecision) - (try #require(curve.averagePrecision))) < 1e-9)
    }
  }

  @Test func `weighted examples and counts that contradict each other have no interval`() throws {
    let curve = try curves()[0]
    var weighted = curve
    weighted.truePositives[0] += 0.5
    weighted.falseNegatives[0] -= 0.5
    var wrong = curve
    wrong.truePositives[1] += 1
    var rising = curve
    rising.truePositives[0] = 0
    rising.falseNegatives[0] = curve.truePositives[0]
    for other in [weighted, wrong, rising] {
      #expect(PrecisionRecallBootstrap(from: curve, to: other) == nil)
      #expect(PrecisionRecallBootstrap(from: other, to: curve) == nil)
    }
  }

  @Test(arguments: [(20.0, 0.1), (400, 0.3), (1e6, 0.5), (1e6, 1e-5), (50, 0.97), (3e7, 0.9999)])
  func `binomial numbers have the mean and the variance of their distribution`(count: Double, chance: Double)
  {
    var random = SeededNumbers(seed: 4)
    let draws = (0..<20_000).map { _ in random.binomial(count, chance) }
    #expect(draws.allSatisfy { $0 >= 0 && $0 <= count && $0 == $0.rounded() })
    let mean = draws.reduce(0, +) / 20_000
    let variance = draws.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 19_999
    let want = count * chance * (1 - chance)
    #expect(abs(mean - count * chance) < 5 * (want / 20_000).squareRoot())
    #expect(abs(variance / want - 1) < 0.06)
  }
}
