import Bytes
import JSON
import TestSupport
import Testing

@Suite struct CompareCheckpointsTests {
  private let command = Command(
    folder: Path.join(Fixture.package, "Tests/CheckpointTests/Fixtures/peft/linear"))

  @Test func `two adapters are compared in a screenful`() throws {
    let outcome = try command("compare", "before", "after")
    #expect(outcome.status == 0 && outcome.errors.isEmpty)
    #expect(outcome.output.hasPrefix("From before to after the adapter's ΔW moved "))
    #expect(outcome.output.contains("Nothing in the files says which one to keep"))
    #expect(outcome.output.contains("\nlayers · q_proj "))
  }

  @Test func `JSON has the documented keys, and the figures of the truth`() throws {
    let outcome = try command("compare", "--format", "json", "before", "after")
    let value = try JSONValue(parsing: outcome.output)
    let truth = try JSONValue(parsing: Files.read(Path.join(command.folder, "truth.json")))
    let modules = try #require(value["modules"]?.array)
    #expect(modules.count == truth.members?.count)
    for module in modules {
      let name = try #require(module["module"]?.string)
      let norms = (module["delta_norm"]?.array ?? []).compactMap(\.double)
      try #require(norms.count == 2)
      let wanted = try #require(truth[name]?["after"]?.double)
      #expect(abs(norms[1] - wanted) < 1e-6 * wanted, "\(name)")
      for key in [
        "kind", "rank", "scaling", "difference_norm", "relative_change", "cosine", "singular_values",
        "stable_rank",
      ] {
        #expect(module[key] != nil, "\(key)")
      }
    }
    for key in ["format", "checkpoints", "total", "tensors", "findings", "movement"] {
      #expect(value[key] != nil)
    }
  }

  @Test func `a folder gets a page with its pictures`() throws {
    let folder = try TemporaryFolder()
    let outcome = try command("compare", "-o", folder.path, "before", "after")
    #expect(outcome.status == 0)
    let report = folder.file("before-after.report")
    let page = String(decoding: try Files.read(Path.join(report, "report.md")), as: UTF8.self)
    for picture in ["norms.svg", "layers.svg", "spectrum.svg"] {
      #expect(page.contains("](\(picture))"))
      let text = String(decoding: try Files.read(Path.join(report, picture)), as: UTF8.self)
      #expect(text.hasPrefix("<svg ") && text.hasSuffix("</svg>\n"))
      #expect(!text.contains("nan") && !text.contains("inf\""))
    }
    #expect(page.contains("## Method"))
  }

  @Test func `the same checkpoint twice is told as identical`() throws {
    let outcome = try command("compare", "before", "before/adapter_model.safetensors")
    #expect(outcome.output.contains("hold the same weights, bit for bit"))
    #expect(outcome.output.contains("warning: Every tensor is the same bit for bit."))
  }

  @Test func `what is no checkpoint ends in status 3 with its reason`() throws {
    let outcome = try command("compare", "before", "truth.json")
    #expect(outcome.status == 3 && outcome.output.isEmpty)
    #expect(outcome.errors.contains("truth.json"))
  }

  @Test func `inspect lists tensors, types and totals from the header`() throws {
    let outcome = try command("inspect", "before")
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("safetensors, 14 tensors"))
    #expect(outcome.output.contains("adapter: LORA, rank 3, α 8"))
    #expect(outcome.output.contains("base_model.model.embed.lora_embedding_A"))
    let json = try JSONValue(parsing: try command("inspect", "--format", "json", "before").output)
    #expect(json["tensors"]?.array?.count == 14)
    #expect(json["totals"]?["tensors"]?.int64 == 14)
    let page = try command("inspect", "--format", "md", "before").output
    #expect(page.hasPrefix("# Checkpoint `before`"))
  }

  @Test func `inspect goes on after a broken file, and ends in status 3`() throws {
    let folder = try TemporaryFolder()
    try folder.write("cut.safetensors", [1, 2, 3])
    let outcome = try command("inspect", folder.file("cut.safetensors"), "before")
    #expect(outcome.status == 3)
    #expect(outcome.errors.contains("cut.safetensors: byte 0: the file has 3 bytes"))
    #expect(outcome.output.contains("14 tensors"))
  }
}
