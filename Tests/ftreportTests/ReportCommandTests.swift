import FileSystem
import JSON
import TestSupport
import Testing

struct ReportCommandTests {
  let ftreport: Command
  private let folder: TemporaryFolder
  private let sample = Fixture.sampleRun("sft")

  init() throws {
    folder = try TemporaryFolder()
    ftreport = Command(folder: folder.path)
  }

  private func text(_ name: String) throws -> String {
    String(decoding: try Files.read(folder.file(name)), as: UTF8.self)
  }

  @Test func `A path alone gives a folder with a page and its pictures, and a summary`() throws {
    let outcome = try ftreport(sample)
    #expect(outcome.status == 0)
    #expect(outcome.errors == "")
    #expect(outcome.output.contains("sft.report/report.md"))
    #expect(outcome.output.contains("4.753"), "the last evaluation loss")
    #expect(!outcome.output.contains("\u{1b}"), "colours without a terminal")
    #expect(try Files.names(in: folder.path) == ["sft.report"])
    let names = try Files.names(in: folder.file("sft.report"))
    #expect(names.contains("report.md") && names.contains("loss.svg"))
    let page = try text("sft.report/report.md")
    #expect(page.contains("](loss.svg)"))
    #expect(page.contains("4.753"))
    let picture = try text("sft.report/loss.svg")
    #expect(picture.hasPrefix("<svg") && picture.hasSuffix("</svg>\n"))
  }

  @Test(arguments: [
    ("0.5", "it will not reach 0.5"), ("1.5", "it will reach 1.5"), ("1.22", "it may reach 1.22"),
  ])
  func `An unfinished run says whether it will reach a target`(target: String, words: String) throws {
    let lines = (1...60).map { point in
      let loss = 1.2 + 1 / Double(point) + (point % 2 == 0 ? 0.01 : -0.01)
      return #"{"current_steps": \#(point * 10), "total_steps": 1000, "loss": \#(loss)}"#
    }
    try folder.write("run/trainer_log.jsonl", lines.joined(separator: "\n"))
    let outcome = try ftreport("--format", "md", "--target", target, "run")
    #expect(outcome.output.contains("\(words)"), "\(outcome.output)")
    #expect(!(try ftreport("--format", "md", "run").output.contains("reach")))
  }

  @Test func `The same run gives the same bytes twice`() throws {
    for place in ["first", "second"] {
      #expect(try ftreport("-o", place, Fixture.sampleRun("sft_resumed")).status == 0)
    }
    let outcome = try ftreport.shell("diff -r first second")
    #expect(outcome == Outcome(status: 0, output: "", errors: ""))
  }

  @Test func `A report is replaced by the next one, and what somebody added stays`() throws {
    #expect(try ftreport("--quiet", sample).output == "")
    try folder.write("sft.report/notes.md", "mine")
    try folder.write("sft.report/loss.svg", "old")
    #expect(try ftreport("--quiet", sample).status == 0)
    #expect(try text("sft.report/notes.md") == "mine")
    #expect(try text("sft.report/loss.svg").hasPrefix("<svg"))
    #expect(try Files.names(in: folder.path) == ["sft.report"], "something temporary was left")
  }

  @Test func `What somebody added to the page of one of many runs stays too`() throws {
    #expect(try ftreport("--quiet", Fixture.sample("saves")).status == 0)
    let names = try Files.names(in: folder.file("saves.report"))
    let page = try #require(names.first { Files.kind(of: folder.file("saves.report/\($0)")) == .directory })
    try folder.write("saves.report/\(page)/notes/mine.md", "mine")
    #expect(try ftreport("--quiet", Fixture.sample("saves")).status == 0)
    #expect(try text("saves.report/\(page)/notes/mine.md") == "mine")
    #expect(try Files.names(in: folder.file("saves.report")) == names)
  }

  @Test func `A folder of somebody else is never overwritten`() throws {
    try folder.write("sft.report/thesis.md", "years of work")
    let outcome = try ftreport(sample)
    #expect(outcome.status == 2)
    #expect(outcome.output == "")
    #expect(
      outcome.errors == """
        sft.report: exists and was not written by ftreport; move it away, or choose another place with -o

        """)
    #expect(try Files.names(in: folder.file("sft.report")) == ["thesis.md"])
  }

  @Test func `A file of somebody's own that is in the way is not replaced`() throws {
    try folder.write(
      "sft.report/.ftreport", "Files that ftreport wrote, and replaces with the next report:\n")
    try folder.write("sft.report/loss.svg", "mine")
    let outcome = try ftreport("--quiet", sample)
    #expect(outcome.status == 2)
    #expect(outcome.errors.hasPrefix("sft.report/loss.svg: is in the way of the report"))
    #expect(try text("sft.report/loss.svg") == "mine")
    #expect(try Files.names(in: folder.path) == ["sft.report"])
  }

  @Test func `What a command that was killed has left is taken up by the next one`() throws {
    #expect(try ftreport("--quiet", sample).status == 0)
    try folder.write("sft.report/notes.md", "mine")
    // An old report that was exchanged, but not yet emptied: a folder of somebody's own is still in it.
    let checksum = "3737da09cb59c668"
    let draft = ".ftreport-\(checksum)-aaaaaaaaaaaa"
    try folder.write("\(draft)/.ftreport", try text("sft.report/.ftreport"))
    try folder.write("\(draft)/loss.svg", "old")
    try folder.write("\(draft)/mine/thesis.txt", "years of work")
    // A draft that was never finished.
    try Files.makeDirectory(folder.file(".ftreport-\(checksum)-bbbbbbbbbbbb"))
    #expect(try ftreport("--quiet", sample).status == 0)
    #expect(try Files.names(in: folder.path) == ["sft.report"])
    #expect(try text("sft.report/mine/thesis.txt") == "years of work")
    #expect(try text("sft.report/notes.md") == "mine")
    #expect(try text("sft.report/loss.svg").hasPrefix("<svg"))
  }

  @Test func `Folders and links of somebody's own stay what they are`() throws {
    #expect(try ftreport("--quiet", sample).status == 0)
    try folder.write("sft.report/mine/deep/a.txt", "a")
    try Files.makeDirectory(folder.file("sft.report/empty"))
    try Files.link(folder.file("sft.report/link"), to: "mine/deep")
    #expect(try ftreport("--quiet", sample).status == 0)
    #expect(try text("sft.report/mine/deep/a.txt") == "a")
    #expect(try Files.names(in: folder.file("sft.report/empty")) == [])
    #expect(Files.isSymbolicLink(folder.file("sft.report/link")))
    #expect(try Files.names(in: folder.path) == ["sft.report"])
  }

  @Test func `A run with a name as long as a name can be has a report`() throws {
    let name = String(repeating: "é", count: 126) + "xyz"
    var writer = EventWriter.begun()
    for step in 1...30 { writer.scalar("train/loss", Int64(step), 2) }
    try folder.write("\(name)/events.out.tfevents.1", writer.bytes)
    let outcome = try ftreport("--quiet", name)
    #expect(outcome == Outcome(status: 0, output: "", errors: ""))
    let report = try #require(try Files.names(in: folder.path).first { $0.hasSuffix(".report") })
    #expect(report.utf8.count <= 255)
    #expect(try text("\(report)/report.md").hasPrefix("# "))
  }

  @Test(
    .enabled(if: Files.kind(of: "/dev/full") == .other), arguments: [["--version"], ["help"], ["--help"]])
  func `Words that cannot be written are no success`(arguments: [String]) throws {
    let outcome = try ftreport.shell("$ftreport \(arguments.joined(separator: " ")) >/dev/full")
    #expect(outcome.status == 2)
    #expect(outcome.errors.hasPrefix("standard output: cannot write"))
  }

  @Test func `An output that cannot be written is told, with what to do`() throws {
    try folder.write("file", "in the way")
    let outcome = try ftreport("-o", "file/below", sample)
    #expect(outcome.status == 2)
    #expect(outcome.output == "")
    #expect(outcome.errors.hasPrefix("file"))
    #expect(outcome.errors.contains("choose a folder that can be written with -o"))
  }

  @Test(arguments: ["md", "json", "term", "mimebundle"])
  func `A format on standard output writes no file, and the same twice`(format: String) throws {
    let outcome = try ftreport("--format", format, sample)
    #expect(outcome.status == 0)
    #expect(outcome.errors == "")
    #expect(outcome.output.contains("4.753"))
    #expect(outcome.output.hasSuffix("\n"))
    #expect(try ftreport("--format", format, sample) == outcome)
    #expect(try Files.names(in: folder.path) == [])
  }

  @Test func `Each format is what it says`() throws {
    #expect(try ftreport("--format", "md", sample).output.hasPrefix("# "))
    let json = try JSONValue(parsing: try ftreport("--format", "json", sample).output)
    #expect(json.members?.isEmpty == false)
    let bundle = try JSONValue(parsing: try ftreport("--format", "mimebundle", sample).output)
    #expect(bundle["text/markdown"]?.string?.hasPrefix("# ") == true)
    #expect(bundle["image/svg+xml"]?.string?.hasPrefix("<svg") == true)
    #expect(bundle["text/plain"]?.string?.isEmpty == false)
  }

  @Test(.enabled(if: Command.hasTerminals, "no terminal can be opened here"))
  func `Colours are for terminals, and for those who want them`() throws {
    let line = "$ftreport --format term \(sample)"
    var command = ftreport
    command.environment["TERM"] = "xterm-256color"
    #expect(try command.atTerminal(line).output.contains("\u{1b}["))
    command.environment["NO_COLOR"] = "1"
    #expect(try !command.atTerminal(line).output.contains("\u{1b}["))
    command.environment["NO_COLOR"] = ""
    #expect(try command.atTerminal(line).output.contains("\u{1b}["))
    command.environment = ["TERM": "dumb"]
    #expect(try !command.atTerminal(line).output.contains("\u{1b}["))
  }

  @Test func `An event file, a run folder and a trainer's file are paths too`() throws {
    let run = sample + "/runs/Nov23_19-39-41_vm"
    #expect(try ftreport("-q", run).status == 0)
    #expect(try ftreport("-q", "-o", "a", run + "/events.out.tfevents.1795462781.vm.14841.0").status == 0)
    #expect(try ftreport("-q", "-o", "b", sample + "/trainer_state.json").status == 0)
    #expect(try Files.names(in: folder.path) == ["Nov23_19-39-41_vm.report", "a", "b"])
    #expect(try Files.names(in: folder.file("a")) == ["Nov23_19-39-41_vm.report"])
    #expect(try Files.names(in: folder.file("b")) == ["sft.report"])
  }

  @Test func `A dash and a pipe are an event file that comes by itself`() throws {
    let file = sample + "/runs/Nov23_19-39-41_vm/events.out.tfevents.1795462781.vm.14841.0"
    for line in ["cat '\(file)' | $ftreport -", "$ftreport - <'\(file)'", "$ftreport /dev/stdin <'\(file)'"] {
      let outcome = try ftreport.shell(line)
      #expect(outcome.status == 0 && outcome.errors == "", "\(outcome)")
      #expect(outcome.output.contains("4.753"))
      #expect(try Files.names(in: folder.path) == ["stdin.report"])
    }
    let verified = try ftreport.shell("cat '\(file)' | $ftreport verify -")
    #expect(verified.status == 0 && verified.output.contains("0 faults"), "\(verified)")
    // Points are printed in a second reading, which a pipe does not have.
    let points = try ftreport.shell("cat '\(file)' | $ftreport export -")
    #expect(points.status == 3 && points.output == "" && points.errors.contains("pipe"), "\(points)")
  }

  @Test func `A diverged run is told in the summary, and is no failure of the command`() throws {
    let outcome = try ftreport(Fixture.sampleRun("sft_diverged"))
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("NaN"))
  }

  @Test func `Many runs give an overview and a page for each`() throws {
    let outcome = try ftreport(Fixture.sample("saves"))
    #expect(outcome.status == 0)
    #expect(outcome.errors == "")
    let page = try text("saves.report/report.md")
    for name in ["sft", "lr1e-4", "resumed", "diverged"] {
      #expect(outcome.output.contains(name), "\(name) is not in the summary")
      #expect(page.contains(name), "\(name) is not in the page")
    }
    // Every link leads to a file.
    let targets = page.split(separator: "](").dropFirst().compactMap { $0.split(separator: ")").first }
    #expect(targets.count >= 5)
    for target in targets where !target.hasPrefix("#") && !target.hasPrefix("http") {
      #expect(Files.kind(of: folder.file("saves.report/\(target)")) == .file, "\(target) is missing")
    }
  }

  @Test func `A damaged file is told on standard error and in the page`() throws {
    let name = "events.out.tfevents.1795462781.vm.14841.0"
    var bytes = try Files.read(sample + "/runs/Nov23_19-39-41_vm/\(name)")
    bytes[bytes.count / 2] ^= 1
    try folder.write("run/\(name)", bytes)
    let outcome = try ftreport("run")
    #expect(outcome.status == 0)
    #expect(outcome.errors.hasPrefix("run/\(name): "))
    #expect(outcome.errors.contains("checksum"))
    #expect(try text("run.report/report.md").contains("checksum"))
  }

  @Test(arguments: ["missing/folder", "empty", "notes.txt"])
  func `Where there is no run, exit code 3 says so and nothing is written`(path: String) throws {
    try folder.write("notes.txt", "no events in here")
    try Files.makeDirectory(folder.file("empty"))
    let outcome = try ftreport(path)
    #expect(outcome.status == 3)
    #expect(outcome.output == "")
    #expect(outcome.errors.hasPrefix("\(path): "))
    #expect(try Files.names(in: folder.path) == ["empty", "notes.txt"])
  }

  // MARK: Checkpoints without logs

  /// `page` with the padding of its tables taken away.
  private func unpadded(_ page: String) -> String { page.split(separator: " ").joined(separator: " ") }

  private func addSaves(_ steps: [Int]) throws {
    let source = Path.join(Fixture.package, "Tests/CheckpointTests/Fixtures/torch/zero3/global_step12")
    for step in steps {
      for name in try Files.names(in: source) {
        try folder.write("zero/global_step\(step)/\(name)", try Files.read(Path.join(source, name)))
      }
    }
  }

  @Test func `Checkpoints without logs get a page: the framework, their changes, the configuration`() throws {
    try addSaves([12, 4])
    let outcome = try ftreport("zero")
    #expect(outcome.status == 0)
    #expect(outcome.errors == "")
    #expect(outcome.output.contains("All saves hold the same weights. There are"))
    #expect(outcome.output.contains("DeepSpeed ZeRO-3 over 2 processes"))
    let page = unpadded(try text("zero.report/report.md"))
    #expect(page.contains("nothing can be said of the loss"))
    #expect(page.contains("| Framework | `DeepSpeed ZeRO-3 over 2 processes` |"))
    let rows = page.split(separator: "\n").filter { $0.hasPrefix("| 4 |") || $0.hasPrefix("| 12 |") }
    #expect(rows.count == 2 && rows.first?.hasPrefix("| 4 |") == true, "in step order")
    #expect(rows.last?.contains("same as the one before") == true)
  }

  @Test func `Commands that need a loss do not take checkpoints for runs`() throws {
    try addSaves([12])
    let outcome = try ftreport("export", "zero")
    #expect(outcome.status == 3)
    #expect(outcome.errors.contains("no run found"))
  }

  @Test(
    .enabled(if: Fixture.shared != nil, "no ../shared beside the package"),
    arguments: [
      ("ds_zero3_plain", "DeepSpeed ZeRO-3 over 2 processes", ["2", "4"]),
      ("megatron/torch_dist", "Megatron-core (torch_dist)", ["500", "1000"]),
      ("megatron/legacy", "Megatron (files by rank) over 2 processes", ["500", "1000"]),
    ])
  func `Genuine saves without logs are told with their changes`(
    name: String, framework: String, steps: [String]
  ) throws {
    let path = Path.join(try #require(Fixture.shared), "data/lab/runs/\(name)")
    guard Files.kind(of: path) == .directory else { return }
    let outcome = try ftreport("--format", "json", path)
    #expect(outcome.status == 0 && outcome.errors == "")
    let rows = try #require(try JSONValue(parsing: outcome.output)["checkpoints"]?.array)
    #expect(rows.compactMap { $0["step"]?.int64.map(String.init) } == steps)
    #expect(rows.allSatisfy { $0["problem"] == .null })
    #expect((rows.last?["relative_change"]?.double ?? 0) > 0)
    #expect(unpadded(try ftreport("--format", "md", path).output).contains("| Framework | `\(framework)` |"))
  }

  @Test(
    .enabled(if: Fixture.shared != nil, "no ../shared beside the package"),
    arguments: [
      ("ddp_lora_sft", "data parallel (DDP)"), ("ds_z2_lora_sft", "DeepSpeed ZeRO-2"),
      ("fsdp2_lora_sharded", "FSDP, saved in shards"), ("qwen3vl_lora_all", "data parallel (DDP)"),
    ])
  func `Genuine output folders name their framework`(name: String, framework: String) throws {
    let path = Path.join(try #require(Fixture.shared), "data/lab/runs/\(name)")
    guard Files.kind(of: path) == .directory else { return }
    let page = unpadded(try ftreport("--format", "md", path).output)
    #expect(page.contains("| Framework | `\(framework)"))
  }

  @Test func `A metric that no run has is an error, and nothing is written`() throws {
    let outcome = try ftreport("--metric", "reward/*", sample)
    #expect(outcome.status == 2)
    #expect(outcome.errors.hasPrefix("--metric 'reward/*' fits no tag; there are train/loss, "))
    #expect(try Files.names(in: folder.path) == [])
  }

  @Test func `A line of JSON a run, whatever becomes of the others`() throws {
    let good = [Fixture.sampleRun("sft"), Fixture.sampleRun("sft_diverged")]
    let outcome = try ftreport("--format", "ndjson", good[0], "missing", good[1])
    #expect(outcome.status == 3)
    let lines = try outcome.output.split(separator: "\n").map { try JSONValue(parsing: String($0)) }
    #expect(lines.map { $0["path"]?.string } == [good[0], "missing", good[1]])
    #expect(lines.map { $0["error"]?.string } == [nil, "missing: no such file or folder", nil])
    #expect(lines[2]["verdict"]?["severity"]?.string == "failure")
    let many = try ftreport("--format", "ndjson", Fixture.sample("saves"))
    #expect(many.status == 0)
    #expect(many.output.split(separator: "\n").count == 4)
  }
}
