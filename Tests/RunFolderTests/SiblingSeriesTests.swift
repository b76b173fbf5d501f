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

  @Test(.enabled(if: Fixture.shared != nil))
  func `runs that differ in add_hparams alone differ in a setting`() throws {
    let folder = try OpenedFolder(opening: try #require(Fixture.shared) + "/data/cases/hparams")
    let rates = folder.runs.map { run in
      run.configuration.first { $0.source == "hparams" }?.settings.first { $0.name == "learning_rate" }?.value
    }
    #expect(rates == ["0.1", "0.2"])
  }
}
