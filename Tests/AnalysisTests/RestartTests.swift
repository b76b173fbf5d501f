import EventFile
import RunFolder
import Testing

@testable import Analysis

/// Places where a training was taken up again, stalls, and what stands beside an evaluation.
@Suite struct RestartTests {
  private func metric(_ tag: String, _ steps: [Int64], _ values: [Double], _ times: [Double]? = nil) -> Metric
  {
    Metric(
      series: Series(tag: tag, steps: steps, wallTimes: times ?? steps.map { _ in .nan }, values: values))
  }

  @Test func `a schedule that begins anew is a sign, with the losses and rates on both sides`() throws {
    let steps = (1...160).map { Int64($0 * 10) }
    let rates = (0..<160).map { (index: Int) -> Double in
      let place = Double(index % 80)
      return place < 5 ? 1e-4 * (place + 1) / 5 : 1e-4 * (80 - place) / 75
    }
    let losses = (0..<160).map { (index: Int) -> Double in
      let place = Double(index)
      return place < 80 ? 2.2 - place / 80 : 1.7 - (place - 80) / 160
    }
    var run = TrainingRun(
      name: "", path: "",
      metrics: [metric("train/loss", steps, losses), metric("train/learning_rate", steps, rates)])
    run.segments = [Segment(firstStep: 10, lastStep: 1600, origin: "")]
    let restarts = RunAnalysis(of: run).restarts
    let restart = try #require(restarts.first)
    #expect(restarts.count == 1)
    #expect(restart.step == 810)
    #expect(restart.before == 800)
    #expect(restart.signs == [.schedule])
    #expect(try #require(restart.lossAfter) > 1.1 * #require(restart.lossBefore))
    #expect(try #require(restart.score) > 6)
    #expect(try #require(restart.rateAfter) > #require(restart.rateBefore))
    #expect(restart.peakRate == 1e-4)
  }

  /// Schedules that go their way: a line down, warm-up with a plateau and a decay, a constant.
  private static let schedules: [[Double]] = [
    (0..<100).map { (index: Int) -> Double in 1e-4 * (1 - Double(index) / 100) },
    (0..<100).map { (index: Int) -> Double in
      if index < 10 { return 1e-5 * Double(index) }
      return index < 80 ? 1e-4 : 1e-4 * Double(100 - index) / 20
    },
    [Double](repeating: 1e-4, count: 100),
  ]

  @Test(arguments: schedules)
  func `a schedule that goes its way has no restart`(rates: [Double]) {
    let steps = (0..<100).map { Int64($0) }
    #expect(
      Restart.scheduleRestarts(Series(tag: "lr", steps: steps, wallTimes: rates, values: rates)).isEmpty)
  }

  @Test func `a resume and a long pause are signs too`() throws {
    let steps = (1...100).map { Int64($0) }
    let times = steps.map { 1e9 + Double($0) + ($0 > 70 ? 5000 : 0) }
    var run = TrainingRun(
      name: "", path: "", metrics: [metric("train/loss", steps, steps.map { 2 - Double($0) / 100 }, times)])
    run.segments = [
      Segment(firstStep: 1, lastStep: 40, startTime: 1e9, endTime: 1e9 + 40, origin: ""),
      Segment(firstStep: 41, lastStep: 100, startTime: 1e9 + 41, endTime: 1e9 + 5100, origin: ""),
    ]
    let restarts = RunAnalysis(of: run).restarts
    #expect(restarts.map(\.step) == [41, 71])
    #expect(restarts.map(\.signs) == [[.resumed], [.pause]])
    #expect(restarts[1].pause == 5001)
  }

  @Test func `an interval far longer than usual is a stall, unless an evaluation or a save lies in it`()
    throws
  {
    let steps = (1...100).map { Int64($0 * 10) }
    var time = 1e9
    let times = steps.map { step -> Double in
      time += 10 + (step == 300 ? 400 : step == 500 ? 300 : step == 700 ? 200 : 0)
      return time
    }
    var run = TrainingRun(
      name: "", path: "",
      metrics: [
        metric("train/loss", steps, steps.map { _ in 1 }, times),
        metric("eval/loss", [500], [1], [times[49]]),
      ])
    run.checkpoints = [CheckpointFolder(step: 700, path: "c")]
    let found = try #require(RunAnalysis(of: run).stepTimes)
    #expect(found.median == 1)
    #expect(found.stallCount == 1)
    #expect(found.stalls == [StepTimes.Stall(step: 290, seconds: 410, usual: 10)])
    #expect(found.lostSeconds == 400)
  }

  @Test func `beside an evaluation stands the loss since the one before, or none`() throws {
    let run = TrainingRun(
      name: "", path: "",
      metrics: [
        metric("train/loss", [10, 20, 30, 40], [40, 30, 20, 10]),
        metric("eval/loss", [20, 40, 45, 60], [25, 12, 11, 6]),
      ])
    let evaluation = try #require(RunAnalysis(of: run).evaluation)
    #expect(evaluation.rows.map(\.trainLoss) == [35, 15, nil, nil])
    #expect(evaluation.gap == nil)
  }

  @Test func `an evaluation after the training is told from that of its last step`() throws {
    var last = metric("eval/loss", [100, 200], [1.2, 1.5])
    last.duplicates = Series(tag: "eval/loss", steps: [200], wallTimes: [0], values: [1.2])
    let run = TrainingRun(name: "", path: "", metrics: [last])
    let evaluation = try #require(RunAnalysis(of: run).evaluation)
    #expect(evaluation.last.value == 1.5)
    #expect(evaluation.afterTraining?.value == 1.2)
  }

  @Test func `the share of the peak is operations over time and peak`() throws {
    let steps = (1...30).map { Int64($0) }
    var run = TrainingRun(
      name: "", path: "",
      metrics: [
        metric("train/loss", steps, steps.map { _ in 1 }), metric("train/train_runtime", [30], [100]),
        metric("train/total_flos", [30], [5e15]),
      ])
    run.segments = [Segment(firstStep: 1, lastStep: 30, origin: "")]
    let extent = RunAnalysis(of: run, options: AnalysisOptions(peakOperations: 1e14)).extent
    #expect(extent.utilization == 0.5)
    #expect(RunAnalysis(of: run).extent.utilization == nil)
  }

  @Test func `the last step is the last of any source`() {
    let steps = (1...54).map { Int64($0 * 100) }
    var run = TrainingRun(
      name: "", path: "",
      metrics: [metric("train/loss", steps, steps.map { _ in 1 }), metric("train/train_loss", [5490], [1])])
    let text = "{\"log_history\": [], \"global_step\": 5490, \"max_steps\": 5490}"
    run.trainerState = try? TrainerState(parsing: Array(text.utf8), path: "s")
    let extent = RunAnalysis(of: run).extent
    #expect(extent.steps == 100...5490)
    #expect(extent.ending == .completed)
  }
}
