import FileSystem
import TestSupport
import Testing

@testable import Checkpoint

struct ZeROCheckpointTests {
  @Test(arguments: ["zero2", "zero_bf16", "zero3"])
  func `parameters are joined from all ranks, frozen and shared ones and buffers too`(_ name: String) throws {
    let checkpoint = try Checkpoint(opening: TorchTruth.path(name))
    #expect(checkpoint.format == .zero)
    try TorchTruth.expect(checkpoint, equals: name)
  }

  @Test(arguments: ["zero2", "zero_bf16", "zero3"])
  func `the folder of the step opens like the folder above`(_ name: String) throws {
    let checkpoint = try Checkpoint(opening: TorchTruth.path(name + "/global_step12"))
    try TorchTruth.expect(checkpoint, equals: name)
  }

  @Test func `stage and world are told`() throws {
    func metadata(_ name: String) throws -> [String: String] {
      let entries = try Checkpoint(opening: TorchTruth.path(name)).metadata
      return Dictionary(entries.map { ($0.key, $0.value) }) { first, _ in first }
    }
    #expect(try metadata("zero2")["zero_stage"] == "2")
    #expect(try metadata("zero3")["zero_stage"] == "3")
    #expect(try metadata("zero_bf16")["zero_stage"] == "BF16_Optimizer")
    #expect(try metadata("zero2")["world_size"] == "2")
    #expect(try metadata("zero2")["global_steps"] == "12")
  }

  @Test(arguments: ["zero2", "zero3"], [0, 1])
  func `a missing rank is named`(_ name: String, _ rank: Int) throws {
    let folder = try TemporaryFolder()
    let source = TorchTruth.path(name + "/global_step12")
    let missing = "zero_pp_rank_\(rank)_mp_rank_00_optim_states.pt"
    for file in try Files.names(in: source) where file != missing {
      try folder.write(file, try Files.read(Path.join(source, file)))
    }
    #expect {
      try Checkpoint(opening: folder.path)
    } throws: { error in
      (error as? CheckpointError)?.fault == .sharded(.missingRanks([rank], of: 2))
    }
  }

  @Test func `a save that latest names but is gone is told`() throws {
    let folder = try TemporaryFolder()
    try folder.write("latest", "global_step7")
    #expect {
      try Checkpoint(opening: folder.path)
    } throws: { error in
      "\(error)".contains("global_step7")
    }
  }
}
