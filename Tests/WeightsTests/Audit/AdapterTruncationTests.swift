import Bytes
import Checkpoint
import FileSystem
import RunFolder
import TestSupport
import Testing

@testable import Weights

/// Adapters that were cut to a lower rank; `scripts/check-truncation.py` holds the same against PEFT and numpy.
struct AdapterTruncationTests {
  private func folder(_ kind: String) -> String {
    Path.join(Fixture.package, "Tests/WeightsTests/Fixtures/peft/\(kind)/after")
  }

  private func cut(_ path: String, to rank: Int) throws -> (AdapterTruncation, TemporaryFolder) {
    let checkpoint = try Checkpoint(opening: path)
    let configuration = try AdapterSettings.find(for: checkpoint)
    let cut = try AdapterTruncation(of: checkpoint, configuration: configuration, to: rank)
    let folder = try TemporaryFolder()
    try folder.write("adapter_model.safetensors", cut.file)
    try folder.write("adapter_config.json", #"{"peft_type":"LORA","r":\#(rank),"lora_alpha":\#(rank)}"#)
    return (cut, folder)
  }

  @Test func `the biases of B keep what they do to the output`() throws {
    typealias Tensor = SafetensorsBytes.Tensor
    let name = "base_model.model.m.0.q.lora_"
    let folder = try TemporaryFolder()
    try folder.write(
      "adapter_model.safetensors",
      SafetensorsBytes.file([
        Tensor(name + "A.weight", [2, 2], [1, 0, 0, 0.1]), Tensor(name + "B.weight", [2, 2], [1, 0, 0, 1]),
        Tensor(name + "B.bias", [2], [2, -1]),
      ]))
    try folder.write(
      "adapter_config.json", #"{"peft_type":"LORA","r":2,"lora_alpha":6,"lora_bias":true}"#)
    let (_, written) = try cut(folder.path, to: 1)
    let after = try Checkpoint(opening: written.path)
    let index = try #require(after.index(of: name + "B.bias"))
    #expect(try after.doubles(ofTensorAt: index) == [6, -3])
  }

  @Test func `what is kept are the greatest singular values, and the error is what is left out`() throws {
    let path = folder("linear")
    let before = try AdapterAudit(Checkpoint(opening: path))
    let (cut, written) = try cut(path, to: 2)
    let after = try AdapterAudit(Checkpoint(opening: written.path))
    #expect(after.modules.map(\.name.name) == before.modules.map(\.name.name))
    for (old, new) in zip(before.modules, after.modules) {
      #expect(new.rank == 2 && new.scaling == 1)
      for (wanted, found) in zip(old.singularValues, new.singularValues) {
        #expect(abs(found - wanted) <= 1e-6 * old.singularValues[0], "\(old.name)")
      }
    }
    // The difference of both is the tail, as the comparison of the two adapters has it too.
    let comparison = try CheckpointComparison(
      Checkpoint(opening: path), Checkpoint(opening: written.path), configurations: Pair(nil, nil))
    let difference = comparison.total.differenceNorm
    #expect(abs(difference / before.norm - cut.error) < 1e-6)
    #expect(cut.error > 0.01)
    let worst = try #require(cut.worst)
    #expect(cut.modules.allSatisfy { $0.error <= worst.error })
  }

  @Test func `a module with less than the rank has directions of zero, and nothing is lost`() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      "adapter_model.safetensors",
      SafetensorsBytes.file([
        .init("q.lora_A.weight", [1, 3], [1, 2, 2]), .init("q.lora_B.weight", [2, 1], [3, 4]),
        .init("v.lora_A.weight", [4, 3], [1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 1, 1]),
        .init("v.lora_B.weight", [2, 4], [1, 0, 0, 0, 0, 1, 0, 0]),
        .init("lm_head.weight", [2, 2], [1, 2, 3, 4]),
      ]))
    try folder.write(
      "adapter_config.json",
      #"{"peft_type":"LORA","r":4,"lora_alpha":8,"rank_pattern":{"q":1},"alpha_pattern":{"q":2}}"#)
    let (cut, written) = try cut(folder.path, to: 2)
    #expect(cut.error < 1e-12)
    let checkpoint = try Checkpoint(opening: written.path)
    let shape = try #require(checkpoint.index(of: "q.lora_A.weight").map { checkpoint.tensors[$0].shape })
    #expect(shape == [2, 3])
    let audit = try AdapterAudit(checkpoint)
    #expect(abs(audit.modules[0].norm - 2 * 15) < 1e-4)
    // What was trained whole is kept to the bit.
    let head = try #require(checkpoint.index(of: "lm_head.weight"))
    #expect(
      try checkpoint.withBytes(ofTensorAt: head) { $0.copied() }
        == [1, 2, 3, 4].flatMap { littleEndian(Float($0).bitPattern) })
  }

  @Test(arguments: [
    (#"{"peft_type":"LORA","r":2,"lora_alpha":8,"use_dora":true}"#, "with DoRA"),
    (
      #"{"peft_type":"LORA","r":2,"lora_alpha":8,"init_lora_weights":"pissa"}"#,
      "pissa changed the base model"
    ),
    (#"{"peft_type":"ADALORA","r":2,"lora_alpha":8}"#, "ADALORA is no plain LoRA"),
    (#"{"peft_type":"LORA","r":2}"#, "α is not known"),
  ])
  func `what would not be that adapter with less is refused`(_ configuration: String, _ reason: String) throws
  {
    let folder = try TemporaryFolder()
    try folder.write(
      "adapter_model.safetensors",
      SafetensorsBytes.file([
        .init("q.lora_A.weight", [2, 2], [1, 0, 0, 1]), .init("q.lora_B.weight", [2, 2], [1, 2, 3, 4]),
      ]))
    try folder.write("adapter_config.json", configuration)
    let error = try #require(throws: AdapterTruncation.Refusal.self) { try cut(folder.path, to: 1) }
    #expect(error.description.contains(reason), "\(error)")
    #expect(throws: AdapterTruncation.Refusal.self) { try cut(folder.path, to: 2) }
  }
}
