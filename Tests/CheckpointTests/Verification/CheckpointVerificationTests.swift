import FileSystem
import TestSupport
import Testing

@testable import Checkpoint

struct CheckpointVerificationTests {
  @Test(arguments: [
    "everything.pt", "stream.pt", "archive.tar", "trainer/optimizer.pt", "trainer/training_args.bin",
    "dcp/.metadata", "zero2/global_step12/mp_rank_00_model_states.pt",
  ])
  func `genuine files are sound`(_ name: String) throws {
    let result = try CheckpointVerification(path: TorchTruth.path(name))
    #expect(result.faults == [])
    #expect(result.byteCount > 0)
  }

  @Test func `every part of an archive is held against its checksum`() throws {
    let result = try CheckpointVerification(path: TorchTruth.path("everything.pt"))
    #expect(result.checksumCount > 30)
    #expect(try CheckpointVerification(path: TorchTruth.path("dcp/.metadata")).checksumCount > 20)
  }

  @Test func `a damaged storage is told by its place`() throws {
    var bytes = try Files.read(TorchTruth.path("everything.pt"))
    let archive = try PyTorchArchive(path: TorchTruth.path("everything.pt"))
    let entry = try #require(archive.zipEntries?.first { $0.name.hasSuffix("/data/3") })
    bytes[entry.range.lowerBound] ^= 0x10
    let folder = try TemporaryFolder()
    let result = try CheckpointVerification(path: try folder.write("damaged.pt", bytes))
    #expect(result.faults.count == 1)
    #expect(result.faults.first?.offset == entry.range.lowerBound)
    #expect(result.faults.first?.text.contains("CRC-32") == true)
  }

  @Test func `what a pickle would call is a fault`() throws {
    let result = try CheckpointVerification(path: TorchTruth.path("evil.pt"))
    #expect(
      result.faults.map(\.text) == ["the pickle calls or builds posix.system, which no checkpoint needs"])
  }

  @Test func `a broken file is a fault, a missing one an error`() throws {
    let cut = Path.join(AttackTests.folder, "zip/no-end.pt")
    #expect(try CheckpointVerification(path: cut).faults.count == 1)
    #expect(throws: CheckpointError.self) { try CheckpointVerification(path: "/nowhere/a.pt") }
  }
}
