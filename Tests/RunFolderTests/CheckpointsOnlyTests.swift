import EventFile
import FileSystem
import RunFolder
import TestSupport
import Testing

/// Folders with checkpoints and no logs.
struct CheckpointsOnlyTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func addSave(_ target: String) throws {
    let source = Path.join(Fixture.package, "Tests/CheckpointTests/Fixtures/torch/zero3/global_step12")
    for name in try Files.names(in: source) {
      try folder.write(Path.join(target, name), try Files.read(Path.join(source, name)))
    }
  }

  @Test func `saves without logs are a run without metrics, where that is asked for`() throws {
    for step in [12, 4, 100] { try addSave("out/global_step\(step)") }
    let path = folder.file("out")
    #expect(throws: RunFolderError.nothingFound(path: path, problems: [])) {
      try OpenedFolder(opening: path)
    }
    let opened = try OpenedFolder(opening: path, acceptsCheckpoints: true)
    let run = try #require(opened.runs.first)
    #expect(opened.runs.count == 1 && opened.skipped.isEmpty)
    #expect(run.source == .checkpointsOnly)
    #expect(run.path == path)
    #expect(run.metrics.isEmpty && run.problems == [])
    #expect(run.checkpoints.map(\.step) == [4, 12, 100], "by number, not by name")
    let launch = run.configuration.first { $0.source == "launch" }?.settings
    #expect(launch?.first == Setting(name: "framework", value: "DeepSpeed ZeRO-3 over 2 processes"))
  }

  @Test(arguments: ["train_results.json", "eval_results.json", "all_results.json"])
  func `results without logs are a run with what they say, where that is asked for`(name: String) throws {
    // As an editor with a byte order mark saved it.
    let text = "\u{FEFF}{\"epoch\": 3.0, \"train_loss\": 1.25, \"eval_loss\": 1.5}"
    try folder.write("out/\(name)", Array(text.utf8))
    let path = folder.file("out")
    #expect(throws: RunFolderError.nothingFound(path: path, problems: [])) {
      try OpenedFolder(opening: path)
    }
    let run = try #require(try OpenedFolder(opening: path, acceptsCheckpoints: true).runs.first)
    #expect(run.source == .resultsOnly && !run.source.isLogged)
    #expect(run.results.map(\.name) == ["epoch", "train_loss", "eval_loss"])
    #expect(run.problems == [])
  }

  @Test func `beside a log, a folder of checkpoints is no run`() throws {
    var writer = EventWriter.begun(wallTime: 1_700_000_000)
    for step in 1...5 { writer.scalar("train/loss", Int64(step), 2, wallTime: 1_700_000_000 + Double(step)) }
    try folder.write("logged/events.out.tfevents.1700000000.host.1.0", writer.bytes)
    try addSave("other/global_step12")
    let runs = try OpenedFolder(opening: folder.path, acceptsCheckpoints: true).runs
    #expect(runs.map(\.source) == [.eventFiles])
  }

  @Test func `an event file without a scalar is told, not passed over`() throws {
    try addSave("global_step12")
    try folder.write(
      "events.out.tfevents.1700000000.host.1.0", EventWriter.begun(wallTime: 1_700_000_000).bytes)
    let path = folder.path
    let error = #expect(throws: RunFolderError.self) {
      try OpenedFolder(opening: path, acceptsCheckpoints: true)
    }
    guard case .noScalars? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test func `an empty folder with the name of a checkpoint is none`() throws {
    try Files.makeDirectory(folder.file("checkpoint-5"))
    let path = folder.path
    #expect(throws: RunFolderError.nothingFound(path: path, problems: [])) {
      try OpenedFolder(opening: path, acceptsCheckpoints: true)
    }
  }
}
