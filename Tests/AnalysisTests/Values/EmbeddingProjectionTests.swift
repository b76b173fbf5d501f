import Analysis
import FileSystem
import JSON
import RunFolder
import TestSupport
import Testing

/// Embeddings of TensorBoard's projector.
struct EmbeddingProjectionTests {
  private static let folder = Path.join(Fixture.package, "Tests/Fixtures/embeddings")

  private func run(_ name: String) throws -> TrainingRun {
    try OpenedFolder(opening: Path.join(Self.folder, name), acceptsValues: true).runs[0]
  }

  private func projection(
    _ embedding: Embedding, rowLimit: Int = EmbeddingProjection.rowLimit
  ) throws -> EmbeddingProjection {
    EmbeddingProjection(
      embedding,
      try EmbeddingTable(
        reading: embedding, rowLimit: rowLimit, columnLimit: EmbeddingProjection.columnLimit,
        elementLimit: EmbeddingProjection.elementLimit))
  }

  @Test(arguments: [("torch", "tall:00005"), ("torch", "wide/words:00000"), ("binary", "vectors")])
  func `the components are numpy's`(folder: String, name: String) throws {
    let embedding = try #require(try run(folder).embeddings.first { $0.name == name })
    let found = try projection(embedding)
    let bytes = try Files.read(Path.join(Self.folder, "truths.json"))
    let truth = try #require(try JSONValue(parsing: String(decoding: bytes, as: UTF8.self))[name])
    let shares = try #require(truth["shares"]?.array).compactMap(\.double)
    for (share, want) in zip(found.shares, shares) { #expect(abs(share - want) < 1e-9) }
    for (score, want) in zip([found.x, found.y], try #require(truth["scores"]?.array)) {
      let want = (want.array ?? []).compactMap(\.double)
      #expect(score.count == want.count)
      // A component may point either way.
      let sign = zip(score, want).reduce(0) { $0 + $1.0 * $1.1 } < 0 ? -1.0 : 1
      let scale = want.map(\.magnitude).max() ?? 1
      for (value, want) in zip(score, want) { #expect(abs(value - sign * want) < 1e-9 * scale) }
    }
  }

  @Test func `labels tell vectors apart, or stand beside few of them`() throws {
    let embeddings = try run("torch").embeddings
    #expect(embeddings.map(\.name) == ["tall:00005", "wide/words:00000", "line:00000"])
    let tall = try projection(embeddings[0])
    #expect(tall.groups == ["kind 0", "kind 1", "kind 2"] && tall.groupIndices.prefix(4) == [0, 1, 2, 0])
    #expect(tall.labels == [] && tall.rowCount == 120 && tall.columnCount == 7)
    let wide = try projection(embeddings[1])
    #expect(wide.groups == ["a", "b"] && wide.groupName == "group")
    #expect(wide.labels.first == "word0" && wide.labels.count == 20)
    let line = try projection(embeddings[2])
    #expect(line.groups == [] && line.y.allSatisfy { $0 == 0 } && line.shares == [1, 0])
  }

  @Test func `of many vectors some are taken, evenly spread`() throws {
    let embedding = try run("torch").embeddings[0]
    let some = try projection(embedding, rowLimit: 10)
    #expect(some.usedCount == 10 && some.rowCount == 120)
    let table = try EmbeddingTable(reading: embedding, rowLimit: 10, columnLimit: 512, elementLimit: 1 << 20)
    #expect(table.rows == [6, 18, 30, 42, 54, 66, 78, 90, 102, 114])
    #expect(table.labels.map { $0[0] } == table.rows.map { "kind \($0 % 3)" })
  }

  @Test func `what cannot be shown is told, and nothing outside of the folder is read`() throws {
    let run = try run("binary")
    #expect(run.source == .valuesOnly)
    #expect(run.embeddings.map(\.name) == ["vectors", "ragged", "nan", "same", "gone"])
    #expect(run.problems.count == 1 && run.problems[0].contains("lies outside of its folder"))
    func reason(_ name: String) throws -> String? {
      let embedding = try #require(run.embeddings.first { $0.name == name })
      do { return try projection(embedding).obstacle } catch let error as EmbeddingError {
        return error.reason
      }
    }
    #expect(try reason("ragged") == "row 2 is of 1 fields, the first of 2")
    #expect(try reason("nan") == "NaN or infinities in it")
    #expect(try reason("same") == "its vectors are all the same")
    #expect(try reason("gone")?.contains("cannot be read") == true)
    #expect(try reason("vectors") == nil)
  }

  @Test(arguments: [
    "embeddings {", "embeddings: 3 }", "embeddings { tensor_path: \"a }", "}",
    "embeddings { tensor_path \"x\" }",
    String(repeating: "a{", count: 100_000), "\"", "embeddings { tensor_path: [\"a\" ", "a: \"\\x\"",
  ])
  func `a configuration that is none is a problem of the run`(text: String) throws {
    let folder = try TemporaryFolder()
    var writer = EventWriter.begun()
    writer.scalar("loss", 1, 1)
    try folder.write("events.out.tfevents.1", writer.bytes)
    try folder.write("projector_config.pbtxt", text)
    let run = try OpenedFolder(opening: folder.path).runs[0]
    #expect(run.embeddings == [] && run.problems.count == 1, "\(run.problems)")
  }
}
