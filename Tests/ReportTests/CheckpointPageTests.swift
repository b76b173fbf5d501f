import Analysis
import Checkpoint
import FileSystem
import RunFolder
import TestSupport
import Testing
import Weights

@testable import Report

@Suite struct CheckpointPageTests {
  /// The comparison of two checkpoints of the run `sft` among the samples.
  private func sample() throws -> CheckpointReport {
    func folder(_ step: Int) -> String { Path.join(Fixture.sampleRun("sft"), "checkpoint-\(step)") }
    func training(_ step: Int64) throws -> CheckpointTraining? {
      CheckpointTraining(
        try TrainerState(reading: Path.join(folder(Int(step)), "trainer_state.json")), step: step)
    }
    var comparison = try CheckpointComparison(
      try Checkpoint(opening: folder(500)), try Checkpoint(opening: folder(1000)))
    // Paths as from the package, wherever that is.
    comparison.sides.before?.path = "sft/checkpoint-500"
    comparison.sides.after?.path = "sft/checkpoint-1000"
    return CheckpointReport(
      CheckpointAnalysis(comparison, training: Pair(try training(500), try training(1000))))
  }

  @Test func `the comparison of two checkpoints of a run is the one that was looked at`() throws {
    let report = try sample()
    let names = report.files.map(\.path)
    #expect(
      names == [
        "report.md", "report.html", "norms.svg", "changes.svg", "layers.svg", "spectrum.svg", "report.json",
      ])
    for name in names where name != "report.json" && name != "report.html" {
      try Golden.check("checkpoints/" + name) {
        try #require(try sample().files.first { $0.path == name }).text
      }
    }
    try Golden.check("checkpoints/terminal.txt") { try sample().terminalText() }
    #expect(try JSONSchema.faults(inText: report.json) == [])
    // The HTML file has the pictures inside.
    #expect(report.html.split(separator: "<svg ").count == 5 && !report.html.contains("norms.svg"))
  }

  @Test func `the norms of three saves are lines by type of module`() throws {
    let analysis = try sample().analysis
    func entry(_ step: Int64, _ share: Double) -> CheckpointHistory.Entry {
      var entry = CheckpointHistory.Entry(step: step, path: "checkpoint-\(step)", training: nil, norm: share)
      entry.typeNorms = CheckpointHistory.TypeNorm.norms(of: analysis).map {
        .init(type: $0.type, norm: share * $0.norm)
      }
      return entry
    }
    let two = CheckpointHistory(entries: [entry(500, 0.8), entry(1000, 1)], last: nil)
    #expect(TypeNormChart(two) == nil)
    let three = CheckpointHistory(entries: [entry(200, 0.4)] + two.entries, last: analysis)
    let report = CheckpointHistoryReport(three, title: "sft")
    #expect(report.files.contains { $0.path == "checkpoints-course.svg" })
    #expect(try JSONSchema.faults(inText: report.json) == [])
    try Golden.check("checkpoints/course.svg") { try #require(TypeNormChart(three)).document.text }
    // ‖ΔW‖ of all types together is that of the adapter.
    let square = CheckpointHistory.TypeNorm.norms(of: analysis).reduce(0) { $0 + $1.norm * $1.norm }
    let norm = analysis.comparison.total.norm.after
    #expect(abs(square.squareRoot() - norm) < 1e-9 * norm)
  }

  @Test(arguments: ["IA3", "LOHA", "LOKR", "VERA", "OFT", "PROMPT_TUNING"])
  func `adapters of kinds without ΔW are said to be compared tensor by tensor`(kind: String) throws {
    let folder = try TemporaryFolder()
    for (name, byte) in [("a", UInt8(0x3f)), ("b", UInt8(0x40))] {
      let header = Array(
        #"{"base_model.model.k_proj.ia3_l":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#.utf8)
      let bytes =
        (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) } + header + [0, 0, 0x80, byte]
      _ = try folder.write(name + "/adapter_model.safetensors", bytes)
      _ = try folder.write(name + "/adapter_config.json", #"{"peft_type":"\#(kind)"}"#)
    }
    let comparison = try CheckpointComparison(
      try Checkpoint(opening: folder.file("a")), try Checkpoint(opening: folder.file("b")))
    let report = CheckpointReport(CheckpointAnalysis(comparison, training: Pair(nil, nil)))
    let words =
      "The PEFT kind is \(kind): no ΔW is made of its tensors, which are compared one by one."
    let line = report.terminalText().split(separator: "\n").joined(separator: " ")
    #expect(line.contains(words))
    #expect(report.json.contains("\"remark\": \"\(words)\""))
    #expect(try JSONSchema.faults(inText: report.json) == [])
    #expect(report.markdown.contains(MarkdownText.plain(words)))
  }

  /// The words of a comparison of two adapters of one module, whose B are `before` and `after`, and of a head.
  private func words(b: (Float, Float), head: (Float, Float)? = nil) throws -> String {
    let folder = try TemporaryFolder()
    for (name, b, head) in [("a", b.0, head?.0), ("b", b.1, head?.1)] {
      var tensors: [SafetensorsBytes.Tensor] = [
        .init("base_model.model.q.lora_A.weight", [1, 2], [1, 0]),
        .init("base_model.model.q.lora_B.weight", [2, 1], [b, 0]),
      ]
      if let head { tensors.append(.init("base_model.model.head.weight", [1, 2], [head, head])) }
      try folder.write(name + "/adapter_model.safetensors", SafetensorsBytes.file(tensors))
      try folder.write(name + "/adapter_config.json", #"{"peft_type":"LORA","r":1,"lora_alpha":1}"#)
    }
    let comparison = try CheckpointComparison(
      try Checkpoint(opening: folder.file("a")), try Checkpoint(opening: folder.file("b")))
    return CheckpointReport(CheckpointAnalysis(comparison, training: Pair(nil, nil))).terminalText()
      .split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  @Test func `adapters without any ΔW are said to do nothing`() throws {
    #expect(try words(b: (0, 0), head: nil).contains("a and b hold the same weights"))
    let folder = try TemporaryFolder()
    for (name, a) in [("a", Float(1)), ("b", 2)] {
      try folder.write(
        name + "/adapter_model.safetensors",
        SafetensorsBytes.file([
          .init("q.lora_A.weight", [1, 2], [a, 0]), .init("q.lora_B.weight", [2, 1], [0, 0]),
        ]))
    }
    let comparison = try CheckpointComparison(
      try Checkpoint(opening: folder.file("a")), try Checkpoint(opening: folder.file("b")))
    let text = CheckpointReport(CheckpointAnalysis(comparison, training: Pair(nil, nil))).terminalText()
    #expect(text.hasPrefix("a and b do nothing: every ΔW is 0 in both."))
  }

  @Test func `where a head alone grew, its growth is the figure`() throws {
    let text = try words(b: (1, 1), head: (1, 2))
    #expect(text.contains("The weights only grow"))
    #expect(text.contains("100.0 % of the squared change lies along what was there before (cosine 1.000)"))
  }
}
