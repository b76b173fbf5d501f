import Analysis
import EventFile
import JSON
import RunFolder
import TestSupport
import Testing

@Suite struct RunAnalysisTests {
  @Test(arguments: ["sft", "sft_lr1e-4", "sft_resumed"])
  func `the figures of a sample are those that numpy has from its trainer's file`(name: String) throws {
    let truth = try #require(try Truth.load("samples")[name])
    let folder = try OpenedFolder(opening: Fixture.sampleRun(name))
    let analysis = RunAnalysis(of: try #require(folder.runs.first))
    let loss = try #require(analysis.loss)
    let final = try #require(loss.final)
    #expect(loss.tag == "train/loss")
    #expect(Double(loss.series.count) == (try truth.number("points")))
    // Event files hold 32 bits.
    #expect(agree(loss.mean, try truth.number("mean"), 1e-7))
    if name != "sft_resumed" { #expect(agree(try #require(loss.reportedMean), loss.mean, 1e-6)) }
    #expect(agree(final.mean, try truth.number("final"), 1e-7))
    let window = try #require(WindowLevel(ofLast: 0.1, of: loss.series))
    #expect(agree(window.interval.upperBound - window.mean, try truth.number("half"), 1e-4))
    #expect(final.interval.contains(final.level))
    #expect(agree(window.autocorrelationTime, try truth.number("tau"), 1e-4))
    // Of the end of a curve the scatter of its other windows counts too.
    #expect(agree(final.autocorrelationTime, try truth.number("whole_tau"), 1e-4))
    #expect(agree(final.standardError, try truth.number("whole_error"), 1e-4))
    let evaluation = try #require(analysis.evaluation)
    #expect(Double(evaluation.series.count) == (try truth.number("evaluations")))
    #expect(evaluation.rows.count == evaluation.series.count)
    #expect(evaluation.best.map { Double($0.step) } == (try truth.number("best_step")))
    #expect(agree(try #require(evaluation.best).value, try truth.number("best"), 1e-7))
    #expect(agree(try #require(evaluation.gap), try truth.number("gap"), 1e-5))
    #expect(
      evaluation.columns == ["eval/loss", "eval/runtime", "eval/samples_per_second", "eval/steps_per_second"])
    #expect(evaluation.rows.allSatisfy { $0.epoch != nil && $0.trainLoss != nil && !$0.values.contains(nil) })
    #expect(analysis.extent.plannedSteps == 1000)
    #expect(analysis.extent.steps == 10...1000)
    #expect(analysis.findings.allSatisfy { $0.severity == .note })
  }

  @Test func `the seam of a resumed run is told, and its pause is no training time`() throws {
    let folder = try OpenedFolder(opening: Fixture.sampleRun("sft_resumed"))
    let analysis = RunAnalysis(of: try #require(folder.runs.first))
    let seam = try #require(analysis.quality.seams.first)
    #expect(analysis.quality.seams.count == 1)
    #expect(seam.step == 510)
    // What HF Trainer wrote, 2.4011, is the sum since the resume over all steps.
    #expect(analysis.run.metric(for: .meanTrainLoss)?.series.values.last.map { $0 < 2.5 } == true)
    #expect(analysis.loss?.reportedMean == nil)
    #expect(seam.interruptedAt == 600)
    #expect(analysis.loss?.superseded.steps == Array(stride(from: 510, through: 600, by: 10)))
    let pause = try #require(seam.pause)
    #expect(pause > 500 && pause < 502)
    #expect(analysis.extent.pause == pause)
    let duration = try #require(analysis.extent.duration)
    #expect(duration > 140 && duration < 144)
    // 600 steps before the seam and 500 after it.
    #expect(agree(try #require(analysis.extent.stepsPerSecond), 1100 / duration, 1e-9))
  }

  @Test func `the diverged sample is a filtered NaN without a final level`() throws {
    let folder = try OpenedFolder(opening: Fixture.sampleRun("sft_diverged"))
    let analysis = RunAnalysis(of: try #require(folder.runs.first))
    let found = try #require(analysis.findings.first { $0.kind == .filteredNaN })
    #expect(found.severity == .failure)
    #expect(found.step == 20)
    #expect(found.lastStep == 100)
    #expect(found.count == 9)
    #expect(found.other == "train/grad_norm")
    #expect(agree(try #require(found.reference), 4.358428955078125))
    #expect(analysis.loss?.final == nil)
    #expect(analysis.severity == .failure)
    let evaluation = try #require(
      analysis.findings.first { $0.kind == .nonFinite && $0.metric == "eval/loss" })
    #expect(evaluation.severity == .failure)
    #expect(analysis.findings.filter { $0.metric == "train/grad_norm" }.isEmpty)
  }

  @Test func `a run without any loss has its other metrics`() {
    let run = TrainingRun(
      name: "r", path: "r", metrics: [Metric(series: series("accuracy", [0.5, .nan, 0.75], first: 3))])
    let analysis = RunAnalysis(of: run)
    #expect(analysis.loss == nil)
    #expect(analysis.evaluation == nil)
    #expect(analysis.extent.steps == 3...5)
    let row = analysis.metrics.first
    #expect(row?.count == 3)
    #expect(row?.nonFiniteCount == 1)
    #expect(row?.mean == 0.625)
    #expect(row?.least?.step == 3)
    #expect(row?.greatest?.step == 5)
    #expect(row?.last.value == 0.75)
  }

  @Test func `an empty run is examined without complaint`() {
    let analysis = RunAnalysis(of: TrainingRun(name: "r", path: "r"))
    #expect(analysis.metrics.isEmpty)
    #expect(analysis.findings.isEmpty)
    #expect(analysis.extent.steps == nil)
    #expect(analysis.severity == nil)
  }

  @Test func `many evaluations are thinned to rows with the first and the last`() {
    let run = TrainingRun(
      name: "r", path: "r", metrics: [Metric(series: series("eval_loss", .init(repeating: 1, count: 5000)))])
    let evaluation = RunAnalysis(of: run).evaluation
    #expect(evaluation?.rows.count == EvaluationAnalysis.rowLimit)
    #expect(evaluation?.rows.first?.step == 1)
    #expect(evaluation?.rows.last?.step == 5000)
  }

  @Test func `a million equal values have their own value as mean`() {
    let statistics = MetricStatistics(of: series("x", .init(repeating: 0.1, count: 1_000_000)))
    #expect(statistics?.mean == 0.1)
  }

  @Test func `steps and values at the ends of what numbers can hold do not trap`() throws {
    let steps = [Int64.min, -1, 0, 1, 2, 3, 4, 5, 6, 7, 8, Int64.max - 1, Int64.max]
    let values = [
      1e308, -1e308, .leastNonzeroMagnitude, .infinity, 1e308, 1e308, 1e308, 0, -0.0, 1e-308, 1e308, 1e308,
      1e308,
    ]
    let entries = zip(steps, values).map { step, value in
      let text = value.isFinite ? "\(value)" : "Infinity"
      return "{\"step\": \(step), \"loss\": \(text), \"eval_loss\": \(text), \"epoch\": \(text)}"
    }
    let folder = try TemporaryFolder()
    try folder.write(
      "trainer_state.json",
      "{\"max_steps\": \(Int64.max), \"log_history\": [\(entries.joined(separator: ", "))]}")
    try folder.write(
      "trainer_log.jsonl",
      steps.map { "{\"current_steps\": \($0), \"loss\": 1e308, \"total_steps\": \($0)}" }.joined(
        separator: "\n"))
    let run = try #require(try OpenedFolder(opening: folder.path).runs.first)
    let analysis = RunAnalysis(of: run)
    #expect(analysis.loss?.series.count == 13)
    #expect(analysis.extent.steps == Int64.min...Int64.max)
  }

  @Test func `a run without times takes those that the trainer's log tells`() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      "trainer_state.json", "{\"log_history\": [{\"step\": 1, \"loss\": 2}, {\"step\": 9, \"loss\": 1}]}")
    try folder.write(
      "trainer_log.jsonl",
      """
      {"current_steps": 1, "loss": 2, "elapsed_time": "0:00:10"}
      {"current_steps": 9, "loss": 1, "elapsed_time": "0:01:30"}
      """)
    let run = try #require(try OpenedFolder(opening: folder.path).runs.first)
    #expect(run.source == .trainerState)
    #expect(RunAnalysis(of: run).extent.duration == 90)
  }
}
