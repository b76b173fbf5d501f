import RunFolder
import Testing

@testable import Analysis

@Suite struct SeedSpreadTests {
  @Test(arguments: [
    ([2.0, 2.004, 2.1], 2), ([2.1, 2, 2.004], 0), ([2, 2.01, 1.99, 1, 2.005], 3), ([1, 1, 1, 1.5], 3),
    ([-2, -2.004, -3], 2),
  ])
  func `a value that is not of the others' kind is named`(values: [Double], index: Int) throws {
    #expect(try #require(SeedSpread.outlier(among: values)).index == index)
  }

  @Test(arguments: [
    [], [1], [1, 1.5], [2, 2.004, 2.05], [2, 2.1, 2.2], [1, 1, 1, 1], [0, 0, 1], [2, .nan, 3],
    [1, 1.1, 1.25, 1.05, 0.95],
  ])
  func `seeds that scatter have no outlier`(values: [Double]) {
    #expect(SeedSpread.outlier(among: values) == nil)
  }

  @Test func `the distance is a share of the mean of the others`() throws {
    let outlier = try #require(SeedSpread.outlier(among: [2, 2, 2, 3]))
    #expect(agree(outlier.relativeDistance, 0.5))
  }

  private func run(_ name: String, _ level: Double) -> TrainingRun {
    testRun(name, [("eval/loss", 100, [1.2, 1.1, 1.0, 1.0, 1.001].map { $0 * level })])
  }

  @Test func `no golden file is made of runs of which one is another kind`() {
    let runs = [run("a", 2), run("b", 2.002), run("odd", 3)]
    let failure = #expect(throws: GoldenBaseline.Failure.self) {
      try GoldenBaseline(calibrating: runs, window: 0.1, confidence: 0.95)
    }
    guard case .outlier("odd", "eval/loss", let distance) = failure else {
      Issue.record("\(String(describing: failure))")
      return
    }
    #expect(agree(distance, 0.49925, 1e-4))
    #expect(throws: Never.self) {
      try GoldenBaseline(calibrating: Array(runs.prefix(2)), window: 0.1, confidence: 0.95)
    }
  }

  @Test func `no gate is met by baselines of which one is another kind`() {
    let gate = Gate(
      id: "g", subject: .metric(Glob("eval/loss")), statistic: .last, bounds: [.increase(.seed)])
    let result = GateEvaluation(
      run: run("new", 2.1), baseline: .runs([run("a", 2), run("b", 2.002), run("odd", 3)]),
      weights: .unavailable("")
    ).result(gate)
    #expect(result.status == .missing)
    guard case .outlyingBaseline("odd", let distance) = result.checks[0].reason else {
      Issue.record("\(result.checks[0].reason)")
      return
    }
    #expect(agree(distance, 0.49925, 1e-4))
  }
}
