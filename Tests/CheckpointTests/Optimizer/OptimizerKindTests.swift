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

  @Test func `an optimizer without any state tells nothing of gradients`() throws {
    let state = try state("sgd")
    #expect(state.parameters.isEmpty && state.withoutState.isEmpty)
  }
}
