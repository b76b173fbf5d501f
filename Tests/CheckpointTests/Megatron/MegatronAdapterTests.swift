import Bytes
import FileSystem
import JSON
import TestSupport
import Testing

@testable import Checkpoint

/// Adapters over two tensor-parallel ranks (see scripts/make-mcore-fixtures.py).
struct MegatronAdapterTests {
  static let folder = Path.join(Fixture.package, "Tests/CheckpointTests/Fixtures/mcore")

  private func expect(_ path: String, equals part: String) throws {
    let truth = try JSONValue(parsing: try Files.read(Path.join(Self.folder, "truth.json")))
    let tensors = try TorchTruth.tensors(try #require(truth[part]))
    let checkpoint = try Checkpoint(opening: Path.join(Self.folder, path))
    #expect(Set(checkpoint.tensors.map(\.name)) == Set(tensors.map(\.name)))
    for tensor in tensors {
      let index = try #require(checkpoint.index(of: tensor.name))
      #expect(checkpoint.tensors[index].shape == tensor.shape, "\(tensor.name)")
      #expect(try checkpoint.withBytes(ofTensorAt: index) { $0.copied() } == tensor.bytes, "\(tensor.name)")
    }
  }

  @Test(arguments: [
    "mca/checkpoint-20", "mca/checkpoint-20/default", "mca/checkpoint-20/default/iter_0000001",
  ])
  func `an adapter of mcore_adapter's opens from its save, and its factors are joined`(_ path: String) throws
  {
    try expect(path, equals: "mca")
  }

  @Test func `factors by Megatron-Bridge's names are joined`() throws {
    try expect("bridge", equals: "bridge")
  }

  @Test func `the adapter's configuration is found from the save`() throws {
    let checkpoint = try Checkpoint(opening: Path.join(Self.folder, "mca/checkpoint-20"))
    let file = try #require(checkpoint.files.first?.path)
    #expect(try AdapterConfiguration.find(at: file)?.alpha == 8)
  }

  @Test func `of several adapters the one called default is read, and the others are named`() throws {
    let folder = try TemporaryFolder()
    let source = Path.join(Self.folder, "mca/checkpoint-20/default")
    for name in ["default", "critic"] {
      for file in ["adapter_config.json"] + (0..<2).map({ "iter_0000001/mp_rank_0\($0)/model_optim_rng.pt" })
      {
        try folder.write("checkpoint-5/\(name)/\(file)", try Files.read(Path.join(source, file)))
      }
    }
    try folder.write("checkpoint-5/mca_config.json", Array("{}".utf8))
    let checkpoint = try Checkpoint(opening: Path.join(folder.path, "checkpoint-5"))
    #expect(checkpoint.remarks.contains("the adapter default; beside it there are others: critic"))
    #expect(checkpoint.files.allSatisfy { $0.path.contains("/default/") })
  }
}
