import Checkpoint
import TestSupport
import Testing

@testable import Weights

@Suite struct CheckpointComparisonTests {
  /// A file of F32 tensors.
  private func file(_ tensors: [(name: String, shape: [Int], values: [Float])]) -> [UInt8] {
    SafetensorsBytes.file(tensors.map { .init($0.name, $0.shape, $0.values) })
  }

  private func compare(
    _ before: [(name: String, shape: [Int], values: [Float])],
    _ after: [(name: String, shape: [Int], values: [Float])], configuration: String? = nil
  ) throws -> CheckpointComparison {
    let folder = try TemporaryFolder()
    if let configuration { try folder.write("adapter_config.json", configuration) }
    let first = try Checkpoint(opening: folder.write("a.safetensors", file(before)))
    let second = try Checkpoint(opening: folder.write("b.safetensors", file(after)))
    return try CheckpointComparison(first, second)
  }

  @Test func `a tensor's figures are those of its elements`() throws {
    let found = try compare([("w", [3], [1, 2, 2])], [("w", [3], [1, 2, 5])])
    let tensor = try #require(found.tensors.first)
    #expect(tensor.norm.before == 3)
    #expect(abs(tensor.norm.after - 30.0.squareRoot()) < 1e-12)
    #expect(tensor.differenceNorm == 3)
    #expect(tensor.relativeChange == 1)
    #expect(tensor.greatestDifference == 3)
    #expect(tensor.changedCount == 1)
    #expect(abs((tensor.cosine ?? 0) - 15 / (3 * 30.0.squareRoot())) < 1e-12)
  }

  @Test func `a module that is measured on one side alone counts on neither`() throws {
    func adapter(_ value: Float) -> [(name: String, shape: [Int], values: [Float])] {
      (0..<2).flatMap { layer -> [(name: String, shape: [Int], values: [Float])] in
        let name = "base_model.model.m.\(layer).q.lora_"
        return [
          (name + "A.weight", [1, 2], [3, layer == 0 ? value : 4]), (name + "B.weight", [1, 1], [1]),
        ]
      }
    }
    let found = try compare(
      adapter(4), adapter(.nan), configuration: #"{"peft_type":"LORA","r":1,"lora_alpha":1}"#)
    #expect(found.total.norm == Pair(5, 5))
    #expect(found.total.count == Pair(1, 1))
  }

  @Test func `elements that are not finite are counted, and left out`() throws {
    let found = try compare(
      [("w", [5], [3, .nan, 4, 1, 1])], [("w", [5], [3, 1, 4, .infinity, -.infinity])])
    let tensor = try #require(found.tensors.first)
    #expect(tensor.nonFinite.before == NonFiniteCount(nan: 1, infinite: 0, firstIndex: 1))
    #expect(tensor.nonFinite.after == NonFiniteCount(nan: 0, infinite: 2, firstIndex: 3))
    #expect(tensor.norm.before == 5)
    #expect(tensor.differenceNorm == 0)
    #expect(!tensor.isIdentical)
  }

  @Test(arguments: [Float(1e-30), 1e-20, 1, 1e15, 3e38])
  func `squares that leave the range of float32 do not`(scale: Float) throws {
    let found = try compare([("w", [2], [scale, scale])], [("w", [2], [scale, -scale / 2])])
    let tensor = try #require(found.tensors.first)
    let wanted = Double(scale) * 2.0.squareRoot()
    #expect(abs(tensor.norm.before - wanted) <= 1e-6 * wanted)
    #expect(abs(tensor.differenceNorm - 1.5 * Double(scale)) <= 1e-6 * Double(scale))
  }

  @Test func `a tensor of many blocks sums up, its tail included`() throws {
    let count = 5003
    let found = try compare(
      [("w", [count], (0..<count).map { Float($0 % 7) })],
      [("w", [count], (0..<count).map { Float($0 % 7) + ($0 == count - 1 ? 1 : 0) })])
    let tensor = try #require(found.tensors.first)
    let wanted = (0..<count).reduce(0.0) { $0 + Double(($1 % 7) * ($1 % 7)) }
    #expect(abs(tensor.norm.before * tensor.norm.before - wanted) < 1e-6 * wanted)
    #expect(tensor.changedCount == 1)
    #expect(tensor.differenceNorm == 1)
  }

  @Test func `identical adapters differ by exactly nothing`() throws {
    let tensors: [(name: String, shape: [Int], values: [Float])] = [
      ("q.lora_A.weight", [2, 3], [1, 2, 3, 4, 5, 6]), ("q.lora_B.weight", [2, 2], [0.1, 0.2, 0.3, 0.4]),
    ]
    let found = try compare(tensors, tensors, configuration: #"{"r":2,"lora_alpha":4}"#)
    #expect(found.isIdentical)
    #expect(found.modules[0].differenceNorm == 0)
    #expect(found.modules[0].differenceSingularValues.allSatisfy { $0 == 0 })
    #expect(abs((found.modules[0].cosine ?? 0) - 1) < 1e-14)
  }

  @Test func `a small change keeps its digits`() throws {
    let a: [Float] = [1, 2, 3, 4, 5, 6]
    let found = try compare(
      [("q.lora_A.weight", [2, 3], a), ("q.lora_B.weight", [1, 2], [1, 1])],
      [("q.lora_A.weight", [2, 3], a), ("q.lora_B.weight", [1, 2], [1, 1.0000001])],
      configuration: #"{"r":2,"lora_alpha":2}"#)
    let step = Double(Float(1.0000001)) - 1
    let wanted = step * 77.0.squareRoot()
    let difference = try #require(found.modules[0].differenceNorm)
    #expect(abs(difference - wanted) < 1e-9 * wanted)
  }

  @Test func `B of zeros is a ΔW of zero, with no direction`() throws {
    let found = try compare(
      [("q.lora_A.weight", [2, 3], [1, 2, 3, 4, 5, 6]), ("q.lora_B.weight", [2, 2], [0, 0, 0, 0])],
      [("q.lora_A.weight", [2, 3], [1, 2, 3, 4, 5, 6]), ("q.lora_B.weight", [2, 2], [1, 0, 0, 1])],
      configuration: #"{"r":2,"lora_alpha":2}"#)
    let module = found.modules[0]
    #expect(module.deltaNorm.before == 0)
    #expect(module.singularValues.before == [0, 0])
    #expect(module.stableRank.before == nil)
    #expect(module.cosine == nil && module.relativeChange == nil && module.overlap == nil)
    #expect(abs((module.deltaNorm.after ?? 0) - 91.0.squareRoot()) < 1e-12)
  }

  @Test func `two ranks of one module are compared`() throws {
    let found = try compare(
      [("q.lora_A.weight", [1, 2], [1, 0]), ("q.lora_B.weight", [2, 1], [2, 0])],
      [("q.lora_A.weight", [2, 2], [1, 0, 0, 1]), ("q.lora_B.weight", [2, 2], [2, 0, 0, 3])])
    let module = found.modules[0]
    #expect(module.rank == Pair(1, 2))
    #expect(abs((module.differenceNorm ?? 0) - 3) < 1e-12)
    #expect(found.reshaped.count == 2)
    #expect(abs((module.overlap?.left ?? 0) - 0) < 1e-12 || module.overlap?.count == 1)
  }

  @Test func `a module with a NaN has no figures on that side`() throws {
    let found = try compare(
      [("q.lora_A.weight", [1, 2], [1, 0]), ("q.lora_B.weight", [2, 1], [2, 0])],
      [("q.lora_A.weight", [1, 2], [.nan, 0]), ("q.lora_B.weight", [2, 1], [2, 0])])
    #expect(found.modules[0].deltaNorm == Pair(2, nil))
    #expect(found.modules[0].nonFiniteCount == Pair(0, 1))
    #expect(found.modules[0].differenceNorm == nil)
    #expect(found.total.norm.after == 0 && found.total.count == Pair(1, 0))
  }

  @Test func `what is on one side only is listed`() throws {
    let found = try compare(
      [("a", [1], [1]), ("b", [1], [1])], [("b", [1], [1]), ("c", [1], [1])])
    #expect(found.onlyBefore.map(\.name) == ["a"])
    #expect(found.onlyAfter.map(\.name) == ["c"])
    #expect(!found.isIdentical)
  }

  @Test func `A without B, and shapes that do not multiply, are remarked`() throws {
    let found = try compare(
      [
        ("q.lora_A.weight", [1, 2], [1, 0]), ("v.lora_A.weight", [2, 2], [1, 0, 0, 1]),
        ("v.lora_B.weight", [1, 1], [1]),
      ],
      [("q.lora_A.weight", [1, 2], [1, 0])])
    #expect(found.modules.isEmpty)
    #expect(
      found.sides.before?.remarks == [
        "q: lora_A without lora_B", "v: lora_A [2, 2] and lora_B [1, 1] do not multiply",
      ])
  }

  @Test func `stable and effective rank of known values`() {
    #expect(ModuleComparison.stableRank([2, 2, 2]) == 3)
    #expect(ModuleComparison.stableRank([4, 0]) == 1)
    #expect(ModuleComparison.stableRank([0]) == nil)
    #expect(abs((ModuleComparison.effectiveRank([1, 1, 1, 1]) ?? 0) - 4) < 1e-12)
    #expect(abs((ModuleComparison.effectiveRank([5, 0]) ?? 0) - 1) < 1e-12)
  }

  @Test func `many small tensors stand in the order of the first file, with the parts of modules among them`()
    throws
  {
    func tensors(_ scale: Float) -> [(name: String, shape: [Int], values: [Float])] {
      var all: [(name: String, shape: [Int], values: [Float])] = (0..<700).map {
        ("layers.\($0).norm.weight", [2], [Float($0) + 1, scale])
      }
      // In the middle of what is compared in one go.
      all.insert(("layers.0.q_proj.lora_A.weight", [1, 2], [1, 2 * scale]), at: 100)
      all.insert(("layers.0.q_proj.lora_B.weight", [2, 1], [1, 1]), at: 300)
      return all
    }
    let before = tensors(1)
    let found = try compare(before, tensors(2).reversed())
    #expect(
      found.tensors.map(\.name)
        == before.map {
          $0.name.replacing(".lora_A.weight", with: ".lora_A").replacing(".lora_B.weight", with: ".lora_B")
        })
    #expect(found.tensors.count { $0.role == .factor } == 2)
    #expect(found.tensors[100].role == .factor && found.tensors[300].role == .factor)
    #expect(found.modules.count == 1)
    for (tensor, one) in zip(found.tensors, before) where tensor.role != .factor {
      #expect(tensor.fileNames == Pair(one.name, one.name))
      #expect(tensor.differenceNorm == 1)
      #expect(
        abs(tensor.norm.before - (Double(one.values[0]) * Double(one.values[0]) + 1).squareRoot()) < 1e-9)
    }
  }
}
