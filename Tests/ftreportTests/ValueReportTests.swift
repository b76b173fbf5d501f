import FileSystem
import JSON
import TestSupport
import Testing

/// Reports of folders that hold other data than scalars.
struct ValueReportTests {
  let ftreport: Command
  private let folder: TemporaryFolder
  private static let fixtures = Path.join(Fixture.package, "Tests/Fixtures")

  init() throws {
    folder = try TemporaryFolder()
    ftreport = Command(folder: folder.path)
  }

  /// Event files of one picture at each of `steps`, and of a text.
  private func writePictures(_ path: String, _ names: [String], steps: [Int64] = [0, 10, 20]) throws {
    var writer = EventWriter.begun()
    for (step, name) in zip(steps, names) {
      let bytes = try Files.read(Path.join(Fixture.package, "Tests/MediaTests/Fixtures/\(name)"))
      let image = WireMessage().varint(1, 1).varint(2, 1).bytes(4, bytes)
      writer.add(EventWriter.event(step, nil, [WireMessage().text(1, "samples").message(4, image)]))
    }
    try folder.write(path, writer.bytes)
  }

  private func page(_ name: String) throws -> String {
    String(decoding: try Files.read(folder.file("\(name)/report.md")), as: UTF8.self)
  }

  @Test func `a folder with pictures alone has a page of them`() throws {
    try writePictures("media/events.out.tfevents.1", ["rgb.png", "gray.png", "alpha.png"])
    let outcome = try ftreport("media")
    #expect(outcome.status == 0 && outcome.errors == "")
    #expect(outcome.output.contains("The event files hold images, but no scalars"))
    let page = try page("media.report")
    #expect(page.contains("**No scalars.**") && page.contains("## Images"))
    #expect(page.contains("From step 0 to step 20: PSNR "))
    #expect(!page.contains("not part of this report"))
    #expect(try Files.names(in: folder.file("media.report/media")).count == 3)
    let json = try JSONValue(parsing: try ftreport("--format", "json", "media").output)
    #expect(json["source"]?.string == "values" && json["metrics"]?.array == [])
    #expect(json["values"]?["images"]?.array?[0]["items"]?.array?.count == 3)
    let file = try ftreport("--format", "md", "media/events.out.tfevents.1")
    #expect(file.status == 0 && file.output.contains("## Images"))
  }

  @Test func `hyperparameters alone are a page, and beside runs no run`() throws {
    let search = Path.join(Self.fixtures, "hparams/search")
    for name in ["", "run-0/"] {
      let bytes = try Files.read(Path.join(search, name + "events.out.tfevents.1750000000.fixture"))
      try folder.write("search/\(name)events.out.tfevents.1", bytes)
    }
    let both = try JSONValue(parsing: try ftreport("--format", "json", "search").output)
    #expect(both["name"]?.string == "run-0")
    let alone = try ftreport("--format", "json", "search/events.out.tfevents.1")
    #expect(try JSONValue(parsing: alone.output)["source"]?.string == "values")
    // Lines for many runs take the same.
    let line = try JSONValue(
      parsing: try ftreport("--format", "ndjson", "search/events.out.tfevents.1").output)
    #expect(line["source"]?.string == "values" && line["values"] == .null)
  }

  @Test func `pictures beside runs have their page`() throws {
    try folder.write(
      "runs/train/events.out.tfevents.1",
      { () -> [UInt8] in
        var writer = EventWriter.begun()
        for step in 0..<30 { writer.scalar("loss", Int64(step), 1 / Float(step + 1)) }
        return writer.bytes
      }())
    try writePictures("runs/pictures/events.out.tfevents.1", ["rgb.png", "gray.png"])
    let outcome = try ftreport("runs")
    #expect(outcome.status == 0)
    let page = try page("runs.report")
    #expect(page.contains("1 with other data and no scalars"))
    #expect(page.contains("[`pictures`](pictures/report.md)"))
  }

  @Test func `a folder with nothing to show is still none`() throws {
    try folder.write("empty/events.out.tfevents.1", EventWriter.begun().bytes)
    let outcome = try ftreport("empty")
    #expect(outcome.status == 3 && outcome.errors == "empty: no scalars in its event file\n")
  }

  @Test func `charts are drawn as they were laid out`() throws {
    let outcome = try ftreport("-o", ".", Path.join(Self.fixtures, "layouts/torch"))
    #expect(outcome.status == 0)
    let page = try page("torch.report")
    #expect(page.contains("## Charts as laid out") && page.contains("### bands"))
    #expect(page.contains("](charts-1.svg)") && page.contains("](charts-3.svg)"))
    #expect(page.contains("- **not the beginning**: no metric fits `train`."))
    #expect(page.contains("is no regular expression") && page.contains("is not followed"))
    #expect(try Files.names(in: folder.file("torch.report")).count { $0.hasPrefix("charts-") } == 3)
  }

  @Test func `embeddings are drawn along their principal components`() throws {
    let outcome = try ftreport("-o", ".", Path.join(Self.fixtures, "embeddings/torch"))
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("The event files hold embeddings, but no scalars"))
    let page = try page("torch.report")
    #expect(page.contains("](embedding-3.svg)"))
    #expect(page.contains("`tall:00005`: 120 vectors of 7 numbers; "))
    let json = try JSONValue(
      parsing: try ftreport("--format", "json", Path.join(Self.fixtures, "embeddings/binary")).output)
    #expect(json["values"]?["embeddings"]?.array?.count == 5)
  }

  @Test func `pictures that differ stand side by side, without them under --redact`() throws {
    var writer = EventWriter.begun()
    for step in 0..<30 { writer.scalar("loss", Int64(step), 1 / Float(step + 1)) }
    for (run, name) in [("a", "rgb.png"), ("b", "gray.png")] {
      try folder.write("\(run)/events.out.tfevents.1", writer.bytes)
      try writePictures("\(run)/events.out.tfevents.2", [name], steps: [5])
    }
    let outcome = try ftreport("compare", "a", "b", "-o", ".")
    #expect(outcome.status == 0)
    let report = try #require(try Files.names(in: folder.path).first { $0.hasSuffix(".report") })
    let page = try page(report)
    #expect(page.contains("`samples` at step 5: PSNR "))
    #expect(page.contains("baseline · 14 × 9") && page.contains("new · 14 × 9"))
    #expect(try Files.names(in: folder.file("\(report)/media")).count == 2)
    #expect(try ftreport("compare", "a", "b", "-o", "out", "--redact").status == 0)
    let redacted = try #require(try Files.names(in: folder.file("out")).first)
    #expect(!(try Files.names(in: folder.file("out/\(redacted)"))).contains("media"))
  }

  @Test func `runs without scalars are compared by what they hold, or it is said what that is`() throws {
    try writePictures("a/events.out.tfevents.1", ["rgb.png", "gray.png"])
    try writePictures("b/events.out.tfevents.1", ["rgb.png", "alpha.png"])
    let outcome = try ftreport("compare", "a", "b")
    #expect(outcome.status == 0 && outcome.output.contains("No scalars: what else both hold is compared"))
    #expect(outcome.output.contains("samples") && !outcome.output.contains("aligned"), "\(outcome.output)")
    let page = try ftreport("compare", "--format", "md", "a", "b").output
    #expect(page.contains("## Data beside scalars") && !page.contains("## Metrics"), "\(page)")
    let json = try JSONValue(parsing: try ftreport("compare", "--format", "json", "a", "b").output)
    #expect(json["values"]?.array?.first?["kind"]?.string == "images")
    #expect(try ftreport("compare", "-o", "out", "a", "b").status == 0)

    var text = EventWriter.begun()
    text.add(
      EventWriter.event(
        3, nil,
        [
          EventWriter.value(
            "notes", tensor: WireMessage().varint(1, 7).text(8, "a note"), plugin: "text")
        ]))
    try folder.write("c/events.out.tfevents.1", text.bytes)
    let apart = try ftreport("compare", "a", "c")
    #expect(apart.status == 3 && apart.errors.contains("a: images") && apart.errors.contains("c: texts"))
    let three = try ftreport("compare", "a", "b", "c")
    #expect(three.status == 3 && three.errors.contains("compared of two runs"))
  }
}
