import Bytes
import FileSystem
import JSON
import TestSupport
import Testing

@testable import Checkpoint

struct OptimizerStateTests {
  @Test func `torch's own state has its parameters by number, with step and settings`() throws {
    let state = try OptimizerState(opening: TorchTruth.path("trainer/optimizer.pt"))
    #expect(state.parameters.map(\.name) == ["0", "1", "2", "3"])
    #expect(state.parameters.allSatisfy { $0.step == 3 && $0.mean != nil && $0.square != nil })
    #expect(state.groups.count == 1)
    #expect(state.groups[0].parameterCount == 4)
    #expect(state.groups[0]["lr"]?.double == 1e-3)
    #expect(state.groups[0]["weight_decay"]?.double == 0.01)
  }

  @Test func `its tensors are what torch holds`() throws {
    let state = try OptimizerState(opening: TorchTruth.path("trainer/optimizer.pt"))
    let truth = try TorchTruth.tensors("trainer/optimizer.pt")
    for tensor in truth {
      let index = try #require(state.moments.index(of: String(tensor.name.dropFirst("state.".count))))
      #expect(try state.moments.withBytes(ofTensorAt: index) { $0.copied() } == tensor.bytes)
    }
    #expect(state.moments.tensors.count == truth.count)
  }

  @Test func `a parameter that never got a gradient is found`() throws {
    let state = try OptimizerState(opening: TorchTruth.path("trainer/optimizer.pt"))
    // The second layer's weight, which the loss multiplies by 0.
    #expect(try state.parametersWithoutGradient().map(\.name) == ["2"])
  }

  @Test(
    .enabled(if: Fixture.shared != nil, "the optional data folder is not there"),
    arguments: ["ddp_lora_sft/checkpoint-500", "qwen3vl_lora_all/checkpoint-10"])
  func `a trainer's numbers get the names of the adapter beside them`(_ name: String) throws {
    let path = Path.join(try #require(Fixture.shared), "data/lab/runs/" + name)
    let state = try OptimizerState(opening: path)
    let adapter = try Checkpoint(opening: path)
    #expect(state.isNamedByOrder)
    #expect(Set(state.parameters.map(\.name)) == Set(adapter.tensors.map(\.name)))
    for parameter in state.parameters {
      let index = try #require(parameter.mean)
      let twin = try #require(adapter.tensors.first { $0.name == parameter.name })
      #expect(state.moments.tensors[index].shape == twin.shape)
    }
  }

  @Test(arguments: ["zero2", "zero3"], ["exp_avg", "exp_avg_sq"])
  func `ZeRO's moments are joined from all ranks`(_ name: String, _ kind: String) throws {
    let state = try OptimizerState(opening: TorchTruth.path(name))
    for tensor in try TorchTruth.tensors("\(name):\(kind)") {
      let index = try #require(state.moments.index(of: "\(tensor.name).\(kind)"))
      #expect(state.moments.tensors[index].shape == tensor.shape)
      #expect(try state.moments.withBytes(ofTensorAt: index) { $0.copied() } == tensor.bytes)
    }
    #expect(state.moments.tensors.count == 8)
  }

  @Test(arguments: ["zero2", "zero_bf16", "zero3"])
  func `ZeRO's steps, groups and untouched parameters are told`(_ name: String) throws {
    let state = try OptimizerState(opening: TorchTruth.path(name))
    #expect(state.parameters.map(\.step) == [12, 12, 12, 12])
    #expect(state.groups.map { $0["lr"]?.double } == [1e-4, 1e-4])
    #expect(state.groups.map(\.parameterCount) == [2, 2])
    #expect(try state.parametersWithoutGradient().map(\.name) == ["model.norm.weight"])
  }

  @Test(arguments: [
    ("optimizer.state.model.layers.0.weight.exp_avg", "model.layers.0.weight", "exp_avg"),
    ("optimizer.state.exp_avg_sq.decoder.weight", "decoder.weight", "exp_avg_sq"),
    ("optimizer.state.model.norm.weight.step", "model.norm.weight", "step"),
  ])
  func `names of distributed optimizers come apart`(
    _ name: String, _ parameter: String, _ kind: String
  ) throws {
    let place = try #require(OptimizerState.place(of: name))
    #expect(place.parameter == parameter)
    #expect(place.kind == kind)
  }

  @Test func `what is no optimizer is refused`() {
    #expect(throws: CheckpointError.self) {
      try OptimizerState(opening: TorchTruth.path("trainer/scheduler.pt"))
    }
    #expect(throws: CheckpointError.self) { try OptimizerState(opening: TorchTruth.path("dcp")) }
  }

  @Test(.enabled(if: LabTruth.folder != nil, "no ../shared/data/lab beside the package"))
  func `the optimizer of an FSDP run has its moments by name`() throws {
    let path = Path.join(try #require(LabTruth.folder), "runs/fsdp2_lora_sharded/checkpoint-500")
    let state = try OptimizerState(opening: path)
    #expect(state.parameters.count == 42)
    #expect(state.parameters.allSatisfy { $0.step == 500 && $0.mean != nil && $0.square != nil })
    #expect(state.groups.count == 2)
    #expect(state.groups[0]["betas"]?.array?.count == 2)
    #expect(try state.parametersWithoutGradient() == [])
  }
}
