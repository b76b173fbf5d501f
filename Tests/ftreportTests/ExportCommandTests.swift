import FileSystem
import JSON
import TestSupport
import Testing

struct ExportCommandTests {
  let ftreport: Command
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    ftreport = Command(folder: folder.path)
  }

  private func objects(_ text: String) throws -> [JSONValue] {
    try text.split(separator: "\n").map { try JSONValue(parsing: String($0)) }
  }

  @Test func `A line a point, in file order, every digit kept`() throws {
    let file = Fixture.sampleRun("sft/runs/Nov23_19-39-41_vm/events.out.tfevents.1795462781.vm.14841.0")
    let outcome = try ftreport("export", file)
    #expect(outcome.status == 0)
    #expect(outcome.errors == "")
    let lines = outcome.output.split(separator: "\n")
    #expect(lines.count == 456)
    #expect(
      lines.first == """
        {"run":"Nov23_19-39-41_vm","file":"\(file)","tag":"train/loss","step":10,\
        "wall_time":1795462781.7195888,"value":7.868055820465088}
        """)
    let points = try objects(outcome.output)
    #expect(
      points.prefix(4).map { $0["tag"]?.string } == [
        "train/loss", "train/grad_norm", "train/learning_rate", "train/epoch",
      ])
    let times = points.compactMap { $0["wall_time"]?.double }
    #expect(times.count == points.count && times == times.sorted(), "not in file order")
  }

  @Test func `Points that a resumed run wrote again are marked`() throws {
    let points = try objects(try ftreport("export", Fixture.sampleRun("sft_resumed")).output)
    let superseded = points.filter { $0["superseded"]?.bool == true }
    // Interrupted after step 600, resumed from step 500: the interrupted part of every tag beyond the checkpoint.
    #expect(!superseded.isEmpty)
    #expect(superseded.allSatisfy { ($0["step"]?.int64 ?? 0) > 500 })
    #expect(superseded.allSatisfy { $0["file"]?.string?.contains("Nov23_19-47-25_vm") == true })
    let loss = points.filter { $0["tag"]?.string == "train/loss" && $0["superseded"] == nil }
    #expect(loss.compactMap { $0["step"]?.int64 } == Array(stride(from: 10, through: 1000, by: 10)))
  }

  @Test func `Values that are no numbers are words`() throws {
    let points = try objects(try ftreport("export", Fixture.sampleRun("sft_diverged")).output)
    let values = points.filter { $0["tag"]?.string == "eval/loss" }.map { $0["value"]?.string }
    #expect(values == ["NaN", "NaN", "NaN"])
  }

  @Test(arguments: ["=1+1", "+1", "-1", "@x"])
  func `A name that spreadsheets would calculate is text in CSV, unless it is wanted raw`(name: String) throws
  {
    var writer = EventWriter.begun()
    writer.scalar(name, 1, -2)
    try folder.write("run/events.out.tfevents.1", writer.bytes)
    let line = try #require(
      try ftreport("export", "--format", "csv", "run").output.split(separator: "\n").last)
    #expect(line.hasSuffix(",'\(name),1,1001,-2,,"), "the number is none of theirs: \(line)")
    let raw = try #require(
      try ftreport("export", "--format", "csv", "--raw-names", "run").output.split(separator: "\n").last)
    #expect(raw.hasSuffix(",\(name),1,1001,-2,,"))
  }

  @Test func `CSV has a heading and quotes what needs it`() throws {
    try folder.write("a,\"b\"/trainer_log.jsonl", #"{"current_steps": 10, "loss": 1.5}"# + "\n")
    let outcome = try ftreport("export", "--format", "csv", "a,\"b\"")
    #expect(outcome.status == 0)
    let lines = outcome.output.split(separator: "\n")
    #expect(lines.first == "run,file,tag,step,wall_time,value,superseded,duplicate")
    #expect(lines.last == #""a,""b""","a,""b""/trainer_log.jsonl",train/loss,10,,1.5,,"#)
  }

  @Test func `Only the tags that fit a pattern`() throws {
    let outcome = try ftreport("export", "--metric", "eval/l*", "--metric", "loss", Fixture.sampleRun("sft"))
    let tags = Set(try objects(outcome.output).compactMap { $0["tag"]?.string })
    #expect(tags == ["eval/loss", "train/loss"])
  }

  @Test func `A pattern that fits nothing is an error, not silence`() throws {
    let outcome = try ftreport("export", "--metric", "eval/lss", Fixture.sampleRun("sft"))
    #expect(outcome.status == 2)
    #expect(outcome.output == "")
    #expect(outcome.errors == "--metric 'eval/lss' fits no tag; did you mean 'eval/loss'?\n")
  }

  @Test func `A reader that has seen enough ends the command quietly`() throws {
    let outcome = try ftreport.shell("$ftreport export \(Fixture.sample("")) | head -n 1")
    #expect(outcome.status == 0)
    #expect(outcome.errors == "")
    #expect(outcome.output.split(separator: "\n").count == 1)
    // Also where the parent ignores the signal for it.
    let ignoring = try ftreport.shell("trap '' PIPE; $ftreport export \(Fixture.sample("")) | head -n 1")
    #expect(ignoring.errors == "")
  }

  @Test func `A damaged file gives what can be read, and tells the rest on standard error`() throws {
    let name = "events.out.tfevents.1795462844.vm.14841.1"
    var bytes = try Files.read(Fixture.sampleRun("sft/runs/Nov23_19-39-41_vm/\(name)"))
    bytes[bytes.count - 10] ^= 1
    try folder.write(name, bytes)
    let outcome = try ftreport("export", name)
    #expect(outcome.status == 0)
    #expect(outcome.output.split(separator: "\n").count == 4)
    #expect(outcome.errors.hasPrefix("\(name): "))
    #expect(outcome.errors.contains("the checksum of a record's payload does not fit"))
  }

  @Test(arguments: ["missing/folder", ".", "notes.txt"])
  func `Where there is no run, exit code 3 says so`(path: String) throws {
    try folder.write("notes.txt", "no events in here")
    let outcome = try ftreport("export", path)
    #expect(outcome.status == 3)
    #expect(outcome.output == "")
    #expect(outcome.errors.hasPrefix("\(path): "))
  }

  @Test func `Many paths in one go, and what cannot be read told beside them`() throws {
    for name in ["a/x", "b/x"] {
      try folder.write("\(name)/trainer_log.jsonl", #"{"current_steps": 1, "loss": 1.5}"# + "\n")
    }
    let outcome = try ftreport("export", "a/x", "missing", "b/x")
    #expect(outcome.status == 3)
    #expect(outcome.errors == "missing: no such file or folder\n")
    #expect(try objects(outcome.output).map { $0["run"]?.string } == ["a/x", "b/x"])
    // A list on standard input, with line feeds or, as `find -print0` gives it, without.
    for list in [#"printf 'a/x\nb/x\n'"#, #"printf 'a/x\0b/x\0'"#] {
      let listed = try ftreport.shell("\(list) | $ftreport export --paths-from -")
      #expect(listed.status == 0)
      #expect(listed.output == outcome.output)
    }
    #expect(try ftreport.shell("$ftreport export --paths-from - </dev/null").status == 2)
    #expect(try ftreport("export").errors.contains("Missing expected argument"))
  }

  @Test func `Arrow begins with its schema, and ends`() throws {
    let outcome = try ftreport.shell(
      "$ftreport export --format arrow \(Fixture.sampleRun("sft")) >points.arrows")
    #expect(outcome.status == 0)
    let bytes = try Files.read(folder.file("points.arrows"))
    #expect(bytes.prefix(4) == [0xff, 0xff, 0xff, 0xff])
    #expect(bytes.suffix(8) == [0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0])
    #expect(bytes.count > 461 * (3 * 4 + 3 * 8))
  }
}
