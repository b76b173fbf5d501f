import FileSystem
import TestSupport
import Testing

@testable import Checkpoint

/// States of other optimizers than Adam (scripts/make-optimizer-fixtures.py): the third of three parameters never got a
/// gradient.
struct OptimizerKindTests {
  private func state(_ name: String) throws -> OptimizerState {
    try OptimizerState(
      opening: Path.join(Fixture.package, "Tests/CheckpointTests/Fixtures/optimizer/\(name).pt"))
  }

  @Test(arguments: [
    ("sgd_momentum", 2), ("rmsprop", 2), ("adamw8bit", 2), ("lion8bit", 2), ("adagrad", 3),
  ])
  func `every state is counted, and the parameter without gradient named`(name: String, count: Int) throws {
    let state = try state(name)
    #expect(state.parameters.map(\.name) == (0..<count).map(String.init))
    #expect(state.unexamined.isEmpty)
    let untouched = try state.parametersWithoutGradient().map(\.name)
    #expect(untouched + state.withoutState == ["2"])
  }

  @Test func `the moments of bitsandbytes are counted with their scales`() throws {
    let state = try state("adamw8bit")
    let names = Set(state.moments.tensors.map(\.name))
    #expect(names.isSuperset(of: ["0.state1", "0.absmax1", "0.absmax2", "1.state1", "1.state2"]))
    #expect(state.parameters[0].step == 2)
  }

  @Test(arguments: ["torchao_adamw8bit", "torchao_adamw4bit", "torchao_adamwfp8"])
  func `torchao's moments are counted by their codes and scales, and named by their parameter's shape`(
    name: String
  ) throws {
    let state = try state(name)
    #expect(state.parameters.map(\.name) == ["0", "1", "3"])
    #expect(state.parameters.map(\.shape) == [[64, 64], [8], [64, 64]])
    #expect(state.parameters.map(\.step) == [2, 2, 2])
    let names = Set(state.moments.tensors.map(\.name))
    #expect(
      names.isSuperset(of: ["0.exp_avg.codes", "0.exp_avg_sq.codes", "0.exp_avg_sq.scale", "1.exp_avg"]))
    #expect(state.unexamined.isEmpty)
    // The scales of moments that are 0 stand at the least that torchao sets.
    #expect(try state.parametersWithoutGradient().map(\.name) == ["3"])
    #expect(state.withoutState == ["2"])
    #expect(state.moments.globals.allSatisfy { $0.isKnown })
  }

  @Test func `an optimizer without any state tells nothing of gradients`() throws {
    let state = try state("sgd")
    #expect(state.parameters.isEmpty && state.withoutState.isEmpty)
  }
}
