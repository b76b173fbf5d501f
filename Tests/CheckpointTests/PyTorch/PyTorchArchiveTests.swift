import FileSystem
import TestSupport
import Testing

@testable import Checkpoint

struct PyTorchArchiveTests {
  @Test(arguments: ["everything.pt", "stream.pt", "protocol4.pt", "protocol5.pt", "archive.tar"])
  func `every tensor is what torch holds, bit for bit`(_ name: String) throws {
    let checkpoint = try Checkpoint(opening: TorchTruth.path(name))
    #expect(checkpoint.format == .pytorch)
    try TorchTruth.expect(checkpoint, equals: name)
  }

  @Test func `tensors come in the order of the pickle`() throws {
    let checkpoint = try Checkpoint(opening: TorchTruth.path("everything.pt"))
    #expect(checkpoint.tensors.map(\.name) == (try TorchTruth.tensors("everything.pt").map(\.name)))
  }

  @Test func `shards are joined by their index`() throws {
    let checkpoint = try Checkpoint(opening: TorchTruth.path("hf"))
    #expect(checkpoint.format == .shardedPyTorch)
    #expect(checkpoint.remarks.isEmpty)
    try TorchTruth.expect(checkpoint, equals: "hf")
  }

  @Test func `parts of distributed tensors are joined over the files of the ranks`() throws {
    let checkpoint = try Checkpoint(opening: TorchTruth.path("fsdp_ranks"))
    try TorchTruth.expect(checkpoint, equals: "fsdp_ranks")
  }

  @Test func `a missing rank is named`() throws {
    let folder = try TemporaryFolder()
    let name = "pytorch_model_fsdp_0_rank1.bin"
    try folder.write(name, try Files.read(TorchTruth.path("fsdp_ranks/" + name)))
    #expect {
      try Checkpoint(opening: folder.path)
    } throws: { error in
      (error as? CheckpointError)?.fault == .sharded(.missingRanks([0], of: 2))
    }
  }

  @Test func `what a pickle would call is named and flagged`() throws {
    let checkpoint = try Checkpoint(opening: TorchTruth.path("evil.pt"))
    let unknown = checkpoint.globals.filter { !$0.isKnown }
    #expect(unknown.map(\.name) == ["posix.system"])
    #expect(unknown.first?.uses == 1)
    #expect(checkpoint.tensors.map(\.name) == ["weight"])
  }

  @Test(arguments: [
    "everything.pt", "stream.pt", "trainer/optimizer.pt", "trainer/scheduler.pt", "trainer/rng_state_0.pth",
    "trainer/training_args.bin", "zero2", "zero3", "dcp", "megatron", "fsdp_ranks",
  ])
  func `genuine files name nothing unknown`(_ name: String) throws {
    let checkpoint = try Checkpoint(opening: TorchTruth.path(name))
    #expect(checkpoint.globals.filter { !$0.isKnown }.map(\.name) == [])
    #expect(!checkpoint.globals.isEmpty || name.hasSuffix("scheduler.pt"))
  }

  @Test(arguments: ["everything.pt", "stream.pt", "archive.tar"])
  func `every truncation ends in a typed error or the same names`(_ name: String) throws {
    let bytes = try Files.read(TorchTruth.path(name))
    let whole = try Checkpoint(opening: TorchTruth.path(name)).tensors.map(\.name)
    let folder = try TemporaryFolder()
    let lengths = Array(stride(from: 0, to: bytes.count, by: bytes.count / 150)) + [bytes.count - 1]
    for length in lengths {
      let path = try folder.write("cut.pt", Array(bytes[..<length]))
      do {
        let checkpoint = try Checkpoint(opening: path)
        // Tar archives end with blocks that nothing stands in, and the last storage may be unused.
        #expect(checkpoint.tensors.map(\.name) == whole)
      } catch { #expect(error.path == path) }
    }
  }

  @Test(arguments: ["everything.pt", "stream.pt", "archive.tar"])
  func `bit flips end in a typed error or in tensors that can be read`(_ name: String) throws {
    let bytes = try Files.read(TorchTruth.path(name))
    let folder = try TemporaryFolder()
    for position in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 400)) {
      var flipped = bytes
      flipped[position] ^= 1 << UInt8(position % 8)
      let path = try folder.write("flipped.pt", flipped)
      do {
        let checkpoint = try Checkpoint(opening: path)
        for index in checkpoint.tensors.indices {
          let count = try checkpoint.withBytes(ofTensorAt: index) { $0.byteCount }
          #expect(count == checkpoint.tensors[index].byteCount)
        }
      } catch { #expect(!error.description.isEmpty) }
    }
  }
}
