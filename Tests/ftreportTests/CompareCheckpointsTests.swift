import FileSystem
import JSON
import TestSupport
import Testing

@Suite struct CompareCheckpointsTests {
  private let command = Command(
    folder: Path.join(Fixture.package, "Tests/WeightsTests/Fixtures/peft/linear"))

  @Test func `two adapters are compared in a screenful`() throws {
    let outcome = try command("compare", "before", "after")
    #expect(outcome.status == 0 && outcome.errors.isEmpty)
    #expect(outcome.output.hasPrefix("before and after differ in their ΔWs by "))
    #expect(!outcome.output.contains("keep") && !outcome.output.contains("moved"))
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
    for key in ["schema", "checkpoints", "total", "tensors", "findings", "movement"] {
      #expect(value[key] != nil)
    }
  }

  @Test func `steps of one training move, weights of two trainings differ`() throws {
    let samples = Command(folder: Path.join(Fixture.package, "samples/saves/tiny-random-qwen3/lora"))
    let moved = try samples("compare", "sft/checkpoint-500", "sft/checkpoint-1000")
    #expect(moved.output.contains("From step 500 to step 1,000 eval loss fell"))
    #expect(moved.output.contains("still move") && moved.output.contains("Keep step 1,000"))
    let other = try samples("compare", "sft/checkpoint-1000", "sft_lr1e-4/checkpoint-1000")
    let line = other.output.split(separator: "\n").joined(separator: " ")
    #expect(line.contains("their eval losses are 4.753 and 5.675"))
    #expect(other.output.contains("They went different ways"))
    for words in ["moved", "still move", "Keep", "overfitting", "before"] {
      #expect(!other.output.contains(words), "\(words)")
    }
    let json = try JSONValue(
      parsing: samples("compare", "--format", "json", "sft/checkpoint-1000", "sft_lr1e-4/checkpoint-1000")
        .output)
    #expect(json["relation"]?.string == "unrelated" && json["movement"] == .null)
  }

  @Test func `saves of one training are taken by their steps, however they are named`() throws {
    let samples = Command(folder: Path.join(Fixture.package, "samples/saves/tiny-random-qwen3/lora/sft"))
    let outcome = try samples.shell("$ftreport compare checkpoint-*")
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("From step 500 to step 1,000 eval loss fell"))
    #expect(outcome == (try samples("compare", "checkpoint-500", "checkpoint-1000")))
  }

  @Test func `three saves of one training are a history, those of several are refused`() throws {
    let folder = try TemporaryFolder()
    let sample = Path.join(Fixture.package, "samples/saves/tiny-random-qwen3/lora/sft")
    for (step, source) in [(100, 500), (500, 500), (1000, 1000)] {
      for name in ["adapter_config.json", "adapter_model.safetensors"] {
        try folder.write(
          "out/checkpoint-\(step)/\(name)", Files.read(Path.join(sample, "checkpoint-\(source)/\(name)")))
      }
    }
    let command = Command(folder: folder.path)
    let outcome = try command.shell("$ftreport compare --format md out/checkpoint-*")
    #expect(outcome.status == 0 && outcome.errors.isEmpty)
    #expect(outcome.output.hasPrefix("# 3 saves of `out`\n"))
    let rows = outcome.output.split(separator: "\n").filter { $0.hasPrefix("| ") }
    #expect(rows.count >= 5)
    let steps = rows.map { $0.split(separator: "|")[0].filter { $0 != " " } }
    #expect(Array(steps[2...4]) == ["100", "500", "1,000"])
    #expect(rows[3].contains("same as the one before"))
    let json = try JSONValue(
      parsing: command.shell("$ftreport compare --format json out/checkpoint-*").output)
    #expect(json["checkpoints"]?.array?.compactMap { $0["step"]?.int64 } == [100, 500, 1000])
    let other = try command(
      "compare", "out/checkpoint-100", "out/checkpoint-500", Path.join(sample, "checkpoint-1000"))
    #expect(other.status == 2 && other.errors.contains("saves of one training"))
  }

  @Test func `three saves are told whether their mean is worth an evaluation`() throws {
    // A of length 1, so that the distances are those of B: there and half of the way back, or straight on.
    for (last, verdict, words) in [
      (Float(1.4), "scattering", "is worth an evaluation"), (3, "travelling", "would fall behind"),
    ] {
      let folder = try TemporaryFolder()
      for (step, b) in [(10, Float(1)), (20, 2), (30, last)] {
        let tensors: [SafetensorsBytes.Tensor] = [
          .init("base_model.model.q.lora_A.weight", [1, 2], [1, 0]),
          .init("base_model.model.q.lora_B.weight", [2, 1], [b, 0]),
        ]
        try folder.write("out/checkpoint-\(step)/adapter_model.safetensors", SafetensorsBytes.file(tensors))
        try folder.write(
          "out/checkpoint-\(step)/adapter_config.json", #"{"peft_type":"LORA","r":1,"lora_alpha":1}"#)
      }
      let command = Command(folder: folder.path)
      let text = try command.shell("$ftreport compare --format md out/checkpoint-*").output
      #expect(text.contains("A mean of steps 10, 20 and 30 \(words)"))
      let json = try JSONValue(
        parsing: command.shell("$ftreport compare --format json out/checkpoint-*").output)
      #expect(json["averaging"]?["verdict"]?.string == verdict)
      #expect(try JSONSchema.faults(inText: json.text) == [])
      let distances = json["averaging"]?["distances"]?.array?.compactMap(\.double) ?? []
      #expect(
        zip(distances, [1, abs(Double(last) - 2), Double(last) - 1]).allSatisfy { abs($0 - $1) < 1e-6 })
    }
  }

  @Test func `a training that goes on in another folder is one training`() throws {
    let folder = try TemporaryFolder()
    let sample = Path.join(Fixture.package, "samples/saves/tiny-random-qwen3/lora/sft")
    for (place, step) in [("first", 500), ("second", 1000)] {
      for name in ["adapter_config.json", "adapter_model.safetensors", "trainer_state.json"] {
        try folder.write(
          "\(place)/checkpoint-\(step)/\(name)", Files.read(Path.join(sample, "checkpoint-\(step)/\(name)")))
      }
    }
    let outcome = try Command(folder: folder.path)(
      "compare", "first/checkpoint-500", "second/checkpoint-1000")
    #expect(outcome.output.contains("The weights still move"))
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
    #expect(outcome.output.contains("warning  Every tensor has the same values."))
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
    #expect(outcome.output.contains("Adapter: LORA, rank 3, α 8"))
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
