import RunFolder
import TestSupport
import Testing

@testable import EventFile

/// Several trainings, writers and copies in one folder.
@Suite struct TrainingsApartTests {
  /// An event file with a loss at `steps`, one second a step, that falls from `level`.
  private func events(
    _ steps: some Sequence<Int>, start: Double, level: Float, evaluations: [Int: Float] = [:]
  ) -> [UInt8] {
    var writer = EventWriter.begun(wallTime: start)
    for (index, step) in steps.enumerated() {
      let time = start + 1 + Double(index)
      writer.scalar("train/loss", Int64(step), level - Float(step) / 1000, wallTime: time)
      if let value = evaluations[step] { writer.scalar("eval/loss", Int64(step), value, wallTime: time) }
    }
    return writer.bytes
  }

  private func run(_ files: [(String, [UInt8])]) throws -> TrainingRun {
    let folder = try TemporaryFolder()
    for (name, bytes) in files { try folder.write("out/\(name)", bytes) }
    return try #require(try OpenedFolder(opening: folder.file("out")).runs.first)
  }

  @Test func `of fresh trainings in one folder the last is the run, and nothing of the others is in it`()
    throws
  {
    let run = try run([
      ("events.out.tfevents.1000.h", events(1...300, start: 1e9, level: 3, evaluations: [250: 2])),
      ("events.out.tfevents.2000.h", events(1...100, start: 1.1e9, level: 4)),
      ("events.out.tfevents.3000.h", events(1...90, start: 1.2e9, level: 5)),
    ])
    #expect(run.metrics.map(\.tag) == ["train/loss"])
    #expect(run.metric(for: .trainLoss)?.series.steps == Array(1...90))
    #expect(run.metric(for: .trainLoss)?.superseded.isEmpty == true)
    #expect(run.segments.map(\.startTime) == [1.2e9])
    #expect(run.otherTrainings.map(\.relation) == [.afresh, .afresh])
    #expect(run.otherTrainings.map(\.steps) == [1...300, 1...100])
    #expect(run.otherTrainings.map(\.differingCount) == [90, 90])
    #expect(run.otherTrainings.allSatisfy { $0.files.count == 1 })
    #expect(run.eventFiles.count == 3)
  }

  @Test func `the training that the trainer's own file is of is the run`() throws {
    let entries = (1...300).map { "{\"step\": \($0), \"loss\": \(3 - Float($0) / 1000)}" }
    let state = "{\"global_step\": 300, \"log_history\": [\(entries.joined(separator: ","))]}"
    let run = try run([
      ("events.out.tfevents.1000.h", events(1...300, start: 1e9, level: 3)),
      ("events.out.tfevents.2000.h", events(1...20, start: 1.1e9, level: 4)),
      ("trainer_state.json", Array(state.utf8)),
    ])
    #expect(run.metric(for: .trainLoss)?.series.count == 300)
    #expect(run.otherTrainings.map(\.steps) == [1...20])
  }

  @Test func `processes that wrote at once are one run, with the time of one`() throws {
    let run = try run(
      (0..<8).map { rank in
        ("events.out.tfevents.1000.h.r\(rank)", events(1...50, start: 1e9 + 0.1, level: 3 + Float(rank) / 10))
      })
    #expect(run.segments.count == 1)
    #expect(run.metric(for: .trainLoss)?.series.values.first == Double(Float(3) - 0.001))
    #expect(run.otherTrainings.map(\.relation) == [OtherTraining.Relation](repeating: .atOnce, count: 7))
  }

  @Test func `a copy adds nothing`() throws {
    let run = try run([
      ("events.out.tfevents.1000.h.0", events(1...100, start: 1e9, level: 3)),
      ("events.out.tfevents.1000.h.1", events(1...100, start: 1e9 + 0.2, level: 3)),
    ])
    #expect(run.segments.count == 1)
    #expect(run.otherTrainings.isEmpty)
    #expect(run.copies.count == 1)
    #expect(run.metric(for: .trainLoss)?.superseded.isEmpty == true)
  }

  @Test func `a resume goes on, whether its values are new or the same`() throws {
    for level: Float in [3, 3.5] {
      let run = try run([
        ("events.out.tfevents.1000.h", events(1...100, start: 1e9, level: 3)),
        ("events.out.tfevents.2000.h", events(81...150, start: 1.1e9, level: level)),
      ])
      #expect(run.segments.map(\.firstStep) == [1, 81])
      #expect(run.otherTrainings.isEmpty)
      #expect(run.metric(for: .trainLoss)?.series.steps == Array(1...150))
    }
  }

  @Test func `a writer that is used again for a training from the start is told apart in its file`() throws {
    var writer = EventWriter.begun(wallTime: 1e9)
    for step in 1...60 {
      writer.scalar("loss", Int64(step), 2, wallTime: 1e9 + Double(step))
      if step == 50 { writer.scalar("eval/loss", 50, 9, wallTime: 1e9 + 50) }
    }
    for step in 1...40 { writer.scalar("loss", Int64(step), 3, wallTime: 2e9 + Double(step)) }
    let run = try run([("events.out.tfevents.1000.h", writer.bytes)])
    #expect(run.metrics.filter { !$0.series.isEmpty }.map(\.tag) == ["loss"])
    #expect(run.metrics[0].series.count == 40)
    #expect(run.segments.count == 1)
    #expect(run.otherTrainings.map(\.steps) == [1...60])
    #expect(run.otherTrainings[0].files.isEmpty)
  }

  @Test func `a log with two trainings gives the last, with its own seconds`() throws {
    func line(_ step: Int, _ loss: Double, _ seconds: Int) -> String {
      "{\"current_steps\": \(step), \"loss\": \(loss), \"elapsed_time\": \"0:00:\(seconds < 10 ? "0" : "")\(seconds)\"}"
    }
    let lines = (1...50).map { line($0, 3, $0) } + (1...30).map { line($0, 2, $0) }
    let run = try run([("trainer_log.jsonl", Array(lines.joined(separator: "\n").utf8))])
    #expect(run.metric(for: .trainLoss)?.series.values == [Double](repeating: 2, count: 30))
    #expect(run.segments.map(\.endTime) == [30])
    #expect(run.otherTrainings.map(\.steps) == [1...50])
  }

  @Test func `a checkpoint whose own state has other losses is not the run's`() throws {
    func state(_ steps: ClosedRange<Int>, _ level: Double) -> [UInt8] {
      let entries = steps.map { "{\"step\": \($0), \"loss\": \(level - Double($0) / 1000)}" }
      return Array(
        "{\"global_step\": \(steps.upperBound), \"log_history\": [\(entries.joined(separator: ","))]}".utf8)
    }
    let run = try run([
      ("checkpoint-60/trainer_state.json", state(1...60, 3)),
      ("checkpoint-100/trainer_state.json", state(1...100, 2)),
      ("checkpoint-200/trainer_state.json", state(1...200, 2)),
    ])
    #expect(run.checkpoints.map(\.step) == [100, 200])
    #expect(run.otherTrainings.map(\.relation) == [.checkpoint])
    #expect(run.otherTrainings[0].checkpoints.map(\.step) == [60])
    #expect(run.otherTrainings[0].differingCount == 60)
  }

  @Test func `a file without a step counter is numbered in the order of its points`() throws {
    var writer = EventWriter.begun(wallTime: 1e9)
    for index in 1...20 {
      writer.scalar("loss", 0, Float(index), wallTime: 1e9 + Double(index))
      if index % 10 == 0 { writer.scalar("eval/loss", 0, 1, wallTime: 1e9 + Double(index) + 0.5) }
    }
    let run = try run([("events.out.tfevents.1000.h", writer.bytes)])
    #expect(run.stepUnit == .order)
    #expect(run.metric(for: .trainLoss)?.series.steps == Array(1...20))
    #expect(run.metric(for: .evalLoss)?.series.steps == [10, 20])
  }

  @Test func `how a training ended`() {
    func ending(_ reached: Int64, of planned: Int64?, results: Bool, counter: Int64? = nil)
      -> TrainingRun.Ending
    {
      let loss = Series(tag: "train/loss", steps: [10, 20], wallTimes: [0, 1], values: [1, 1])
      var run = TrainingRun(name: "", path: "", metrics: [Metric(series: loss)])
      let stopping =
        counter.map {
          ", \"stateful_callbacks\": {\"EarlyStoppingCallback\": {\"args\": {\"early_stopping_patience\": 3}, "
            + "\"attributes\": {\"early_stopping_patience_counter\": \($0)}}}"
        } ?? ""
      let text =
        "{\"log_history\": [], \"global_step\": \(reached), \"max_steps\": \(planned ?? 0)\(stopping)}"
      run.trainerState = try? TrainerState(parsing: Array(text.utf8), path: "s")
      if results {
        let mean = Series(tag: "train/train_loss", steps: [reached], wallTimes: [2], values: [1])
        run.metrics.append(Metric(series: mean))
      }
      return run.ending
    }
    #expect(ending(1000, of: 1000, results: false) == .completed)
    #expect(ending(800, of: 2000, results: true, counter: 3) == .earlyStopped(patience: 3))
    #expect(ending(800, of: 2000, results: true, counter: 1) == .endedEarly)
    #expect(ending(800, of: 2000, results: false) == .interrupted)
    #expect(ending(990, of: 1000, results: true) == .completed)
    #expect(ending(990, of: 1000, results: false) == .unknown)
    #expect(ending(990, of: nil, results: false) == .unknown)
    #expect(ending(990, of: nil, results: true) == .completed)
  }
}
