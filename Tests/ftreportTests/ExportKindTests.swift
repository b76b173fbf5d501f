import FileSystem
import JSON
import SQLite
import TestSupport
import Testing

/// `export --kind …` and `export --format sqlite`.
struct ExportKindTests {
  let ftreport: Command
  private let folder: TemporaryFolder
  private let fixtures = Path.join(Fixture.package, "Tests/EventFileTests/Fixtures")

  init() throws {
    folder = try TemporaryFolder()
    ftreport = Command(folder: folder.path)
  }

  private var plugins: String { Path.join(fixtures, "plugins.tfevents") }

  private func objects(_ text: String) throws -> [JSONValue] {
    try text.split(separator: "\n").map { try JSONValue(parsing: String($0)) }
  }

  @Test(arguments: [
    ("histograms", 11, "lefts"), ("images", 10, "images"), ("audio", 10, "sounds"), ("text", 16, "strings"),
    ("pr-curves", 5, "recall"), ("hparams", 3, "record"), ("graphs", 2, "operations"),
    ("layouts", 1, "categories"),
    ("meshes", 3, "mesh"), ("tensors", 1, "elements"), ("profiles", 1, "bytes"),
  ])
  func `a kind is printed with what it holds, and nothing else`(kind: String, count: Int, member: String)
    throws
  {
    let outcome = try ftreport("export", "--kind", kind, plugins)
    #expect(outcome.status == 0)
    #expect(outcome.errors == "")
    let lines = try objects(outcome.output)
    #expect(lines.count == count)
    #expect(lines.allSatisfy { $0["kind"]?.string == kind && $0[member] != nil && $0["fault"] == nil })
  }

  @Test func `all kinds together, with the scalars first`() throws {
    let lines = try objects(try ftreport("export", "--kind", "all", plugins).output)
    #expect(lines.count { $0["kind"] == nil } == 5)
    #expect(Set(lines.compactMap { $0["kind"]?.string }).count == 11)
    #expect(lines.count { $0["superseded"]?.bool == true } > 20)
    let some = try objects(
      try ftreport("export", "--kind", "all", "--metric", "text/*", "--metric", "loss", plugins).output)
    #expect(
      Set(some.compactMap { $0["tag"]?.string }) == ["text/scalar", "text/vector", "text/matrix", "loss"])
  }

  @Test func `media go into a folder under their checksums, with a list`() throws {
    let outcome = try ftreport("export", "--kind", "images", "--kind", "audio", "--media", "out", plugins)
    #expect(outcome.status == 0)
    let list = try objects(String(decoding: Files.read(folder.file("out/manifest.ndjson")), as: UTF8.self))
    #expect(try list == objects(outcome.output))
    // The list says the same whatever the values are written as.
    for form in [["csv"], ["sqlite", "-o", "values.db"]] {
      let other = try ftreport(
        ["export", "--kind", "images", "--media", form[0], "--format"] + form + [plugins])
      #expect(other.status == 0, "\(other)")
      let pictures = try objects(
        String(decoding: Files.read(folder.file("\(form[0])/manifest.ndjson")), as: UTF8.self))
      #expect(pictures == list.filter { $0["kind"]?.string == "images" })
    }
    let items = list.flatMap { ($0["images"] ?? $0["sounds"])?.array ?? [] }
    let names = Set(items.compactMap { $0["file"]?.string })
    #expect(items.allSatisfy { $0["file"]?.string?.hasPrefix($0["sha256"]?.string ?? "-") == true })
    #expect(Set(try Files.names(in: folder.file("out"))) == names.union(["manifest.ndjson"]))
    #expect(names.count { $0.hasSuffix(".png") } >= 2 && names.count { $0.hasSuffix(".jpg") } >= 2)
    #expect(names.count { $0.hasSuffix(".wav") } == 2)
    let small = try ftreport("export", "--kind", "images", "--media", "small", "--max-media", "10", plugins)
    #expect(try Files.names(in: folder.file("small")) == ["manifest.ndjson"])
    #expect(small.errors.contains("left out: --max-media is 10"))
  }

  @Test func `what is no picture is told and not written`() throws {
    var writer = EventWriter.begun()
    for (index, bytes) in [Array("<svg onload='alert(1)'/>".utf8), [0x89, 0x50], []].enumerated() {
      let image = WireMessage().varint(1, 1).varint(2, 1).bytes(4, bytes)
      writer.add(EventWriter.event(Int64(index), nil, [WireMessage().text(1, "bad").message(4, image)]))
    }
    try folder.write("events.out.tfevents.1", writer.bytes)
    let outcome = try ftreport("export", "--kind", "images", "--media", "out", "events.out.tfevents.1")
    #expect(outcome.status == 0)
    let items = try objects(outcome.output).flatMap { $0["images"]?.array ?? [] }
    try #require(items.count == 3)
    #expect(items.allSatisfy { $0["file"] == nil && $0["faults"]?.array?.isEmpty == false })
    #expect(items[0]["faults"]?.array?.first?.string == "not a picture or a sound but an SVG document")
    #expect(try Files.names(in: folder.file("out")) == ["manifest.ndjson"])
  }

  @Test(arguments: [
    ("histograms", "left,right,count"), ("text", "index,text"),
    ("pr-curves", "true_positives,false_positives,true_negatives,false_negatives,precision,recall"),
    ("graphs", "operation,nodes"),
    ("images", "index,type,width,height,bytes,sha256,file"),
    ("audio", "index,type,sample_rate,seconds,label,bytes,sha256,file"),
  ])
  func `a kind as a table`(kind: String, columns: String) throws {
    let outcome = try ftreport("export", "--kind", kind, "--format", "csv", plugins)
    #expect(outcome.status == 0)
    let lines = outcome.output.split(separator: "\n")
    #expect(lines.first == "run,file,tag,step,wall_time,\(columns),superseded,duplicate")
    let commas = lines[0].count { $0 == "," }
    #expect(lines.count > 3)
    if kind != "text" { #expect(lines.allSatisfy { $0.count { $0 == "," } == commas }) }
  }

  @Test func `wrong combinations are refused`() throws {
    for arguments in [
      ["--format", "sqlite"], ["-o", "a.db"], ["--format", "csv", "--kind", "all"],
      ["--format", "arrow", "--kind", "text"], ["--format", "csv", "--kind", "text", "--kind", "images"],
      ["--kind", "pictures"], ["--max-media", "-1"],
    ] {
      #expect(try ftreport(["export"] + arguments + [plugins]).status == 2, "\(arguments)")
    }
  }

  @Test func `a database holds what the files hold, and takes more folders later`() throws {
    let run = Fixture.sampleRun("sft_resumed")
    #expect(try ftreport("export", "--format", "sqlite", "-o", "h.db", "--kind", "all", run).status == 0)
    let second = try ftreport("export", "--format", "sqlite", "-o", "h.db", "--kind", "all", plugins)
    #expect(second.status == 0 && second.output == "")
    let database = try Database(folder.file("h.db"), .read)
    #expect(try database.number("SELECT count(*) FROM runs") == 2)
    let lines = try objects(try ftreport("export", "--kind", "all", run, plugins).output)
    let points = lines.filter { $0["kind"] == nil }
    #expect(try database.number("SELECT count(*) FROM points") == Int64(points.count))
    #expect(
      try database.number("SELECT count(*) FROM points WHERE mark = 'superseded'")
        == Int64(points.count { $0["superseded"]?.bool == true }))
    #expect(try database.number("SELECT count(*) FROM items") == Int64(lines.count - points.count))
    let rows = try database.prepare("SELECT step, value FROM curves WHERE tag = 'train/loss' ORDER BY step")
    var values: [Double?] = []
    while try rows.step() { values.append(rows.double(1)) }
    #expect(
      values
        == points.filter { $0["tag"]?.string == "train/loss" && $0["superseded"] == nil }
        .sorted { ($0["step"]?.int64 ?? 0) < ($1["step"]?.int64 ?? 0) }.map { $0["value"]?.double })
    #expect(try database.number("SELECT count(*) FROM settings WHERE name = 'learning_rate'") ?? 0 > 0)
    #expect(try database.number("SELECT count(*) FROM checkpoints") ?? 0 > 0)
    #expect(try database.number("SELECT count(*) FROM tensors") ?? 0 > 0)
    #expect(
      try database.number(
        "SELECT json_extract(body, '$.strings[0]') IS NOT NULL FROM items JOIN tags ON tags.id = items.tag WHERE kind = 'text' LIMIT 1"
      ) == 1)
    // Again: each run takes its own place.
    #expect(
      try ftreport("export", "--format", "sqlite", "-o", "h.db", "--kind", "all", run, plugins).status == 0)
    #expect(try database.number("SELECT count(*) FROM runs") == 2)
    #expect(try database.number("SELECT count(*) FROM points") == Int64(points.count))
    #expect(try database.number("SELECT count(*) FROM tags WHERE run NOT IN (SELECT id FROM runs)") == 0)
    #expect(
      try database.number("SELECT count(*) FROM tensors WHERE checkpoint NOT IN (SELECT id FROM checkpoints)")
        == 0)
  }

  @Test func `a database of somebody else's is left alone`() throws {
    do {
      let other = try Database(folder.file("other.db"), .write)
      try other.execute("CREATE TABLE mine(x); INSERT INTO mine VALUES(1)")
    }
    let before = try Files.read(folder.file("other.db"))
    let outcome = try ftreport("export", "--format", "sqlite", "-o", "other.db", plugins)
    #expect(outcome.status == 2)
    #expect(outcome.errors == "other.db: a database that ftreport did not write; choose another file\n")
    #expect(try Files.read(folder.file("other.db")) == before)
    try folder.write("text.txt", String(repeating: "words ", count: 100))
    #expect(try ftreport("export", "--format", "sqlite", "-o", "text.txt", plugins).status == 2)
  }
}
