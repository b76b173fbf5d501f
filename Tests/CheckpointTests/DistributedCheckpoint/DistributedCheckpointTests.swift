import FileSystem
import TestSupport
import Testing

@testable import Checkpoint

struct DistributedCheckpointTests {
  @Test func `chunks of all ranks are put together`() throws {
    let checkpoint = try Checkpoint(opening: TorchTruth.path("dcp"))
    #expect(checkpoint.format == .distributedCheckpoint)
    try TorchTruth.expect(checkpoint, equals: "dcp")
  }

  @Test func `the metadata file opens like its folder`() throws {
    try TorchTruth.expect(try Checkpoint(opening: TorchTruth.path("dcp/.metadata")), equals: "dcp")
  }

  @Test func `values that are no tensors are listed apart`() throws {
    let metadata = try DistributedMetadata(path: TorchTruth.path("dcp/.metadata"))
    #expect(metadata.objects == ["lr"])
    #expect(metadata.place(of: "lr") != nil)
  }

  @Test func `compressed tensors are listed, and their values refused one by one`() throws {
    let path = FSDPTests.path("zstd")
    let checkpoint = try Checkpoint(opening: path)
    #expect(checkpoint.tensors.map(\.name).sorted() == ["bias", "weight"])
    #expect(checkpoint.tensors.map(\.shape.count).sorted() == [1, 2])
    #expect(checkpoint.remarks.count == 1)
    #expect(
      checkpoint.remarks[0].hasPrefix(
        "the values of 2 tensors are not read: they were stored through stream.zstd"))
    for index in checkpoint.tensors.indices {
      #expect { try checkpoint.withBytes(ofTensorAt: index) { _ in } } throws: {
        "\($0)".contains(
          "\"\(checkpoint.tensors[index].name)\" was stored through stream.zstd/1, which is not read")
      }
    }
    #expect(try CheckpointVerification(path: Path.join(path, ".metadata")).faults.count == 2)
  }

  @Test func `a missing file of a rank is named`() throws {
    let folder = try TemporaryFolder()
    for name in [".metadata", "__0_0.distcp"] {
      try folder.write(name, try Files.read(TorchTruth.path("dcp/" + name)))
    }
    #expect {
      try Checkpoint(opening: folder.path)
    } throws: { error in
      (error as? CheckpointError)?.fault == .sharded(.missingFile("__1_0.distcp"))
    }
  }

  @Test func `a cut file of a rank is told before anything is read`() throws {
    let folder = try TemporaryFolder()
    for name in try Files.names(in: TorchTruth.path("dcp")) {
      let bytes = try Files.read(TorchTruth.path("dcp/" + name))
      try folder.write(name, name == "__1_0.distcp" ? Array(bytes.dropLast(700)) : bytes)
    }
    #expect {
      try Checkpoint(opening: folder.path)
    } throws: { error in
      guard case .sharded(.range(_, file: "__1_0.distcp")) = (error as? CheckpointError)?.fault else {
        return false
      }
      return true
    }
  }
}

struct BoxCoverageTests {
  @Test func `a cut along one axis covers`() throws {
    try BoxCoverage.check([([0, 0], [2, 3]), ([2, 0], [1, 3])], shape: [3, 3])
  }

  @Test func `a grid covers`() throws {
    try BoxCoverage.check(
      [([0, 0], [1, 2]), ([0, 2], [1, 2]), ([1, 0], [1, 2]), ([1, 2], [1, 2])], shape: [2, 4])
  }

  @Test func `a hole is found`() {
    #expect(throws: BoxCoverage.Fault.hole(covered: 3, of: 9)) {
      try BoxCoverage.check([([0, 0], [1, 3])], shape: [3, 3])
    }
  }

  @Test func `an overlap is found although the sum is right`() {
    #expect(throws: BoxCoverage.Fault.overlap) {
      try BoxCoverage.check([([0, 0], [2, 2]), ([1, 0], [2, 2]), ([0, 2], [1, 1])], shape: [3, 3])
    }
  }

  @Test func `what reaches outside is refused`() {
    #expect(throws: BoxCoverage.Fault.outside) { try BoxCoverage.check([([2], [2])], shape: [3]) }
    #expect(throws: BoxCoverage.Fault.outside) { try BoxCoverage.check([([-1], [2])], shape: [3]) }
    #expect(throws: BoxCoverage.Fault.outside) {
      try BoxCoverage.check([([.max], [.max])], shape: [.max])
    }
  }
}
