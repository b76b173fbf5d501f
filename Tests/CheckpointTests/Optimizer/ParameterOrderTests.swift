import FileSystem
import JSON
import TestSupport
import Testing

@testable import Checkpoint

/// Against the order of transformers and PEFT, which `scripts/make-parameter-orders.py` writes.
struct ParameterOrderTests {
  private static let truth = try? JSONValue(
    parsing: Files.read(
      Path.join(Fixture.package, "Tests/CheckpointTests/Fixtures/optimizer/orders.json")))["orders"]

  /// The groups of a family: names with shapes.
  private func groups(_ family: String) throws -> [[TensorDescription]] {
    let groups = try #require(Self.truth?[family]?.array)
    return try groups.map { group in
      try (group.array ?? []).map { entry in
        let shape = (entry.array?[1].array ?? []).compactMap { $0.int64.map { Int($0) } }
        return try TensorDescription(
          name: #require(entry.array?[0].string), elementType: .float32, shape: shape)
      }
    }
  }

  private func names(_ groups: [[TensorDescription]], of tensors: [TensorDescription]) -> [String: String]? {
    var numbers: [[String]] = []
    var shapes: [String: [Int]] = [:]
    for group in groups {
      var own: [String] = []
      for tensor in group {
        own.append(String(shapes.count))
        shapes[String(shapes.count)] = tensor.shape
      }
      numbers.append(own)
    }
    return ParameterOrder.names(groups: numbers, shapes: shapes, tensors: tensors)
  }

  @Test(arguments: [
    "Qwen3", "Qwen2", "Llama", "Mistral", "Qwen3 LoRA", "Qwen2 LoRA", "Llama LoRA", "Mistral LoRA",
    "Qwen3 LoRA, deep", "Qwen3-VL", "Qwen3-VL LoRA",
  ])
  func `numbers get the names that the trainer gave them`(_ family: String) throws {
    let groups = try groups(family)
    let all = groups.flatMap(\.self)
    let found = try #require(names(groups, of: all.sorted { $0.name < $1.name }))
    #expect(found.count == all.count)
    for (number, tensor) in all.enumerated() { #expect(found[String(number)] == tensor.name) }
  }

  @Test func `a model whose order is not known keeps its numbers`() throws {
    // OPT defines k before v before q, which the shapes alone do not tell.
    let groups = try groups("OPT LoRA")
    #expect(names(groups, of: groups.flatMap(\.self)) == nil)
  }

  @Test func `a count or a shape that does not fit gives no names`() throws {
    let groups = try groups("Qwen3 LoRA")
    let all = groups.flatMap(\.self)
    #expect(names(groups, of: Array(all.dropLast())) == nil)
    var other = all
    other[3] = try TensorDescription(name: all[3].name, elementType: .float32, shape: [7, 7])
    #expect(names(groups, of: other) == nil)
    #expect(names([all], of: all) == nil, "one group is not HF Trainer's")
  }
}
