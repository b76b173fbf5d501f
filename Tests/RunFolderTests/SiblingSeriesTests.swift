import RunFolder
import TestSupport
import Testing

@testable import EventFile

/// Folders that hold further series of the run beside them, and settings that event files carry.
@Suite struct SiblingSeriesTests {
  private func scalars(_ tag: String, _ value: Float, start: Double = 1e9) -> [UInt8] {
    var writer = EventWriter.begun(wallTime: start)
    for step in 1...10 { writer.scalar(tag, Int64(step), value, wallTime: start + Double(step)) }
    return writer.bytes
  }

  /// An event file with `add_hparams`' hyperparameters, as the plugin's protobuf lays them out.
  private func parameters(_ name: String, _ value: Double) -> [UInt8] {
    let number = WireMessage().double(2, value)
    let entry = WireMessage().text(1, name).message(2, number)
    let content = WireMessage().message(3, WireMessage().message(1, entry))
    let plugin = WireMessage().text(1, "hparams").bytes(2, content.bytes)
    let metadata = WireMessage().message(1, plugin)
    let summary = WireMessage().text(1, "_hparams_/session_start_info").message(9, metadata)
    var writer = EventWriter.begun(wallTime: 1e9)
    writer.add(EventWriter.event(0, 1e9, [summary]))
    return writer.bytes
  }

  @Test(arguments: ["out/a/", "out/a//"])
  func `a folder is the same with slashes behind its name, as shells complete it`(name: String) throws {
    let folder = try TemporaryFolder()
    try folder.write("out/a/events.out.tfevents.1.h", scalars("loss", 1))
    try folder.write("out/a/loss_val/events.out.tfevents.1.h.1", scalars("loss", 2))
    let opened = try OpenedFolder(opening: folder.file(name))
    #expect(opened.runs == (try OpenedFolder(opening: folder.file("out/a"))).runs)
    #expect(opened.runs.map(\.name) == ["a"])
  }

  /// An event file with what the plugin hparams keeps with a tag.
  private func hparams(_ tag: String, _ content: WireMessage, start: Double = 1e9) -> EventWriter {
    var writer = EventWriter.begun(wallTime: start)
    let metadata = WireMessage().message(1, WireMessage().text(1, "hparams").bytes(2, content.bytes))
    writer.add(EventWriter.event(0, start, [WireMessage().text(1, "_hparams_/" + tag).message(9, metadata)]))
    return writer
  }

  @Test func `a folder named by a metric's group is part of the session above it`() throws {
    let folder = try TemporaryFolder()
    let metric = WireMessage().message(1, WireMessage().text(1, "held").text(2, "acc"))
    let experiment = WireMessage().message(2, WireMessage().message(5, metric))
    try folder.write("out/events.out.tfevents.1.h", hparams("experiment", experiment).bytes)
    for index in 0..<2 {
      try folder.write("out/s\(index)/events.out.tfevents.1.h", parameters("lr", 0.1) + scalars("loss", 1))
      try folder.write("out/s\(index)/held/events.out.tfevents.1.h", scalars("acc", 0.5))
      try folder.write("out/s\(index)/validation/events.out.tfevents.1.h", scalars("loss", 2))
    }
    let runs = try OpenedFolder(opening: folder.file("out")).runs
    #expect(runs.map(\.name) == ["s0", "s1"])
    #expect(Set(runs[0].metrics.map(\.tag)) == ["loss", "held/acc", "validation/loss"])
  }

  @Test(arguments: [(1, false), (2, true), (3, false)])
  func `a session that ended with a failure says so of its run`(status: Int, isFailure: Bool) throws {
    let folder = try TemporaryFolder()
    let end = WireMessage().message(4, WireMessage().varint(1, status).double(2, 1e9 + 20))
    try folder.write(
      "out/events.out.tfevents.1.h", scalars("loss", 1) + hparams("session_end_info", end).bytes)
    let run = try #require(try OpenedFolder(opening: folder.file("out")).runs.first)
    #expect((run.reportedFailure != nil) == isFailure)
  }

  @Test func `torch's subfolders are part of the run`() throws {
    let folder = try TemporaryFolder()
    try folder.write("out/a/events.out.tfevents.1.h", scalars("train/lr", 1))
    try folder.write("out/a/loss_curve_train/events.out.tfevents.1.h.1", scalars("loss/curve", 2))
    try folder.write("out/a/loss_curve_val/events.out.tfevents.1.h.2", scalars("loss/curve", 3))
    try folder.write("out/a/1795682536.32/events.out.tfevents.1.h.3", parameters("learning_rate", 0.1))
    let opened = try OpenedFolder(opening: folder.file("out"))
    let run = try #require(opened.runs.first)
    #expect(opened.runs.count == 1)
    #expect(opened.skipped.isEmpty)
    #expect(
      Set(run.metrics.map(\.tag)) == ["train/lr", "loss/curve/train", "loss/curve/val"])
    #expect(run.metric(tagged: "loss/curve/val")?.series.values.first == 3)
    #expect(
      run.configuration == [
        ConfigurationSection(source: "hparams", settings: [Setting(name: "learning_rate", value: "0.1")])
      ])
    #expect(run.segments.count == 1)
    #expect(run.otherTrainings.isEmpty)
  }

  /// What a session of `add_hparams` wrote: its hyperparameters, and one point of a tag.
  private func session(_ rate: Double, _ tag: String, _ value: Float) -> [UInt8] {
    var writer = EventWriter.begun(wallTime: 1e9 + 60)
    writer.scalar(tag, 0, value, wallTime: 1e9 + 60)
    return parameters("lr", rate) + writer.bytes
  }

  @Test(arguments: ["1000000060.25", "trial"])
  func `what sessions came to is no part of the run's curve, and no training`(name: String) throws {
    let folder = try TemporaryFolder()
    try folder.write("out/events.out.tfevents.1.h", scalars("loss", 2))
    for (index, tag) in ["loss", "loss", "other"].enumerated() {
      try folder.write("out/\(name)\(index)/events.out.tfevents.2.h", session(Double(index), tag, 1))
    }
    let runs = try OpenedFolder(opening: folder.file("out")).runs
    #expect(runs.count == 1 && runs[0].otherTrainings == [])
    #expect(runs[0].metric(tagged: "loss")?.series.values == Array(repeating: 2, count: 10))
    #expect(runs[0].metric(tagged: "loss")?.superseded.isEmpty == true)
    #expect(runs[0].metric(tagged: "other")?.series.values == [1])
    #expect(runs[0].eventFiles.count == 4)
  }

  @Test func `sessions below a folder without curves are runs of their own`() throws {
    let folder = try TemporaryFolder()
    try folder.write("out/events.out.tfevents.1.h", parameters("lr", 1))
    for name in ["run-0", "run-1"] {
      try folder.write("out/\(name)/events.out.tfevents.2.h", session(0.5, "accuracy", 1))
    }
    #expect(try OpenedFolder(opening: folder.file("out")).runs.count == 2)
  }

  @Test func `Keras' train and validation are one run`() throws {
    let folder = try TemporaryFolder()
    try folder.write("logs/m1/train/events.out.tfevents.1.h.v2", scalars("epoch_loss", 2))
    try folder.write("logs/m1/validation/events.out.tfevents.2.h.v2", scalars("epoch_loss", 3))
    try folder.write("logs/m2/train/events.out.tfevents.1.h.v2", scalars("epoch_loss", 4))
    let runs = try OpenedFolder(opening: folder.file("logs")).runs
    #expect(runs.map(\.name) == ["m1", "m2/train"])
    #expect(runs[0].metric(for: .trainLoss)?.tag == "epoch_loss")
    #expect(runs[0].metric(for: .evalLoss)?.tag == "validation/epoch_loss")
    #expect(runs[0].otherTrainings.isEmpty)
  }

  @Test func `folders side by side that only look alike are runs of their own`() throws {
    let folder = try TemporaryFolder()
    try folder.write("runs/loss_a/events.out.tfevents.1.h", scalars("train/loss", 2))
    try folder.write("runs/loss_b/events.out.tfevents.1.h", scalars("train/loss", 3))
    #expect(try OpenedFolder(opening: folder.file("runs")).runs.count == 2)
  }

  @Test func `text that is not JSON is a setting, and a table of two columns a section`() throws {
    func text(_ tag: String, _ step: Int64, _ string: String) -> WireMessage {
      let tensor = WireMessage().varint(1, 7).bytes(8, Array(string.utf8))
      return EventWriter.event(step, 1e9, [EventWriter.value(tag, tensor: tensor, plugin: "text")])
    }
    var writer = EventWriter.begun(wallTime: 1e9)
    writer.scalar("loss", 1, 1)
    writer.add(text("notes/text_summary", 0, "first try"))
    writer.add(text("hyperparameters/text_summary", 0, "|param|value|\n|-|-|\n|lr|0.1|\n|seed| 7 |"))
    writer.add(text("sample/text_summary", 1, "once upon"))
    writer.add(text("sample/text_summary", 2, "a time"))
    let folder = try TemporaryFolder()
    let run = try #require(
      try OpenedFolder(opening: try folder.write("events.out.tfevents.1.h", writer.bytes)).runs.first)
    #expect(
      run.configuration == [
        ConfigurationSection(
          source: "hyperparameters/text_summary",
          settings: [Setting(name: "lr", value: "0.1"), Setting(name: "seed", value: "7")]),
        ConfigurationSection(source: "text", settings: [Setting(name: "notes", value: "first try")]),
      ])
  }

  private func text(_ tag: String, _ string: String, step: Int64 = 0, time: Double = 1e9) -> WireMessage {
    let tensor = WireMessage().varint(1, 7).bytes(8, Array(string.utf8))
    return EventWriter.event(step, time, [EventWriter.value(tag, tensor: tensor, plugin: "text")])
  }

  private func settings(_ files: [EventWriter]) throws -> [String] {
    let folder = try TemporaryFolder()
    for (index, file) in files.enumerated() {
      try folder.write("run/events.out.tfevents.\(index).h", file.bytes)
    }
    let run = try #require(try OpenedFolder(opening: folder.file("run")).runs.first)
    return run.configuration.flatMap { section in section.settings.map { "\(section.source): \($0.name)" } }
  }

  @Test func `what is written after points of a curve is a result and no setting, whatever it looks like`()
    throws
  {
    var writer = EventWriter.begun(wallTime: 1e9)
    writer.add(text("args", #"{"lr": 1}"#))
    writer.add(text("notes", "first try"))
    for step in 1...5 as ClosedRange<Int64> { writer.scalar("loss", step, 1, wallTime: 1e9 + Double(step)) }
    writer.add(text("probe", "|task|score|\n|-|-|\n|mmlu|0.3|", time: 1e9 + 9))
    writer.add(text("summary", #"{"wins": 3}"#, time: 1e9 + 9))
    writer.add(text("poem", "once upon", step: 5, time: 1e9 + 9))
    #expect(try settings([writer]) == ["args: lr", "text: notes"])
    // A tag that says so is a setting whenever it is written.
    writer.add(text("final/config", #"{"seed": 3}"#, time: 1e9 + 9))
    #expect(try settings([writer]) == ["args: lr", "final/config: seed", "text: notes"])
  }

  @Test func `what a training writes again with other words, or calls a result, is no setting`() throws {
    var writer = EventWriter.begun(wallTime: 1e9)
    writer.add(text("eval/scores", "|task|score|\n|-|-|\n|mmlu|0.2|"))
    writer.add(text("state", #"{"seen": 0}"#))
    writer.add(text("card", #"{"author": "me"}"#))
    for step in 1...5 as ClosedRange<Int64> { writer.scalar("loss", step, 1, wallTime: 1e9 + Double(step)) }
    writer.add(text("state", #"{"seen": 5}"#, step: 5, time: 1e9 + 9))
    #expect(try settings([writer]) == ["card: author"])
  }

  @Test func `a resumed training's settings count, and what an evaluation writes beside it does not`() throws
  {
    func training(_ steps: ClosedRange<Int64>, from time: Double, rank: Int) -> EventWriter {
      var writer = EventWriter.begun(wallTime: time)
      writer.add(text("setup", "|key|value|\n|-|-|\n|rank|\(rank)|", time: time))
      for step in steps { writer.scalar("loss", step, 1, wallTime: time + Double(step)) }
      return writer
    }
    var evaluation = EventWriter.begun(wallTime: 1e9 + 2000)
    evaluation.add(text("probe", "|task|score|\n|-|-|\n|mmlu|0.3|", time: 1e9 + 2000))
    #expect(
      try settings([
        training(1...9, from: 1e9, rank: 8), training(10...20, from: 1e9 + 1000, rank: 8), evaluation,
      ]) == ["setup: rank"])
  }

  @Test(.enabled(if: Fixture.shared != nil))
  func `runs that differ in add_hparams alone differ in a setting`() throws {
    let folder = try OpenedFolder(opening: try #require(Fixture.shared) + "/data/cases/hparams")
    let rates = folder.runs.map { run in
      run.configuration.first { $0.source == "hparams" }?.settings.first { $0.name == "learning_rate" }?.value
    }
    #expect(rates == ["0.1", "0.2"])
  }
}
