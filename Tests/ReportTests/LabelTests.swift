import Testing

@testable import Report

@Suite struct LabelColumnTests {
  @Test func `labels with room stand where they wish`() {
    #expect(LabelColumn.places([10, 50], gap: 12, in: 0...100) == [10, 50])
  }

  @Test func `labels that touch share the room about their middle`() {
    #expect(LabelColumn.places([52, 48], gap: 12, in: 0...100) == [56, 44])
    #expect(LabelColumn.places([50, 50, 50], gap: 10, in: 0...100) == [40, 50, 60])
  }

  @Test func `nothing leaves the range`() {
    #expect(LabelColumn.places([-5, 0], gap: 10, in: 0...100) == [0, 10])
    #expect(LabelColumn.places([100, 101], gap: 10, in: 0...100) == [90, 100])
    let many = LabelColumn.places(Array(repeating: 5, count: 40), gap: 12, in: 0...100)
    #expect(many.allSatisfy { (0...100.000001).contains($0) })
    #expect(zip(many, many.dropFirst()).allSatisfy { $0 < $1 })
  }
}

@Suite struct ShortNamesTests {
  @Test func `the shortest suffix that tells names apart`() {
    #expect(
      ShortNames.suffixes(["ddp_lora_sft", "ddp_lora_sft_lr1e-4", "ddp_lora_resume"]) == [
        "sft", "lr1e-4", "resume",
      ])
    #expect(
      ShortNames.suffixes(["a/lora/sft", "b/lora/sft"]) == ["a", "b"])
    #expect(ShortNames.suffixes(["run-1", "run-2"]) == ["run-1", "run-2"])
    #expect(ShortNames.suffixes(["same", "same"]) == ["same", "same"])
  }

  @Test func `every suffix is unique where names are`() {
    let names = (0..<50).map { "exp/\($0 % 7)/lr-\($0)" }
    #expect(Set(ShortNames.suffixes(names)).count == 50)
  }
}
