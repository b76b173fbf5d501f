import FileSystem
import TestSupport
import Testing

@testable import Checkpoint

@Suite struct IncompleteSaveTests {
  private let whole = SafetensorsBytes.file(
    #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, data: 8)

  private func reason(_ name: String, _ files: [(String, [UInt8])]) throws -> String? {
    let folder = try TemporaryFolder()
    try Files.makeDirectory(Path.join(folder.path, name))
    for (file, bytes) in files { try folder.write("\(name)/\(file)", bytes) }
    return IncompleteSave(at: Path.join(folder.path, name), step: 7)?.reason
  }

  @Test func `a whole save is none`() throws {
    #expect(try reason("checkpoint-7", [("adapter_model.safetensors", whole)]) == nil)
  }

  @Test func `a file that was cut is told with what is wrong in it`() throws {
    let cut = try #require(try reason("checkpoint-7", [("model.safetensors", Array(whole.dropLast(4)))]))
    #expect(cut.hasPrefix("model.safetensors: ") && cut.hasSuffix("cut off"))
    #expect(try reason("checkpoint-7", [("model.safetensors", [])]) != nil)
  }

  @Test func `a copy without weights is none, whatever index it has`() throws {
    #expect(try reason("checkpoint-7", []) == nil)
    #expect(try reason("checkpoint-7", [("trainer_state.json", [1]), ("adapter_config.json", [1])]) == nil)
    let index = #"{"metadata":{},"weight_map":{"a":"model-1.safetensors"}}"#
    #expect(try reason("checkpoint-7", [("model.safetensors.index.json", Array(index.utf8))]) == nil)
  }

  @Test func `a folder with an optimizer's state and no weights says so`() throws {
    #expect(
      try reason("checkpoint-7", [("optimizer.pt", [1]), ("trainer_state.json", [])])
        == "no weights beside optimizer.pt")
    #expect(
      try reason("checkpoint-7", [("optimizer.pt", [1]), ("rng_state_0.pth", [1])])
        == "no weights beside optimizer.pt")
  }

  @Test func `of a format that nobody here knows nothing is said`() throws {
    #expect(try reason("checkpoint-7", [("weights.npz", [1, 2, 3])]) == nil)
  }

  @Test func `a shard that is missing makes a save incomplete`() throws {
    let index = #"{"metadata":{},"weight_map":{"a":"model-1.safetensors","b":"model-2.safetensors"}}"#
    let reason = try #require(
      try reason(
        "checkpoint-7",
        [("model-1.safetensors", whole), ("model.safetensors.index.json", Array(index.utf8))]))
    #expect(reason.contains("model-2.safetensors is missing"))
  }

  @Test func `a save that was never finished says so by its name, however whole it looks`() throws {
    #expect(
      try reason("tmp-checkpoint-7", [("adapter_model.safetensors", whole)]) == IncompleteSave.unfinished)
    #expect(CheckpointName.unfinishedStep(of: "tmp-checkpoint-7") == 7)
    let steps = [".tmp-global_step7", "checkpoint-8.tmp", "iter_0000009-unfinished"].map(
      CheckpointName.unfinishedStep)
    #expect(steps == [7, 8, 9])
    for name in ["tmp-checkpoint-x", "tmp-7", "checkpoint-7", "checkpoint-tmp", "my.tmp"] {
      #expect(CheckpointName.unfinishedStep(of: name) == nil, "\(name)")
    }
    let folder = try TemporaryFolder()
    try folder.write("tmp-checkpoint-7/adapter_model.safetensors", whole)
    let path = Path.join(folder.path, "tmp-checkpoint-7")
    #expect(try Checkpoint(opening: path).remarks.contains { $0.contains("never finished") })
    #expect(CheckpointVerification.sets(in: path).first?.faults.count == 1)
  }

  @Test func `weights without an element were not gathered`() throws {
    let file = SafetensorsBytes.file([.init("a.weight", [0], []), .init("b", [1], [1])])
    let reason = try reason("checkpoint-7", [("model.safetensors", file)])
    #expect(reason?.hasPrefix("1 of 2 tensors have no elements, among them a.weight") == true)
  }

  @Test func `a part of a distributed checkpoint in a folder of its own counts`() throws {
    let folder = try TemporaryFolder()
    try folder.write("checkpoint-7/adapter_model.safetensors", whole)
    let source = TorchTruth.path("dcp")
    for name in try Files.names(in: source) {
      try folder.write("checkpoint-7/optimizer_0/\(name)", try Files.read(Path.join(source, name)))
    }
    let save = folder.file("checkpoint-7")
    #expect(IncompleteSave(at: save, step: 7) == nil)
    let part = try #require(Files.names(in: save + "/optimizer_0").first { $0.hasSuffix(".distcp") })
    try Files.removeFile(save + "/optimizer_0/" + part)
    #expect(IncompleteSave(at: save, step: 7)?.reason == "optimizer_0: \(part) is missing")
  }
}
