import Analysis
import FileSystem
import Report
import TestSupport
import Testing

/// The examples of the documentation, which are compiled here, do what their articles say.
struct ExampleTests {
  private let run = Fixture.sampleRun("sft")

  @Test(arguments: ["EventFile", "Checkpoint", "Weights", "RunFolder", "Analysis", "Experiment", "Report"])
  func `The example of an article is the code that is compiled here`(product: String) throws {
    func text(_ path: String) throws -> String {
      String(decoding: try Files.read(Path.join(Fixture.package, path)), as: UTF8.self)
    }
    let parts = try text("Sources/\(product)/\(product).docc/\(product).md").split(separator: "```swift\n")
    #expect(parts.count == 2)
    let block = parts.last?.split(separator: "```").first.map(String.init)
    #expect(block == (try text("Tests/ftreportTests/Examples/\(product).swift")))
    // Whoever reads with a product imports it alone; a page is of another room than what it is on.
    let imports = block?.split(separator: "\n").filter { $0.hasPrefix("import ") } ?? []
    #expect(imports == ["import \(product)"] + (product == "Experiment" ? ["import Report"] : []))
  }

  @Test func `an event file is described`() throws {
    let lines = try contents(
      ofEventFile: Path.join(run, "runs/Nov23_19-39-41_vm/events.out.tfevents.1795462781.vm.14841.0"))
    #expect(lines.contains { $0.hasPrefix("eval/loss: 10 points, the last 4.753") })
  }

  @Test func `the greatest value of an adapter is found`() throws {
    let found = try greatest(inCheckpoint: Path.join(run, "checkpoint-1000"))
    #expect(found?.name.contains("lora_") == true && (found?.value ?? 0) > 0)
  }

  @Test func `the movement of each module is told`() throws {
    let modules = try movement(
      from: Path.join(run, "checkpoint-500"), to: Path.join(run, "checkpoint-1000"))
    #expect(modules.count == 21 && (modules.first?.change ?? 0) > (modules.last?.change ?? 1))
  }

  @Test func `a run is described`() throws {
    let lines = try runs(at: Fixture.sampleRun("sft_resumed"))
    #expect(lines.count == 1)
    #expect(lines[0].hasSuffix("2 checkpoints, learning rate 0.005, 1 resumes"), "\(lines)")
  }

  @Test func `a worse run is called worse`() throws {
    let judged = try judge(Fixture.sampleRun("sft_diverged"), against: run)
    #expect(judged.findings.contains(.filteredNaN))
    #expect(try judge(Fixture.sampleRun("sft_lr1e-4"), against: run).verdict == "worse")
  }

  @Test func `saves are taken in the order of their steps`() throws {
    let text = try page(onSaves: Path.join(run, "checkpoint-1000"), Path.join(run, "checkpoint-500"))
    #expect(text.hasPrefix("# Checkpoints `step 500` and `step 1,000`\n"))
  }

  @Test func `a page can be had in every format`() throws {
    let made = try pages(of: run)
    #expect(made.count == PageFormat.allCases.count)
    #expect(made[.html]?.hasPrefix("<!doctype html>") == true)
    #expect(made[.md]?.hasPrefix("# Training run") == true)
  }
}
