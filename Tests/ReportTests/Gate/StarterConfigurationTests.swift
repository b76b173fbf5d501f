import Analysis
import EventFile
import GateConfiguration
import Report
import RunFolder
import TestSupport
import Testing

@Suite struct StarterConfigurationTests {
  private func run(noise: Double, seed: UInt64 = 7) -> TrainingRun {
    var random = SeededRandom(seed: seed)
    let values: [Double] = (0..<200).map { index in
      let fall = 2 / (1 + 0.2 * Double(index))
      var normal = -6.0
      for _ in 0..<12 { normal += Double(random.next() >> 11) * 0x1p-53 }
      return 2 + fall + noise * normal
    }
    let steps = values.indices.map { Int64($0 + 1) * 10 }
    let series = Series(
      tag: "train/loss", steps: steps, wallTimes: steps.map { Double($0) }, values: values)
    return TrainingRun(name: "good", path: "good", metrics: [Metric(series: series)])
  }

  /// What the gates of a starter configuration say to the run that it was made from.
  private func report(_ run: TrainingRun) throws -> (text: String, report: GateReport) {
    let text = StarterConfiguration.text(RunAnalysis(of: run), baseline: "good")
    let plan = try GatePlan(parsing: Array(text.utf8), path: "ftreport.yml")
    let evaluation = GateEvaluation(run: run, baseline: .runs([run]), weights: .unavailable(""))
    return (text, evaluation.report(plan: plan))
  }

  @Test(arguments: [(0.005, "1%"), (0.1, "10%"), (0.3, "20%")])
  func `the margin is one that the noise lets anybody tell`(noise: Double, margin: String) throws {
    let made = try report(run(noise: noise))
    #expect(made.text.contains("stat: final, max_increase: \(margin)}"), "\(made.text)")
    #expect(made.text.contains("would often be inconclusive") == (margin != "1%"))
    #expect(made.report.status == .pass)
  }

  @Test func `against another seed of its kind a noisy run passes by the margin that was chosen`() throws {
    let base = run(noise: 0.1)
    let text = StarterConfiguration.text(RunAnalysis(of: base), baseline: "good")
    let plan = try GatePlan(parsing: Array(text.utf8), path: "ftreport.yml")
    let other = run(noise: 0.1, seed: 99)
    let report = GateEvaluation(run: other, baseline: .runs([base]), weights: .unavailable(""))
      .report(plan: plan)
    #expect(report.results.first { $0.gate.id == "final" }?.status == .pass)
  }
}
