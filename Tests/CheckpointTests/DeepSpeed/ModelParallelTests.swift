import Bytes
import FileSystem
import JSON
import TestSupport
import Testing

@testable import Checkpoint

/// What DeepSpeed saved of several model-parallel ranks against what they held (see scripts/make-deepspeed-fixtures.py).
struct ModelParallelTests {
  static let folder = Path.join(Fixture.package, "Tests/CheckpointTests/Fixtures/deepspeed")

  static func path(_ name: String) -> String { Path.join(folder, name) }

  static func truth(_ name: String, _ part: String) throws -> JSONValue {
    let truth = try JSONValue(parsing: try Files.read(path("truth.json")))
    return try #require(truth[name]?[part])
  }

  @Test(arguments: ["autotp_zero1", "autotp_zero3", "mpu_zero1", "experts", "experts_zero2", "pipeline"])
  func `parameters are joined from all ranks of tensors, data, experts and stages`(_ name: String) throws {
    let checkpoint = try Checkpoint(opening: Self.path(name))
    #expect(checkpoint.format == .zero)
    try TorchTruth.expect(checkpoint, rows: try Self.truth(name, "model"))
    #expect(checkpoint.globals.filter { !$0.isKnown }.map(\.name) == [])
  }

  @Test(arguments: ["autotp_zero1", "autotp_zero3"])
  func `moments are joined as the parameters are`(_ name: String) throws {
    let state = try OptimizerState(opening: Self.path(name))
    let truth = try TorchTruth.tensors(try Self.truth(name, "exp_avg"))
    #expect(state.parameters.map(\.name) == truth.map(\.name))
    #expect(state.parameters.allSatisfy { $0.step == 2 && $0.mean != nil && $0.square != nil })
    for tensor in truth {
      let index = try #require(state.moments.index(of: tensor.name + ".exp_avg"))
      #expect(state.moments.tensors[index].shape == tensor.shape)
      #expect(try state.moments.withBytes(ofTensorAt: index) { $0.copied() } == tensor.bytes)
    }
  }

  @Test func `moments of experts and stages have the names of the whole model`() throws {
    let experts = try OptimizerState(opening: Self.path("experts_zero2"))
    #expect(
      experts.parameters.map(\.name) == ["start.weight", "moe.deepspeed_moe.gate.wg.weight"]
        + (0..<4).map { "moe.deepspeed_moe.experts.deepspeed_experts.\($0).weight" })
    #expect(experts.parameters.allSatisfy { $0.mean != nil && $0.square != nil })
    #expect(experts.groups.map(\.parameterCount) == [2, 4])
    let stages = try OptimizerState(opening: Self.path("pipeline"))
    #expect(stages.parameters.map(\.name) == ["0.weight", "0.bias", "2.weight", "2.bias"])
    #expect(stages.parameters.allSatisfy { $0.step == 2 && $0.mean != nil })
  }

  @Test func `parts that cannot be joined are listed by rank, and it is said why`() throws {
    let checkpoint = try Checkpoint(opening: Self.path("mpu_zero1"))
    #expect(
      checkpoint.remarks == [
        "layer.unfamiliar.weight: how the parts of the tensor-parallel ranks belong together is neither saved with "
          + "them nor told by the name; listed rank by rank, as @rank0 and so on"
      ])
    let state = try OptimizerState(opening: Self.path("mpu_zero1"))
    #expect(state.groups.count == 1)
  }

  @Test func `degrees of parallelism are told`() throws {
    func metadata(_ name: String) throws -> [String: String] {
      let entries = try Checkpoint(opening: Self.path(name)).metadata
      return Dictionary(entries.map { ($0.key, $0.value) }) { first, _ in first }
    }
    #expect(try metadata("autotp_zero3")["tensor_parallel_size"] == "2")
    #expect(try metadata("autotp_zero3")["world_size"] == "2")
    #expect(try metadata("pipeline")["pipeline_parallel_size"] == "2")
    #expect(try metadata("experts")["model_parallel_size"] == nil)
  }

  @Test(arguments: [
    ("autotp_zero1", "mp_rank_01", "the state of model-parallel rank 1 of 2 is missing"),
    ("autotp_zero1", "zero_pp_rank_1_mp_rank_01", "rank 1 of 2 missing"),
    ("autotp_zero1", "mp_rank_00_model", "mp_rank_00_model_states.pt is missing"),
    ("pipeline", "mp_rank_01", "the state of model-parallel rank 1 of 2 is missing"),
  ])
  func `a missing rank is named`(_ name: String, _ missing: String, _ message: String) throws {
    let folder = try TemporaryFolder()
    let step = name == "mpu_zero1" ? "global_step0" : "global_step2"
    let source = Self.path(name + "/" + step)
    for file in try Files.names(in: source) where !file.contains(missing) {
      try folder.write(file, try Files.read(Path.join(source, file)))
    }
    #expect { try Checkpoint(opening: folder.path) } throws: { "\($0)".contains(message) }
  }

  @Test func `the experts without ZeRO have an optimizer that is named as unread`() throws {
    let remarks = try Checkpoint(opening: Self.path("experts")).remarks
    #expect(remarks.count == 1)
    #expect(remarks[0].contains("expp_rank_0_mp_rank_00_optim_states.pt, expp_rank_1_mp_rank_00"))
  }
}
