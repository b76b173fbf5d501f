import Analysis
import Checkpoint
import TestSupport
import Testing
import Weights

@testable import Report

/// Every pair gets a whole sentence, and none says more than the figures do.
struct CheckpointHeadlineTests {
  typealias Tensor = SafetensorsBytes.Tensor

  /// What is said of two checkpoints of one training, or of two.
  private func headline(
    _ before: [Tensor], _ after: [Tensor], relation: CheckpointAnalysis.Relation = .oneTraining,
    evaluations: [Double] = []
  ) throws -> CheckpointHeadline {
    let folder = try TemporaryFolder()
    for (name, tensors) in [("a", before), ("b", after)] {
      let isAdapter = tensors.contains { $0.name.contains("lora_") }
      if isAdapter {
        try folder.write(name + "/adapter_config.json", #"{"peft_type":"LORA","r":1,"lora_alpha":1}"#)
      }
      let file = isAdapter ? "adapter_model" : "model"
      try folder.write("\(name)/\(file).safetensors", SafetensorsBytes.file(tensors))
    }
    let comparison = try CheckpointComparison(
      Checkpoint(opening: folder.file("a")), Checkpoint(opening: folder.file("b")))
    func training(_ count: Int) -> CheckpointTraining? {
      let points = evaluations.prefix(max(0, count)).enumerated().map {
        CheckpointTraining.StepValue(step: Int64($0 + 1) * 100, value: $1)
      }
      return points.last.map { .init(step: $0.step, loss: nil, evaluation: $0.value, evaluations: points) }
    }
    return CheckpointHeadline(
      CheckpointAnalysis(
        comparison, training: Pair(training(evaluations.count - 1), training(evaluations.count)),
        relation: relation))
  }

  private func adapter(_ module: String = "q_proj", a: [Float] = [1, 2], b: [Float]) -> [Tensor] {
    let name = "base_model.model.model.layers.0.self_attn.\(module).lora_"
    return [Tensor(name + "A.weight", [1, 2], a), Tensor(name + "B.weight", [2, 1], b)]
  }

  private let model = [Tensor("model.layers.0.self_attn.q_proj.weight", [2, 2], [1, 2, 3, 4])]

  @Test func `an adapter of factors that make no ΔW says so`() throws {
    let names = ["hada_w1_a", "hada_w1_b", "hada_w2_a", "hada_w2_b"].map { "lora_unet_q." + $0 }
    let before = names.map { Tensor($0, [1, 2], [1, 2]) }
    let words = try headline(before, names.map { Tensor($0, [1, 2], [1, 3]) })
    #expect(words.remark?.hasPrefix("No ΔW is made of the adapter's factors") == true)
  }

  @Test func `an adapter and a model have no change in common`() throws {
    let words = try headline(adapter(b: [1, 1]), model)
    #expect(
      words.sentence == "From a to b nothing can be compared: no module and no tensor is on both sides.")
    #expect(words.movement == nil)
    let apart = try headline(adapter(b: [1, 1]), model, relation: .unrelated)
    #expect(apart.sentence == "a and b have no module and no tensor in common that could be compared.")
  }

  @Test func `without a common module nothing is said of a change`() throws {
    let words = try headline(
      adapter("q_proj", b: [1, 1]), adapter("v_proj", b: [1, 1]), relation: .unrelated)
    #expect(words.sentence == "a and b have no module and no tensor in common that could be compared.")
  }

  @Test func `a start at 0 has no relative change`() throws {
    let words = try headline(adapter(b: [0, 0]), adapter(b: [3, 4]))
    #expect(words.sentence.hasPrefix("From a to b the change has no measure"))
  }

  @Test func `factors that differ and a product that does not are no movement`() throws {
    let words = try headline(adapter(a: [1, 2], b: [2, 4]), adapter(a: [2, 4], b: [1, 2]))
    // In exact arithmetic it is 0.
    #expect(words.sentence.hasPrefix("From a to b the adapter's ΔW "))
    #expect(words.sentence.contains(" did not change") || words.sentence.contains(" less than 0.01 %"))
  }

  @Test func `a pure change of length has no new directions`() throws {
    let words = try headline(adapter(b: [1, 1]), adapter(b: [0.5, 0.5]))
    #expect(words.movement == "The weights only shrink: the directions stay, their strength falls.")
    let grown = try headline(adapter(b: [1, 1]), adapter(b: [2, 2]))
    #expect(grown.movement?.hasPrefix("The weights only grow") == true)
    // The other way round is not the same direction.
    let turned = try headline(adapter(b: [1, 1]), adapter(b: [-2, -2]))
    #expect(turned.movement == "The weights turned against what they were.")
  }

  @Test func `a rise within what evaluations differ by is no overfitting`() throws {
    let weights = (adapter(b: [1, 1]), adapter(b: [1, 2]))
    let noisy = try headline(
      weights.0, weights.1, evaluations: [1.002, 0.999, 1.001, 0.9995, 1.0012, 1.0, 1.0012])
    #expect(noisy.choice?.hasPrefix("Keep step 600") == true && noisy.choice?.contains("overfit") == false)
    let small = try headline(weights.0, weights.1, evaluations: [1.3, 1.2, 1.1, 1.05, 1.0, 1.002])
    #expect(small.choice?.hasPrefix("Keep step 500") == true && small.choice?.contains("overfit") == false)
    let large = try headline(weights.0, weights.1, evaluations: [1.3, 1.2, 1.1, 1.05, 1.0, 1.15])
    #expect(large.choice?.hasSuffix("which suggests overfitting after it.") == true)
  }
}
