import EventFile
import RunFolder
import TestSupport
import Testing

/// Run folders that are opened by themselves, and the output folders that they lie in.
struct EnclosingOutputTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// An event file in `place` with a loss at each of `steps`, one second a step from `start` on.
  private func addRun(_ place: String, _ steps: ClosedRange<Int>, start: Double, isStamped: Bool = false)
    throws
  {
    var writer = EventWriter.begun(wallTime: start)
    for step in steps {
      writer.scalar(
        "train/loss", Int64(step), 4 - Float(step) / 100,
        wallTime: start + 1 + Double(step - steps.lowerBound))
    }
    let stamp = isStamped ? Int(start) : 1_700_000_000
    try folder.write(place + "/events.out.tfevents.\(stamp).host.1.0", writer.bytes)
  }

  private func addTrainerFiles(_ place: String = "out", lastStep: Int) throws {
    try folder.write(
      place + "/trainer_state.json",
      #"{"global_step": \#(lastStep), "log_history": [{"step": \#(lastStep), "loss": \#(4 - Double(lastStep) / 100)}]}"#
    )
    try folder.write(place + "/checkpoint-\(lastStep)/README.md", "")
  }

  private func run(_ place: String) throws -> TrainingRun {
    let opened = try OpenedFolder(opening: folder.file(place))
    #expect(opened.runs.count == 1)
    return try #require(opened.runs.first)
  }

  private let first = "out/runs/Jan08_02-43-26_host"
  private let second = "out/runs/Jan09_02-43-26_host"

  @Test func `the only run has the checkpoints and files of its output folder`() throws {
    try addRun(first, 1...20, start: 1e9)
    try addTrainerFiles(lastStep: 20)
    let run = try run(first)
    #expect(run.path == folder.file(first) && run.name == "Jan08_02-43-26_host")
    #expect(run.outputPath == folder.file("out"))
    #expect(run.checkpoints.map(\.step) == [20])
    #expect(run.trainerState?.globalStep == 20)
    #expect(
      run.notes == [
        "The output folder \(folder.file("out")) has the checkpoints and the trainer's files of this run."
      ])
    #expect(run.problems == [])
  }

  @Test func `the last of several runs has them, an older one says whose they are`() throws {
    try addRun(first, 1...20, start: 1e9)
    try addRun(second, 1...30, start: 2e9)
    try addTrainerFiles(lastStep: 30)
    #expect(try run(second).checkpoints.map(\.step) == [30])
    let older = try run(first)
    #expect(older.outputPath == nil && older.checkpoints.isEmpty && older.trainerState == nil)
    let place = folder.file("out"), owner = folder.file(second)
    #expect(
      older.notes == [
        "The checkpoints and the trainer's files in the output folder \(place) belong to a later run, \(owner), and are "
          + "left out here."
      ])
    // Side by side, each is what it is without a word.
    let both = try OpenedFolder(opening: folder.file("out/runs")).runs
    #expect(both.map(\.outputPath) == [nil, place])
    #expect(both[0].notes == [] && both[1].trainerState != nil)
  }

  @Test func `a later folder without a point takes nothing away`() throws {
    try addRun(first, 1...20, start: 1e9)
    try folder.write(
      second + "/events.out.tfevents.1.host.1.0", EventWriter.begun(wallTime: 2e9).bytes)
    try addTrainerFiles(lastStep: 20)
    #expect(try run(first).checkpoints.map(\.step) == [20])
  }

  @Test func `the parts of a resumed training are told apart`() throws {
    try addRun(first, 1...20, start: 1e9)
    try addRun(second, 11...30, start: 2e9)
    try addTrainerFiles(lastStep: 30)
    let last = try run(second)
    #expect(last.trainerState?.globalStep == 30 && last.checkpoints.count == 1)
    #expect(last.metric(for: .trainLoss)?.series.steps.first == 11)
    #expect(last.notes.first?.contains("what came before is in \(folder.file(first)). Open") == true)
    let earlier = try run(first)
    #expect(earlier.trainerState == nil && earlier.checkpoints.isEmpty)
    #expect(earlier.notes.first?.contains("went on in \(folder.file(second)), to which") == true)
    let whole = try run("out/runs")
    #expect(whole.segments.count == 2 && whole.trainerState?.globalStep == 30)
  }

  @Test func `among many runs the last is the owner`() throws {
    for number in 10...40 {
      try addRun(
        "out/runs/Jan\(number)_02-43-26_host", 1...20, start: 1e9 + Double(number) * 1e5, isStamped: true)
    }
    try addTrainerFiles(lastStep: 20)
    #expect(try run("out/runs/Jan40_02-43-26_host").outputPath == folder.file("out"))
    for number in [10, 25, 39] {
      let older = try run("out/runs/Jan\(number)_02-43-26_host")
      #expect(older.outputPath == nil)
      #expect(older.notes.first?.contains("Jan40_02-43-26_host, and are left out") == true)
    }
  }

  @Test func `event files in the folder of logs itself are looked at from above too`() throws {
    try addRun("out/logs", 1...20, start: 1e9)
    try addTrainerFiles(lastStep: 20)
    #expect(try run("out/logs").outputPath == folder.file("out"))
  }

  @Test func `other names, and folders without a trainer's files, are not looked at`() throws {
    try addRun("out/experiments/a", 1...20, start: 1e9)
    try addRun("plain/runs/a", 1...20, start: 1e9)
    try folder.write("plain/config.json", "{}")
    try addTrainerFiles(lastStep: 20)
    for place in ["out/experiments/a", "plain/runs/a"] {
      let run = try run(place)
      #expect(run.outputPath == nil && run.trainerState == nil && run.notes == [])
    }
  }

  @Test func `a run below an output folder of its own is not the outer one's`() throws {
    try addRun(first, 1...20, start: 1e9)
    try addTrainerFiles(lastStep: 20)
    try addRun("out/again/runs/Feb08_02-43-26_host", 1...20, start: 3e9)
    try addTrainerFiles("out/again", lastStep: 20)
    #expect(try run(first).outputPath == folder.file("out"))
    #expect(try run("out/again/runs/Feb08_02-43-26_host").outputPath == folder.file("out/again"))
  }
}
