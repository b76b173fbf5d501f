import Analysis
import EventFile
import RunFolder
import TestSupport
import Testing

@Suite struct SourceFindingTests {
  private let steps: [Int64] = Array(stride(from: 10, through: 300, by: 10))

  private func values(_ step: Int64) -> Double { 5.123456789 - Double(step) * 0.01 }

  /// A run from event files, whose values are 32 bits wide.
  private func run() -> TrainingRun {
    let series = Series(
      tag: "train/loss", steps: steps, wallTimes: steps.map { Double($0) },
      values: steps.map { Double(Float(values($0))) })
    return TrainingRun(name: "r", path: "r", metrics: [Metric(series: series)])
  }

  private func state(_ change: (Int64) -> Double?) throws -> TrainerState {
    let entries = steps.compactMap { step in change(step).map { "{\"step\":\(step),\"loss\":\($0)}" } }
    let text = "{\"global_step\":300,\"max_steps\":300,\"log_history\":[\(entries.joined(separator: ","))]}"
    return try TrainerState(parsing: Array(text.utf8), path: "out/trainer_state.json")
  }

  private func findings(_ run: TrainingRun, _ kind: Finding.Kind) -> [Finding] {
    RunAnalysis(of: run).findings.filter { $0.kind == kind }
  }

  @Test func `values that differ by the width of a float agree`() throws {
    var run = run()
    run.trainerState = try state(values)
    #expect(findings(run, .sourcesDisagree).isEmpty)
  }

  @Test func `a log in which two trainings stand vouches for neither`() throws {
    func lines(_ scale: Double) -> String {
      steps.map { "{\"current_steps\":\($0),\"total_steps\":300,\"loss\":\(scale * values($0))}\n" }.joined()
    }
    let folder = try TemporaryFolder()
    try folder.write("trainer_log.jsonl", Array((lines(1) + lines(1.4)).utf8))
    let run = try #require(try OpenedFolder(opening: folder.path).runs.first)
    #expect(findings(run, .mixedTrainings).map(\.severity) == [.warning])
  }

  @Test(arguments: [(0, 0, true), (2, 2, true), (2, 1, false), (2, 0, false), (9, 3, true)])
  func `a training begun afresh needs no more common steps than differ`(
    common: Int, differing: Int, isFound: Bool
  ) {
    var run = run()
    run.otherTrainings = [
      OtherTraining(
        relation: .afresh, origin: "events.2", steps: 7...280, loss: run.metrics[0].series,
        commonCount: common,
        differingCount: differing)
    ]
    #expect(findings(run, .mixedTrainings).isEmpty != isFound)
  }

  @Test func `values that the trainer rounded to four decimals agree`() throws {
    var run = run()
    run.trainerState = try state { (values($0) * 1e4).rounded() / 1e4 }
    #expect(findings(run, .sourcesDisagree).isEmpty)
  }

  @Test func `other values disagree, with the first step and both values`() throws {
    var run = run()
    run.trainerState = try state { $0 == 120 || $0 == 200 ? 4 : values($0) }
    let found = try #require(findings(run, .sourcesDisagree).first)
    #expect(found.severity == .warning)
    #expect(found.metric == "train/loss")
    #expect(found.step == 120)
    #expect(found.lastStep == 200)
    #expect(found.count == 2)
    #expect(found.value == Double(Float(values(120))))
    #expect(found.reference == 4)
    #expect(found.other == "trainer_state.json")
  }

  @Test func `a step that the event files lack disagrees without a value`() throws {
    var run = run()
    run.trainerState = try state(values)
    let all = run.metrics[0].series
    let kept = all.indices.filter { all.steps[$0] != 150 }
    run.metrics[0].series = Series(
      tag: all.tag, steps: kept.map { all.steps[$0] }, wallTimes: kept.map { all.wallTimes[$0] },
      values: kept.map { all.values[$0] })
    let found = try #require(findings(run, .sourcesDisagree).first)
    #expect(found.step == 150)
    #expect(found.value == nil)
    #expect(found.reference == values(150))
    #expect(found.count == 1)
  }

  @Test func `a log that began again with a resume agrees`() {
    var run = run()
    let lines = steps.filter { $0 > 150 }.map {
      "{\"current_steps\": \($0), \"total_steps\": 300, \"loss\": \(values($0))}"
    }
    run.trainerLog = TrainerLog(parsing: Array(lines.joined(separator: "\n").utf8), path: "trainer_log.jsonl")
    #expect(findings(run, .sourcesDisagree).isEmpty)
  }

  @Test func `a value that a resume replaced agrees with the one before it`() throws {
    var run = run()
    run.metrics[0].superseded = Series(tag: "train/loss", steps: [200], wallTimes: [1], values: [4])
    run.trainerState = try state { $0 == 200 ? 4 : values($0) }
    #expect(findings(run, .sourcesDisagree).isEmpty)
  }

  @Test func `two NaN agree`() throws {
    var run = run()
    run.metrics[0].series.values[3] = .nan
    let text = "{\"log_history\": [{\"step\": 40, \"loss\": NaN}]}"
    run.trainerState = try TrainerState(parsing: Array(text.utf8), path: "trainer_state.json")
    #expect(findings(run, .sourcesDisagree).isEmpty)
  }

  @Test func `a log of two writers is interleaved, one of a restart is not`() {
    func log(_ steps: [Int]) -> TrainerLog {
      let lines = steps.map { "{\"current_steps\": \($0), \"loss\": 1.5}\n" }
      return TrainerLog(parsing: Array(lines.joined().utf8), path: "trainer_log.jsonl")
    }
    var run = run()
    run.trainerLog = log((1...50).flatMap { [$0 * 10, $0 * 10 - 5] })
    let found = findings(run, .interleaved)
    #expect(found.first?.severity == .warning)
    #expect(found.first?.count == 50)
    run.trainerLog = log(Array(1...50) + Array(30...90))
    #expect(findings(run, .interleaved).isEmpty)
    run.interleavedTags = ["train/loss"]
    #expect(findings(run, .interleaved).first?.metric == "train/loss")
  }

  @Test func `a segment that began before the other had ended is another writer's`() {
    var run = run()
    run.segments = [
      Segment(firstStep: 10, lastStep: 300, startTime: 1000, endTime: 1300, origin: "runs/a.0"),
      Segment(firstStep: 10, lastStep: 300, startTime: 1002, endTime: 1302, origin: "runs/a.1"),
    ]
    let found = findings(run, .interleaved)
    #expect(found.count == 1)
    #expect(found.first?.step == 10)
    #expect(found.first?.other == "a.1")
    run.segments[1].startTime = 1300
    #expect(findings(run, .interleaved).isEmpty)
  }

  @Test func `a run that ended before its plan is told`() throws {
    var run = run()
    run.configuration = [
      ConfigurationSection(source: "args/text_summary", settings: [Setting(name: "max_steps", value: "500")])
    ]
    let found = try #require(findings(run, .stoppedEarly).first)
    #expect(found.severity == .note)
    #expect(found.step == 300)
    #expect(found.reference == 500)
    // What the trainer writes when it has ended by itself.
    run.metrics.append(Metric(series: series("train/train_loss", [2], first: 300)))
    #expect(findings(run, .stoppedEarly).isEmpty)
    run.configuration[0].settings[0].value = "-1"
    #expect(RunAnalysis(of: run).extent.plannedSteps == nil)
  }

  @Test func `faults of a file are one finding with the first offset`() throws {
    var run = run()
    var file = EventFileContents(path: "a/events.out.tfevents.1", byteCount: 500)
    file.faults = [
      ReadFault(path: file.path, offset: 88, kind: .payloadChecksum(got: 1, want: 2)),
      ReadFault(path: file.path, offset: 200, kind: .lengthChecksum(got: 1, want: 2)),
    ]
    file.ending = .incomplete(offset: 400, missing: 3)
    run.eventFiles = [file, EventFileContents(path: "b", byteCount: 7)]
    let found = try #require(findings(run, .damagedFile).first)
    #expect(found.value == 88)
    #expect(found.count == 2)
    #expect(found.other == file.path)
    let quality = RunAnalysis(of: run).quality
    #expect(quality.fileCount == 2)
    #expect(quality.byteCount == 507)
    #expect(quality.faults.count == 2)
    #expect(quality.incomplete.map(\.offset) == [400])
  }
}
