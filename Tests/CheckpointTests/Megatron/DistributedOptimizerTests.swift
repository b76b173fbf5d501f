import Bytes
import FileSystem
import JSON
import TestSupport
import Testing

@testable import Checkpoint

/// What megatron-core saved with its distributed optimizer (see scripts/make-megatron-fixtures.py).
struct DistributedOptimizerTests {
  static let path = Path.join(Fixture.package, "Tests/CheckpointTests/Fixtures/megatron/legacy")

  static func truth(_ part: String) throws -> [TorchTruth.Tensor] {
    let truth = try JSONValue(parsing: try Files.read(Path.join(Path.parent(of: path), "truth.json")))
    return try TorchTruth.tensors(try #require(truth[part]))
  }

  @Test func `the model of two tensor-parallel ranks is what they hold`() throws {
    let checkpoint = try Checkpoint(opening: Self.path)
    let truth = try Self.truth("model")
    #expect(checkpoint.tensors.map(\.name) == truth.map(\.name))
    for (index, tensor) in truth.enumerated() {
      #expect(checkpoint.tensors[index].shape == tensor.shape, "\(tensor.name)")
      #expect(try checkpoint.withBytes(ofTensorAt: index) { $0.copied() } == tensor.bytes, "\(tensor.name)")
    }
    #expect(checkpoint.globals.filter { !$0.isKnown }.map(\.name) == [])
  }

  @Test(arguments: DistributedOptimizer.kinds)
  func `masters and moments have the names of the parameters`(_ kind: String) throws {
    let state = try OptimizerState(opening: Self.path)
    let truth = try Self.truth(kind)
    #expect(Set(state.parameters.map(\.name)) == Set(truth.map(\.name)))
    for tensor in truth {
      let index = try #require(state.moments.index(of: tensor.name + "." + kind))
      #expect(state.moments.tensors[index].shape == tensor.shape)
      #expect(
        try state.moments.withBytes(ofTensorAt: index) { $0.copied() } == tensor.bytes, "\(tensor.name)")
    }
    #expect(state.parameters.allSatisfy { $0.step == 2 && $0.mean != nil && $0.square != nil })
    #expect(state.groups.count == 2)
    #expect(state.groups[0]["lr"]?.double == 1e-2)
    #expect(state.moments.remarks == [])
  }

  /// A copy of the save with one file changed.
  private func changed(_ name: String, _ change: ([UInt8]) -> [UInt8]) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    let source = Path.join(Self.path, "iter_0000002")
    for rank in ["mp_rank_00", "mp_rank_01"] {
      for file in ["model_optim_rng.pt", "distrib_optim.pt"] {
        let bytes = try Files.read(Path.join(Path.join(source, rank), file))
        let path = rank + "/" + file
        try folder.write(path, path == name ? change(bytes) : bytes)
      }
    }
    return folder
  }

  @Test func `buffers that do not fit the model are told, not guessed`() throws {
    // The first storage of the archive is that of the masters, or of the weights.
    let state = try OptimizerState(opening: Self.path)
    let index = try #require(state.moments.index(of: "output_layer.weight.param"))
    let offset = state.moments.location(ofTensorAt: index).offset
    let folder = try changed("mp_rank_00/distrib_optim.pt") { bytes in
      var bytes = bytes
      for place in offset..<offset + 4 { bytes[place] ^= 0x55 }
      return bytes
    }
    let other = try OptimizerState(opening: folder.path)
    #expect(other.moments.remarks.count == 1)
    #expect(other.moments.remarks[0].contains("624 elements in 1 of its buffers are not named"))
  }

  @Test func `a rank without its optimizer is named`() throws {
    let folder = try TemporaryFolder()
    let source = Path.join(Self.path, "iter_0000002")
    for file in [
      "mp_rank_00/model_optim_rng.pt", "mp_rank_01/model_optim_rng.pt", "mp_rank_00/distrib_optim.pt",
    ] {
      try folder.write(file, try Files.read(Path.join(source, file)))
    }
    #expect { try OptimizerState(opening: folder.path) } throws: {
      "\($0)".contains("mp_rank_01/distrib_optim.pt")
    }
  }

  @Test func `without a distributed optimizer it is said which file to open`() throws {
    let path = TorchTruth.path("megatron")
    #expect { try OptimizerState(opening: path) } throws: { "\($0)".contains("no distrib_optim.pt") }
  }
}
