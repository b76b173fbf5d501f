import FileSystem
import JSON
import TestSupport
import Testing

@Suite struct CompareRunsTests {
  let folder: TemporaryFolder
  let command: Command
  let good = Fixture.sampleRun("sft")
  let worse = Fixture.sampleRun("sft_lr1e-4")

  init() throws {
    folder = try TemporaryFolder()
    command = Command(folder: folder.path)
  }

  @Test func `a worse run is told with its cause first`() throws {
    let outcome = try command("compare", good, worse)
    #expect(outcome.status == 0)
    #expect(
      outcome.output.contains(
        "Worse: best eval/loss 5.675 against 4.753 (+19.4 %)\n\n  learning_rate: 0.005 → 0.0001\n"))
    #expect(outcome.output.contains("time to eval/loss ≤ 4.753: not reached"))
    #expect(outcome.output.contains("\ntrain/grad_"))
    #expect(!outcome.output.contains("eval/runtime"))
    #expect(outcome.output.contains("9 metrics of time and throughput stand on the page"))
    // In a narrow column the name may stand on two lines.
    #expect(try command("compare", good, worse, "--metric", "*").output.contains("runtime"))
    #expect(!outcome.output.contains("runtime"))
    #expect(!outcome.output.contains("Report:"))
  }

  @Test func `the resumed run equals the uninterrupted one`() throws {
    let outcome = try command("compare", good, Fixture.sampleRun("sft_resumed"), "--format", "json")
    let pair = try #require(try JSONValue(parsing: outcome.output)["comparisons"]?.array?.first)
    #expect(pair["pairing"]?["identical"]?.bool == true)
    #expect(pair["loss"]?["first_different_step"] == .null)
    let losses = (pair["metrics"]?.array ?? []).filter { $0["tag"]?.string?.hasSuffix("/loss") == true }
    #expect(losses.map { $0["verdict"]?.string } == ["same", "same", "same"])
  }

  @Test func `a report folder holds the page, its picture and the figures, the same every time`() throws {
    #expect(try command("compare", good, worse, "-o", "out").status == 0)
    let path = "out/sft_lr1e-4-against-sft.report/"
    let page = String(decoding: try Files.read(folder.file(path + "report.md")), as: UTF8.self)
    #expect(page.contains("](comparison.svg)"))
    #expect(page.contains("| **`learning_rate`** | `0.005` | `0.0001` |"))
    #expect(page.contains("\n## Weights\n"))
    let picture = try Files.read(folder.file(path + "comparison.svg"))
    #expect(String(decoding: picture, as: UTF8.self).hasPrefix("<svg"))
    _ = try JSONValue(parsing: try Files.read(folder.file(path + "report.json")))
    #expect(try command("compare", good, worse, "-o", "out").status == 0)
    #expect(try Files.read(folder.file(path + "comparison.svg")) == picture)
    #expect(String(decoding: try Files.read(folder.file(path + "report.md")), as: UTF8.self) == page)
  }

  @Test func `a notebook gets picture, page and text`() throws {
    let outcome = try command("compare", good, worse, "--format", "mimebundle")
    let bundle = try JSONValue(parsing: outcome.output)
    #expect(bundle["image/svg+xml"]?.string?.hasPrefix("<svg") == true)
    #expect(bundle["text/markdown"]?.string?.hasPrefix("# ") == true)
    #expect(bundle["text/plain"]?.string?.isEmpty == false)
  }

  @Test func `a filtered NaN is no better loss`() throws {
    let outcome = try command("compare", good, Fixture.sampleRun("sft_diverged"))
    #expect(outcome.output.contains("Worse: its training loss is 0 in place of NaN from step 20"))
  }

  @Test func `many runs are held against the first`() throws {
    let outcome = try command("compare", good, worse, Fixture.sampleRun("sft_resumed"), "--metric", "*/loss")
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("\n2 runs: 1 worse, 1 same\n"))
    #expect(outcome.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
    let rows = outcome.output.split(separator: "\n").map {
      $0.split(separator: " ").prefix(7).joined(separator: " ")
    }
    #expect(rows.contains("sft 4.753 4.787 baseline"))
    #expect(rows.contains("lr1e-4 5.675 +19.4 % 5.642 +17.9 %"))
    #expect(rows.contains("resumed 4.753 0.0 % 4.787 0.0 %"))
    #expect(outcome.output.contains("learning_rate") && outcome.output.contains("seed"))
    let page = try command("compare", good, worse, Fixture.sampleRun("sft_resumed"), "--format", "md").output
    #expect(page.contains("| lr1e-4  |          5.675 | +19.4 % |"))
    #expect(page.contains("\n## resumed\n\nSame: best eval/loss 4.753 against 4.753"))
  }

  @Test func `two checkpoints are compared as checkpoints, and nothing mixed`() throws {
    let first = Path.join(good, "checkpoint-500")
    let checkpoints = try command("compare", first, Path.join(good, "checkpoint-1000"))
    #expect(checkpoints.status == 0)
    #expect(try command("compare", first, worse).status == 2)
    #expect(try command("compare", good).status == 2)
    #expect(try command("compare", good, "nowhere").status == 3)
    #expect(try command("compare", good, worse, "--x", "tokens").status == 3)
    #expect(try command("compare", good, worse, "--x", "miles").status == 2)
    #expect(try command("compare", good, worse, "--format", "md", "-o", "x").status == 2)
  }
}
