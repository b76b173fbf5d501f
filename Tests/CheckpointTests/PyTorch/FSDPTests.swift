import Bytes
import FileSystem
import JSON
import TestSupport
import Testing

@testable import Checkpoint

/// What accelerate saved under FSDP against the state dictionaries in memory (see scripts/make-fsdp-fixtures.py).
struct FSDPTests {
  static let folder = Path.join(Fixture.package, "Tests/CheckpointTests/Fixtures/fsdp")

  static func path(_ name: String) -> String { Path.join(folder, name) }

  static func truth(_ name: String, _ part: String) throws -> JSONValue {
    let truth = try JSONValue(parsing: try Files.read(path("truth.json")))
    return try #require(truth[name]?[part])
  }

  @Test(arguments: [
    ("v1_full", ""), ("v1_sharded", "model."), ("v1_ranks", ""),
    ("v2_full", ""), ("v2_ranks", ""),
  ])
  func `a model under FSDP is what torch holds`(_ name: String, _ prefix: String) throws {
    let checkpoint = try Checkpoint(opening: Self.path(name))
    try TorchTruth.expect(checkpoint, rows: try Self.truth(name, "model"), prefix: prefix)
    #expect(checkpoint.globals.filter { !$0.isKnown }.map(\.name) == [])
    #expect(checkpoint.remarks == [])
  }

  @Test(arguments: ["v1_full", "v1_sharded", "v1_ranks", "v2_full", "v2_ranks"])
  func `the moments are what torch holds, by name`(_ name: String) throws {
    let state = try OptimizerState(opening: Self.path(name))
    for row in try TorchTruth.tensors(try Self.truth(name, "optimizer")) {
      let index = try #require(
        state.moments.index(of: row.name) ?? state.moments.index(of: "optimizer.state." + row.name),
        "\(row.name)")
      #expect(state.moments.tensors[index].shape == row.shape)
      #expect(try state.moments.withBytes(ofTensorAt: index) { $0.copied() } == row.bytes, "\(row.name)")
    }
    #expect(Set(state.parameters.map(\.name)) == Self.parameterNames)
    #expect(state.parameters.allSatisfy { $0.step == 3 && $0.mean != nil && $0.square != nil })
    #expect(state.groups.first?["lr"]?.double == 1e-2)
  }

  static let parameterNames: Set = [
    "norm", "layers.0.proj.weight", "layers.0.proj.bias", "layers.1.proj.weight",
  ]

  @Test func `flat parameters are joined, and it is said that their names are not there`() throws {
    let checkpoint = try Checkpoint(opening: Self.path("v1_local"))
    #expect(
      Set(checkpoint.tensors.map(\.name)) == [
        "_flat_param", "layers.0._flat_param", "layers.1._flat_param", "scale",
      ])
    let names = [
      ["norm"]: "_flat_param", ["proj.weight", "proj.bias"]: "layers.0._flat_param",
      ["proj.weight"]: "layers.1._flat_param",
    ]
    for group in try #require(Self.truth("v1_local", "flat").array) {
      let parts = try #require(group.array)
      let name = try #require(names[(parts[0].array ?? []).compactMap(\.string)])
      let index = try #require(checkpoint.index(of: name))
      let bytes = try checkpoint.withBytes(ofTensorAt: index) { $0.copied() }
      // What the handle holds is padded to a multiple of the ranks; the files are not.
      let held = TorchTruth.bytes(hex: try #require(parts[2].string))
      #expect(held.starts(with: bytes) && held.count - bytes.count <= 4, "\(name)")
    }
    #expect(checkpoint.remarks.count == 1)
    #expect(checkpoint.remarks[0].hasPrefix("3 of the tensors are flat parameters of FSDP"))
  }

  @Test(arguments: ["v1_ranks", "v2_ranks"])
  func `a rank that is missing is named, for the model and the optimizer`(_ name: String) throws {
    let folder = try TemporaryFolder()
    for file in try Files.names(in: Self.path(name)) where file.hasSuffix("rank1.bin") {
      try folder.write(file, try Files.read(Path.join(Self.path(name), file)))
    }
    func isRank0(_ error: any Error) -> Bool {
      (error as? CheckpointError)?.fault == .sharded(.missingRanks([0], of: 2))
    }
    #expect { try Checkpoint(opening: folder.path) } throws: { isRank0($0) }
    #expect { try OptimizerState(opening: folder.path) } throws: { isRank0($0) }
  }

  @Test func `the last rank's missing part is a hole`() throws {
    let folder = try TemporaryFolder()
    let file = "pytorch_model_fsdp_0_rank0.bin"
    try folder.write(file, try Files.read(Self.path("v1_ranks/" + file)))
    #expect { try Checkpoint(opening: folder.path) } throws: { "\($0)".contains("the parts cover 2 of 3") }
  }
}
