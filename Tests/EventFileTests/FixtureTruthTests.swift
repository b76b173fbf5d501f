import EventFile
import FileSystem
import JSON
import TestSupport
import Testing

/// Files by TensorBoard's own writer, held against what its own reader finds in them; `scripts/make-event-truths.py`
/// makes both.
struct FixtureTruthTests {
  private func path(_ name: String) -> String {
    Path.join(Fixture.package, "Tests/EventFileTests/Fixtures/\(name)")
  }

  private func number(_ value: JSONValue) -> Double? { value.double ?? value.string.flatMap { Double($0) } }

  @Test(arguments: ["trainer", "tensors", "mixed"])
  func `every scalar and text equals TensorBoard's`(name: String) throws {
    let contents = try EventFileContents(reading: path("\(name).tfevents"))
    let truth = try JSONValue(parsing: Files.read(path("\(name).json")))
    #expect(contents.faults.isEmpty)
    #expect(contents.ending == .complete)
    #expect(contents.writer == "tensorboard.summary.writer.event_file_writer")
    let scalars = try #require(truth["scalars"]?.members)
    #expect(Set(contents.series.map(\.tag)) == Set(scalars.map(\.key)))
    for scalar in scalars {
      let series = try #require(contents.series.first { $0.tag == scalar.key })
      let rows = try #require(scalar.value.array)
      #expect(series.count == rows.count)
      for (point, row) in zip(series, rows) {
        #expect(point.step == row.array?[0].int64)
        #expect(point.wallTime == row.array?[1].double)
        let want = try #require(row.array.flatMap { number($0[2]) })
        #expect(point.value == want || point.value.isNaN && want.isNaN, "\(scalar.key) \(point)")
      }
    }
    for text in try #require(truth["texts"]?.members) {
      let rows = try #require(text.value.array).compactMap(\.array)
      let got = contents.texts.filter { $0.tag == text.key }
      #expect(got.map(\.step) == rows.map { $0[0].int64 })
      #expect(got.map(\.wallTime) == rows.map { $0[1].double })
      #expect(got.map(\.strings) == rows.map { ($0[2].array ?? []).compactMap(\.string) })
    }
    for kind in try #require(truth["others"]?.members) {
      for tag in kind.value.array?.compactMap(\.string) ?? [] {
        #expect(contents.tags.contains { $0.tag == tag && $0.plugin == kind.key })
      }
    }
    #expect(contents.tags.contains { $0.plugin == "graphs" } == truth["graph"]?.bool)
  }

  @Test func `hyperparameters are those that were written`() throws {
    let contents = try EventFileContents(reading: path("mixed.tfevents"))
    #expect(
      contents.hyperparameters == [
        Hyperparameter(name: "bf16", value: .bool(true)), Hyperparameter(name: "lr", value: .number(1e-4)),
        Hyperparameter(name: "optimizer", value: .text("adamw")),
        Hyperparameter(name: "rank", value: .number(8)),
      ])
  }

  @Test func `a restart among other events replaces the steps from its own on`() throws {
    let run = EventRun(
      reading: EventFolder(name: "mixed", path: "", files: [path("mixed.tfevents")]))
    let loss = try #require(run.metrics.first { $0.tag == "loss" })
    #expect(loss.series.steps == [0, 1, 4, 5])
    #expect(loss.superseded.steps == [2, 3])
  }
}
