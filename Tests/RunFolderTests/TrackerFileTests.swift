import EventFile
import FileSystem
import JSON
import TestSupport
import Testing

@testable import RunFolder

/// Runs as other trackers keep them, in files that these wrote (`scripts/make-tracker-fixtures.py`).
struct TrackerFileTests {
  static let folder = Path.join(Fixture.package, "Tests/RunFolderTests/Fixtures/trackers")
  static let loggers = Path.join(Fixture.package, "Tests/RunFolderTests/Fixtures/loggers")

  private func expectTruth(_ run: TrainingRun, _ name: String) throws {
    let truth = try JSONValue(parsing: Files.read(Path.join(Self.folder, "truth.json")))
    let series = try #require(truth["series"]?.members)
    #expect(Set(run.metrics.map(\.tag)) == Set(series.map(\.key)), "\(name)")
    for want in series {
      let rows = want.value.array?.compactMap(\.array) ?? []
      let got = try #require(run.metrics.first { $0.tag == want.key }?.series, "\(name): \(want.key)")
      #expect(got.steps == rows.map { $0[0].int64 }, "\(name): \(want.key)")
      for (value, row) in zip(got.values, rows) {
        let number = row[1].double ?? row[1].string.flatMap(Double.init) ?? .nan
        #expect(value == number || value.isNaN && number.isNaN, "\(name): \(want.key)")
      }
    }
    let settings = Dictionary(
      uniqueKeysWithValues: (run.configuration.first?.settings ?? []).map { ($0.name, $0.value) })
    #expect(settings["optimizer"] == "adamw" && settings["rank"] == "8", "\(name): \(settings)")
    #expect(settings["lr"].flatMap(Double.init) == 1e-4, "\(name)")
    #expect(run.problems == [], "\(name)")
    #expect(run.source == .tracker)
  }

  @Test(arguments: [0, 1, 137] as [UInt8])
  func `a log of Weights & Biases says with which code the training ended`(code: UInt8) throws {
    var bytes = try Files.read(Path.join(Self.folder, "run-steps.wandb"))
    // RunExitRecord, field 18 of a record: a code of 0 is not written.
    let exit = WireMessage().message(18, code == 0 ? WireMessage() : WireMessage().varint(1, code)).bytes
    bytes += littleEndian(CRC32.sum(of: exit[...], after: 1)) + littleEndian(UInt16(exit.count)) + [1] + exit
    let folder = try TemporaryFolder()
    try folder.write("wandb/run-steps.wandb", bytes)
    let run = try #require(try OpenedFolder(opening: folder.file("wandb")).runs.first)
    #expect(run.problems == [])
    #expect(run.reportedFailure == (code == 0 ? nil : "Weights & Biases has the exit code \(code)"))
  }

  @Test(arguments: [
    ("run-steps.wandb", ["steps"], TrackerFile.Kind.wandb), ("run-trainer.wandb", ["trainer"], .wandb),
    ("swanlab/protobuf/run-steps.swanlab", ["steps"], .swanlab),
    ("swanlab/json/backup.swanlab", ["steps"], .swanlab), ("project.db", ["first", "second"], .trackio),
    ("lightning/version_0/metrics.csv", ["lightning"], .lightning),
  ])
  func `a file gives the runs that were logged`(file: String, names: [String], kind: TrackerFile.Kind) throws
  {
    let runs = try OpenedFolder(opening: Path.join(Self.folder, file)).runs
    if kind != .lightning { #expect(runs.map(\.name) == names) }
    #expect(runs.count == names.count && runs.allSatisfy { $0.tracker == kind })
    for run in runs { try expectTruth(run, file) }
    let times = runs.flatMap(\.metrics).flatMap(\.series.wallTimes)
    if kind == .lightning {
      #expect(times.allSatisfy { $0.isNaN })
    } else {
      #expect(times.allSatisfy { $0 > 1.7e9 })
    }
  }

  /// What a trainer kept of its own logs: `steps` and values a key.
  private func kept(_ folder: String) throws -> [String: [(step: Int64, value: Double)]] {
    var kept: [String: [(step: Int64, value: Double)]] = [:]
    let logs = try JSONValue(parsing: Files.read(Path.join(Self.loggers, folder + "/logs.json"))).array ?? []
    for entry in logs {
      let step = try #require(entry["step"]?.int64)
      for member in entry.members ?? [] where member.key != "step" {
        kept[member.key, default: []].append((step, try #require(member.value.double)))
      }
    }
    return kept
  }

  @Test func `a log of torchtune gives what was logged, tensors too`() throws {
    let run = try #require(
      try OpenedFolder(opening: Path.join(Self.loggers, "torchtune")).runs.first)
    #expect(run.tracker == .torchtune && run.problems == [])
    let kept = try kept("torchtune")
    #expect(Set(run.metrics.map(\.tag)) == Set(kept.keys))
    for (tag, points) in kept {
      let series = try #require(run.metric(tagged: tag)?.series)
      #expect(series.steps == points.map(\.step), "\(tag)")
      // A tensor is printed with four decimals.
      let slack = tag == "grad_norm" ? 0.5001e-4 : 0
      for (value, point) in zip(series.values, points) {
        #expect(abs(value - point.value) <= slack, "\(tag)")
      }
    }
    #expect(run.metric(for: .trainLoss)?.tag == "loss" && run.metric(for: .evalLoss)?.tag == "val_loss")
  }

  @Test func `a tensor on a device is a number, and text that is no call is counted`() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(
      "log_1700000000.txt",
      "Step 1 | grad_norm:tensor(0.5, device='cuda:0') loss:nan x:y \nhello\nStep 2 | grad_norm:tensor(1., device='cuda:0')\nStep"
    )
    let run = try #require(try TrackerFile.runs(at: path, .torchtune).first)
    #expect(run.series.map(\.tag) == ["grad_norm", "loss"] && run.series[0].values == [0.5, 1])
    #expect(run.series[1].values[0].isNaN)
    #expect(run.problems == ["\(path): 2 lines that are no call of the logger"])
    #expect(
      TrackerFile.Kind(named: "log_2024.txt") == nil && TrackerFile.Kind(named: "log_17000000xx.txt") == nil)
    let other = try folder.write("log_1700000001.txt", "training begins\n")
    #expect(throws: TrackerError.self) { try TrackerFile.runs(at: other, .torchtune) }
  }

  @Test func `the log of ms-swift is a training's own, with its plan, its resume and its times`() throws {
    let folder = try TemporaryFolder()
    try folder.write("logging.jsonl", Files.read(Path.join(Self.loggers, "swift/logging.jsonl")))
    let run = try #require(try OpenedFolder(opening: folder.path).runs.first)
    #expect(run.source == .trainerLog && run.problems == [] && run.trainerLog?.badLines == [])
    #expect(run.plannedSteps == 24 && run.reachedStep == 24 && run.segments.count == 2)
    let kept = try kept("swift")
    for (key, tag) in [("loss", "train/loss"), ("eval_loss", "eval/loss"), ("grad_norm", "train/grad_norm")] {
      let points = try #require(kept[key])
      let series = try #require(run.metric(tagged: tag)?.series)
      #expect(series.steps == points.map(\.step), "\(tag)")
      for (value, point) in zip(series.values, points) { #expect(abs(value - point.value) <= 0.5001e-8) }
    }
    #expect(run.metric(tagged: "train/loss")?.superseded.steps == [8, 10])
  }

  @Test func `ms-swift's times, its Megatron lines and its summary are read`() {
    let text = """
      {"loss": 1, "iteration": "5/100", "elapsed_time": "1d 2h 3m 4s"}
      {"loss": 2, "iteration": "10/100", "elapsed_time": "1d 2h 4m 0s"}
      {"last_model_checkpoint": "c", "log_history": [{"loss": 1}], "global_step": 10}
      {"loss": 3, "iteration": "x"}
      """
    let log = TrainerLog(parsing: Array(text.utf8), path: "logging.jsonl")
    #expect(log.series.map(\.tag) == ["train/loss"] && log.series[0].steps == [5, 10])
    #expect(log.series[0].wallTimes == [93784, 93840])
    #expect(log.totalSteps == 100 && log.badLines == [4])
  }

  @Test func `reading a database leaves nothing beside it, whatever it is called`() throws {
    let folder = try TemporaryFolder()
    let bytes = try Files.read(Path.join(Self.folder, "project.db"))
    #expect(bytes[18] == 2, "written ahead into a log, for which SQLite keeps files beside it")
    let names = ["a b?immutable=0#%41.db", "plain.db"]
    for name in names { try folder.write(name, bytes) }
    for name in names { #expect(try OpenedFolder(opening: folder.file(name)).runs.count == 2, "\(name)") }
    #expect(try Files.names(in: folder.path).sorted() == names.sorted())
  }

  @Test func `a folder of such files gives all runs`() throws {
    let opened = try OpenedFolder(opening: Self.folder)
    #expect(opened.runs.count == 7)
    #expect(opened.problems == [])
  }

  @Test func `where event files tell of trainings, other trackers' files are the same once more`() throws {
    let folder = try TemporaryFolder()
    var writer = EventWriter.begun()
    for step in 1...5 { writer.scalar("train/loss", Int64(step), 1) }
    try folder.write("runs/events.out.tfevents.1", writer.bytes)
    try folder.write("wandb/run-steps.wandb", Files.read(Path.join(Self.folder, "run-steps.wandb")))
    let runs = try OpenedFolder(opening: folder.path).runs
    #expect(runs.map(\.source) == [.eventFiles])
  }

  @Test(arguments: [
    ("run-trainer.wandb", TrackerFile.Kind.wandb), ("swanlab/protobuf/run-steps.swanlab", .swanlab),
    ("swanlab/json/backup.swanlab", .swanlab),
  ])
  func `a log that is cut gives what is whole, and says where it ends`(
    name: String, kind: TrackerFile.Kind
  ) throws {
    let folder = try TemporaryFolder()
    let whole = try Files.read(Path.join(Self.folder, name))
    var last = -1
    for count in stride(from: 0, through: whole.count, by: 97) {
      let path = try folder.write("run-\(count).\(kind.rawValue)", Array(whole[..<count]))
      guard let run = try? TrackerFile.runs(at: path, kind).first else { continue }
      let points = run.series.reduce(0) { $0 + $1.count }
      #expect(points >= last)
      last = points
    }
    #expect(last > 40)
    var broken = whole
    broken[whole.count / 2] ^= 1
    let path = try folder.write("broken.\(kind.rawValue)", broken)
    let run = try #require(try TrackerFile.runs(at: path, kind).first)
    #expect(run.problems.count == 1 && run.problems[0].contains("the checksum at offset"))
    // A later version of the format is not guessed at.
    broken[6] = 9
    let later = try folder.write("later.\(kind.rawValue)", broken)
    #expect(throws: TrackerError.self) { try TrackerFile.runs(at: later, kind) }
  }

  @Test func `names of columns with a comma are quoted, as Python writes them`() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(
      "metrics.csv", "\"acc, top \"\"5\"\"\",loss,step\r\n0.5,2,1\r\n,1.5,2\r\n\"0.75\",1,3\r\n0.5,1\r\n")
    let run = try #require(try TrackerFile.runs(at: path, .lightning).first)
    #expect(run.series.map(\.tag) == ["acc, top \"5\"", "loss"])
    #expect(run.series.map { Array($0.values) } == [[0.5, 0.75], [2, 1.5, 1]])
    #expect(run.problems == ["\(path): 1 rows that are cut or have no step"])
  }

  @Test(
    .timeLimit(.minutes(20)),
    arguments: [
      "step" + String(repeating: ",", count: 2_000_000), "step," + String(repeating: "x", count: 2_000_000),
      "step,loss\n1,2\n" + String(repeating: ",", count: 2_000_000) + "\n2,1\n",
    ])
  func `rows of millions of columns are not taken into memory`(table: String) throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("metrics.csv", table)
    let runs = try? TrackerFile.runs(at: path, .lightning)
    #expect(runs?.first?.series.map(\.count) == (table.hasPrefix("step,loss") ? [2] : nil))
  }

  @Test func `a message of small fields is read as it is walked through`() {
    let fields = [UInt8]([
      8, 1, 0x12, 2, 0xaa, 0xbb, 0x1d, 1, 0, 0, 0, 0x21, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f, 0x2a, 9, 1,
    ])
    let message = ProtobufMessage(fields[...])
    #expect(message.map(\.number) == [1, 2, 3, 4], "the last says more bytes than there are")
    #expect(message.map(\.varint) == [1, 0, 0, 0])
    #expect(Array(message.map(\.bytes)[1]) == [0xaa, 0xbb])
    #expect(message.map { Double(bitPattern: $0.fixed) }[3] == 1)
    #expect(Array(ProtobufMessage([UInt8](repeating: 0xff, count: 30)[...])).isEmpty)
  }

  @Test func `changed bytes never trap`() throws {
    let folder = try TemporaryFolder()
    var random = SeededRandom(seed: 31)
    for (name, kind) in [
      ("run-steps.wandb", TrackerFile.Kind.wandb), ("lightning/version_0/metrics.csv", .lightning),
      ("project.db", .trackio),
    ] {
      let whole = try Files.read(Path.join(Self.folder, name))
      for round in 0..<60 {
        var bytes = whole
        for _ in 0..<4 {
          bytes[Int.random(in: bytes.indices, using: &random)] = .random(in: 0...255, using: &random)
        }
        let path = try folder.write("\(kind)-\(round)", bytes)
        _ = try? TrackerFile.runs(at: path, kind)
      }
    }
  }

  @Test
  func `another program's files of such names are passed over in a folder, and told where they are named`()
    throws
  {
    let folder = try TemporaryFolder()
    try folder.write("notes.db", "text")
    try folder.write("metrics.csv", "a,b\n1,2\n")
    try folder.write("x.wandb", [1, 2, 3])
    let nothing = RunFolderError.nothingFound(path: folder.path, problems: [])
    #expect(throws: nothing) { try OpenedFolder(opening: folder.path) }
    for name in ["notes.db", "metrics.csv", "x.wandb"] {
      #expect(throws: RunFolderError.self) { try OpenedFolder(opening: folder.file(name)) }
    }
  }

  @Test(arguments: [
    ("1970-01-01T00:00:00+00:00", 0.0), ("2026-11-26T13:44:43.501895+00:00", 1_795_700_683.501895),
    ("2000-02-29T23:59:59", 951_868_799), ("2024-12-31 12:00:00", 1_735_646_400),
    ("2001-03-01T00:00:00Z", 983_404_800),
  ])
  func `moments of ISO 8601`(text: String, seconds: Double) {
    #expect(Timestamp.seconds(text) == seconds)
  }

  @Test(arguments: [
    "", "2026", "2026-13-01T00:00:00", "yesterday", "2026-11-26",
    "2026-01-01T9223372036854775807:00:00+00:00", "2026-01-01T00:-9223372036854775808:00",
    "2026-11-26T24:00:00",
    "2026-11-26T23:00:1e300",
  ])
  func `what is no moment`(text: String) { #expect(Timestamp.seconds(text) == nil) }
}
