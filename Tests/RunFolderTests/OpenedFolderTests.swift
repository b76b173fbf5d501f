import EventFile
import FileSystem
import Libc
import RunFolder
import TestSupport
import Testing

@Suite struct OpenedFolderTests {
  /// An event file with a loss at each of `steps`, one second a step from `start` on.
  private func events(_ steps: some Sequence<Int>, start: Double, tag: String = "train/loss") -> [UInt8] {
    var writer = EventWriter.begun(wallTime: start)
    for (index, step) in steps.enumerated() {
      writer.scalar(tag, Int64(step), 4 - Float(step) / 100, wallTime: start + 1 + Double(index))
    }
    return writer.bytes
  }

  private let name = "events.out.tfevents.1700000000.host.1.0"

  // MARK: Samples

  @Test func `an output folder is a run with everything in it`() throws {
    let path = Fixture.sampleRun("sft")
    let folder = try OpenedFolder(opening: path)
    let run = try #require(folder.runs.first)
    #expect(folder.runs.count == 1)
    #expect(folder.problems.isEmpty && folder.skipped.isEmpty)
    #expect(run.name == "tiny-random-qwen3/lora/sft")
    #expect(run.path == path)
    #expect(run.source == .eventFiles)
    #expect(run.metric(for: .trainLoss)?.series.count == 100)
    // The second file of the final evaluation repeats the point at step 1000.
    let evaluation = try #require(run.metric(for: .evalLoss))
    #expect(evaluation.series.steps == Array(stride(from: 100, through: 1000, by: 100)))
    #expect(evaluation.duplicateCount == 1)
    #expect(evaluation.superseded.isEmpty)
    #expect(run.metric(for: .epoch)?.series.count == 100)
    #expect(run.segments.count == 1)
    #expect(run.eventFiles.count == 2)
    #expect(run.eventFiles.allSatisfy { $0.series.allSatisfy(\.isEmpty) })
    #expect(run.checkpoints.map(\.step) == [500, 1000])
    #expect(run.trainerState?.globalStep == 1000)
    #expect(run.trainerLog?.totalSteps == 1000)
    #expect(run.results.contains { $0.name == "eval_loss" && $0.value.hasPrefix("4.75") })
    #expect(
      run.configuration.map(\.source) == [
        "args/text_summary", "model_config/text_summary", "adapter_config.json",
      ])
    #expect(run.configuration[0].settings.contains(Setting(name: "max_steps", value: "1000")))
    #expect(run.plannedSteps == 1000)
    #expect(run.problems.isEmpty)
  }

  @Test func `a resumed training is one run of two segments, by its output folder and by its runs`() throws {
    for path in [Fixture.sampleRun("sft_resumed"), Path.join(Fixture.sampleRun("sft_resumed"), "runs")] {
      let folder = try OpenedFolder(opening: path)
      let run = try #require(folder.runs.first)
      #expect(folder.runs.count == 1)
      #expect(run.segments.map(\.firstStep) == [10, 510])
      #expect(run.segments.map(\.lastStep) == [600, 1000])
      let loss = try #require(run.metric(for: .trainLoss))
      #expect(loss.series.steps == Array(stride(from: 10, through: 1000, by: 10)))
      #expect(loss.superseded.steps == Array(stride(from: 510, through: 600, by: 10)))
      let times = run.segments.compactMap(\.startTime)
      #expect(times.count == 2 && times[0] < times[1])
      // What stands from step 510 on is of the second segment.
      #expect(zip(loss.series.steps, loss.series.wallTimes).allSatisfy { ($0 >= 510) == ($1 >= times[1]) })
    }
  }

  @Test func `a run folder has the trainer's files of its output folder, an event file has none`() throws {
    let runs = Path.join(Fixture.sampleRun("sft"), "runs")
    let folder = Path.join(runs, try #require(try Files.names(in: runs).first))
    let ofFolder = try #require(try OpenedFolder(opening: folder).runs.first)
    #expect(ofFolder.name == "Nov23_19-39-41_vm")
    #expect(ofFolder.outputPath == Fixture.sampleRun("sft"))
    #expect(ofFolder.trainerState?.globalStep == 1000)
    #expect(ofFolder.metric(for: .trainLoss)?.series.count == 100)
    let file = Path.join(folder, try #require(try Files.names(in: folder).first))
    let ofFile = try #require(try OpenedFolder(opening: file).runs.first)
    #expect(ofFile.name == "Nov23_19-39-41_vm")
    #expect(ofFile.trainerState == nil && ofFile.outputPath == nil)
    #expect(ofFile.metric(for: .trainLoss) == ofFolder.metric(for: .trainLoss))
    #expect(ofFile.metric(for: .evalLoss)?.duplicateCount == 0)
  }

  @Test func `a folder of many runs has each of them`() throws {
    let folder = try OpenedFolder(opening: Fixture.sample("saves"))
    #expect(
      folder.runs.map(\.name)
        == ["sft", "sft_diverged", "sft_lr1e-4", "sft_resumed"].map {
          "tiny-random-qwen3/lora/" + $0
        })
    #expect(folder.runs.allSatisfy { $0.trainerState != nil })
  }

  @Test(arguments: ["trainer_state.json", "trainer_log.jsonl"])
  func `a trainer's file alone is a run`(file: String) throws {
    let run = try #require(try OpenedFolder(opening: Path.join(Fixture.sampleRun("sft"), file)).runs.first)
    #expect(run.source == (file.hasSuffix("l") ? .trainerLog : .trainerState))
    #expect(run.name == "tiny-random-qwen3/lora/sft")
    #expect(run.metric(for: .trainLoss)?.series.count == 100)
    #expect(run.metric(for: .evalLoss)?.series.count == 10)
    #expect(run.segments.map(\.lastStep) == [1000])
    #expect(run.segments[0].startTime == nil)
    #expect(run.segments[0].endTime == (file.hasSuffix("l") ? 62 : nil))
  }

  // MARK: What is one run

  @Test func `a folder that goes on is a segment, one that begins again another run`() throws {
    let folder = try TemporaryFolder()
    try folder.write("out/trainer_state.json", "{\"log_history\": [], \"max_steps\": 300}")
    try folder.write(
      "out/runs/Jan08_02-43-26_host/\(name)", events(stride(from: 10, through: 100, by: 10), start: 1e9))
    try folder.write(
      "out/runs/Jan08_03-00-00_host/\(name)", events(stride(from: 60, through: 200, by: 10), start: 2e9))
    try folder.write(
      "out/runs/Jan09_01-00-00_host/\(name)", events(stride(from: 10, through: 300, by: 10), start: 3e9))
    let runs = try OpenedFolder(opening: folder.file("out")).runs
    #expect(runs.count == 2)
    let last = try #require(runs.first { $0.path == folder.file("out") })
    #expect(last.segments.map(\.firstStep) == [10])
    #expect(last.metric(for: .trainLoss)?.series.count == 30)
    #expect(last.trainerState?.maxSteps == 300)
    let resumed = try #require(runs.first { $0.path != folder.file("out") })
    #expect(resumed.segments.map(\.firstStep) == [10, 60])
    #expect(resumed.metric(for: .trainLoss)?.series.count == 20)
    #expect(resumed.metric(for: .trainLoss)?.superseded.steps == [60, 70, 80, 90, 100])
    #expect(resumed.trainerState == nil)
  }

  @Test func `folders are separate runs where one began before the other ended, or far beyond its end`()
    throws
  {
    let folder = try TemporaryFolder()
    try folder.write("runs/Jan08_02-43-26_a/\(name)", events(1...100, start: 1000))
    try folder.write("runs/Jan08_02-43-50_b/\(name)", events(50...100, start: 1050))
    try folder.write("runs/Jan08_09-00-00_c/\(name)", events(500...600, start: 9000))
    let opened = try OpenedFolder(opening: folder.path)
    #expect(opened.runs.count == 3)
    #expect(opened.runs.allSatisfy { $0.segments.count == 1 })
  }

  @Test func `folders that HF Trainer did not name are never joined`() throws {
    let folder = try TemporaryFolder()
    try folder.write("runs/a/\(name)", events(1...100, start: 1000))
    try folder.write("runs/b/\(name)", events(50...150, start: 5000))
    let opened = try OpenedFolder(opening: folder.path)
    #expect(opened.runs.map(\.name) == ["runs/a", "runs/b"])
  }

  @Test func `two files of one folder are segments, in order of time whatever their names`() throws {
    let folder = try TemporaryFolder()
    try folder.write("run/events.out.tfevents.2.host.99.0", events(1...100, start: 1000))
    try folder.write("run/events.out.tfevents.3.host.100.0", events(81...150, start: 5000))
    try folder.write("run/events.out.tfevents.1.host.1.0", events(141...200, start: 9000))
    let run = try #require(try OpenedFolder(opening: folder.path).runs.first)
    #expect(run.segments.map(\.firstStep) == [1, 81, 141])
    #expect(run.metric(for: .trainLoss)?.series.steps == Array(1...200))
    #expect(run.metric(for: .trainLoss)?.superseded.count == 30)
  }

  @Test func `a restart within a file is a segment`() throws {
    var writer = EventWriter.begun(wallTime: 1e9)
    for step in 0..<10 { writer.scalar("loss", Int64(step), 1, wallTime: 1e9 + Double(step)) }
    writer.start(5)
    for step in 5..<12 { writer.scalar("loss", Int64(step), 2, wallTime: 2e9 + Double(step)) }
    let folder = try TemporaryFolder()
    let file = try folder.write(name, writer.bytes)
    let run = try #require(try OpenedFolder(opening: file).runs.first)
    #expect(run.segments.map(\.firstStep) == [0, 5])
    #expect(run.segments.map(\.lastStep) == [9, 11])
    #expect(run.segments[0].endTime == 1e9 + 9)
    #expect(run.segments[1].startTime == 2e9 + 5)
    #expect(run.metric(for: .trainLoss)?.series.values == [1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2])
  }

  // MARK: Without event files

  @Test func `a killed run is read from its last checkpoint and the log that goes further`() throws {
    let folder = try TemporaryFolder()
    func state(_ steps: [Int]) -> String {
      let entries = steps.map { "{\"step\": \($0), \"loss\": 2.5, \"grad_norm\": 1.0}" }
      return "{\"global_step\": 20, \"log_history\": [\(entries.joined(separator: ", "))]}"
    }
    try folder.write("out/checkpoint-9/trainer_state.json", state([1, 9]))
    try folder.write("out/checkpoint-20/trainer_state.json", state([1, 10, 20]))
    let lines = [1, 10, 20, 30].map { "{\"current_steps\": \($0), \"loss\": 2.5}\n" }.joined()
    try folder.write("out/trainer_log.jsonl", lines + "{\"current_st")
    let run = try #require(try OpenedFolder(opening: folder.file("out")).runs.first)
    #expect(run.source == .trainerLog)
    #expect(run.checkpoints.map(\.step) == [9, 20])
    #expect(run.metric(for: .trainLoss)?.series.steps == [1, 10, 20, 30])
    #expect(run.metric(for: .gradientNorm)?.series.steps == [1, 10, 20])
    #expect(run.problems.count == 1)
    #expect(run.problems[0].contains("trainer_log.jsonl: line 5"))
  }

  @Test func `trainer files that cannot be read are problems of a run that can`() throws {
    let folder = try TemporaryFolder()
    try folder.write("out/\(name)", events(1...5, start: 1000))
    try folder.write("out/trainer_state.json", "{\"log_history\": [")
    try folder.write("out/adapter_config.json", "")
    try folder.write("out/all_results.json", "[]")
    try folder.write(
      "out/training_args.yaml", "# made by\nlearning_rate: 5.0e-05\nnested:\n  inner: 1\nfp16: true\n")
    let run = try #require(try OpenedFolder(opening: folder.file("out")).runs.first)
    #expect(run.metric(for: .trainLoss)?.series.count == 5)
    #expect(run.problems.count == 3)
    #expect(
      run.configuration == [
        ConfigurationSection(
          source: "training_args.yaml",
          settings: [
            Setting(name: "learning_rate", value: "5.0e-05"), Setting(name: "nested", value: #"{"inner":1}"#),
            Setting(name: "fp16", value: "true"),
          ])
      ])
  }

  // MARK: Damage and nothing

  @Test func `a damaged file gives what it has, and its faults`() throws {
    let folder = try TemporaryFolder()
    var bytes = events(1...10, start: 1000)
    bytes[bytes.count - 5] ^= 1
    let file = try folder.write("run/\(name)", bytes)
    let run = try #require(try OpenedFolder(opening: folder.path).runs.first)
    #expect(run.metric(for: .trainLoss)?.series.count == 9)
    #expect(run.eventFiles.first?.faults.count == 1)
    #expect(run.eventFiles.first?.path == file)
  }

  @Test func `nothing at a path is told`() {
    #expect(throws: RunFolderError.missing(path: "/nonexistent/run")) {
      try OpenedFolder(opening: "/nonexistent/run")
    }
  }

  @Test func `a folder without runs says what was looked for`() throws {
    let folder = try TemporaryFolder()
    try folder.write("a/b/readme.md", "x")
    let error = #expect(throws: RunFolderError.self) { try OpenedFolder(opening: folder.path) }
    #expect(error == .nothingFound(path: folder.path, problems: []))
    for word in ["tfevents", "trainer_state.json", "trainer_log.jsonl"] {
      #expect(error?.description.contains(word) == true)
    }
  }

  @Test func `event files without scalars are told with their faults`() throws {
    let folder = try TemporaryFolder()
    try folder.write("run/\(name)", "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12\n")
    let error = #expect(throws: RunFolderError.self) { try OpenedFolder(opening: folder.path) }
    guard case .noScalars(_, let files, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(files.count == 1)
    #expect(files.first?.faults.isEmpty == false)
    #expect(error?.description.contains(name) == true)
    #expect(throws: RunFolderError.self) { try OpenedFolder(opening: folder.file("run/" + name)) }
  }

  @Test func `a folder with a summary of hyperparameters only is part of the run`() throws {
    let folder = try TemporaryFolder()
    try folder.write("log/\(name)", events(1...5, start: 1000))
    try folder.write("log/1600000000.5/\(name)", EventWriter.begun().bytes)
    let opened = try OpenedFolder(opening: folder.path)
    #expect(opened.runs.count == 1)
    #expect(opened.skipped.isEmpty)
    #expect(opened.runs.first?.segments.count == 1)
  }

  @Test func `a trainer's file that is none is told`() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("trainer_state.json", "{}")
    #expect(throws: RunFolderError.notARun(TrainerFileError(path: path, reason: .notATrainerState))) {
      try OpenedFolder(opening: path)
    }
  }

  @Test func `links that lead back are followed once`() throws {
    let folder = try TemporaryFolder()
    try folder.write("a/b/\(name)", events(1...5, start: 1000))
    #expect(unsafe symlink("../..", folder.file("a/b/up")) == 0)
    #expect(unsafe symlink("nowhere", folder.file("a/dangling")) == 0)
    let opened = try OpenedFolder(opening: folder.path)
    #expect(opened.runs.count == 1)
  }

  @Test func `the folders of the profiler and hidden ones have no runs`() throws {
    let folder = try TemporaryFolder()
    try folder.write("x/events.out.tfevents.1.profile-empty", "")
    try folder.write(".git/\(name)", events(1...5, start: 1000))
    #expect(throws: RunFolderError.self) { try OpenedFolder(opening: folder.path) }
  }

  @Test func `progress ends at the size of all files`() throws {
    let folder = try TemporaryFolder()
    for run in ["a", "b", "c"] { try folder.write("\(run)/\(name)", events(1...50, start: 1000)) }
    let told = Progress()
    _ = try OpenedFolder(opening: folder.path) { told.add($0) }
    #expect(told.last.map { $0.bytesRead == $0.byteCount } == true)
  }

  @Test func `the names of runs say what they are`() throws {
    let folder = try TemporaryFolder()
    let file = events(1...5, start: 1000)
    func name(of path: String) throws -> String? {
      try folder.write(path + "/" + self.name, file)
      return try OpenedFolder(opening: folder.file(path)).runs.first?.name
    }
    #expect(try name(of: "x/runs/Jan08_02-43-26_ubun") == "Jan08_02-43-26_ubun")
    #expect(try name(of: "lightning_logs/version_0") == "lightning_logs/version_0")
    #expect(try name(of: "saves/Qwen3-4B/lora/train_2024") == "Qwen3-4B/lora/train_2024")
    #expect(try name(of: "model/output") == "model/output")
  }
}

/// What a read told about itself.
private final class Progress: @unchecked Sendable {
  private var all: [OpenedFolder.Progress] = []
  func add(_ progress: OpenedFolder.Progress) { all.append(progress) }
  var last: OpenedFolder.Progress? { all.max { $0.bytesRead < $1.bytesRead } }
}
