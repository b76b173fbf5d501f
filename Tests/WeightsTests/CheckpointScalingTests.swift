import Bytes
import Checkpoint
import TestSupport
import Testing

@testable import Weights

@Suite struct CheckpointScalingTests {
  /// A file with one tensor for each entry, of the bits that are given.
  private func checkpoint(_ tensors: [(name: String, type: String, words: [UInt64], width: Int)]) throws
    -> Checkpoint
  {
    let folder = try TemporaryFolder()
    let parts = tensors.map { tensor in
      var bytes: [UInt8] = []
      for word in tensor.words {
        for byte in 0..<tensor.width { bytes.append(UInt8(truncatingIfNeeded: word >> (8 * byte))) }
      }
      return SafetensorsBytes.Tensor(tensor.name, tensor.type, [tensor.words.count], bytes: bytes)
    }
    return try Checkpoint(opening: folder.write("a.safetensors", SafetensorsBytes.file(parts)))
  }

  private func words(_ checkpoint: Checkpoint, _ index: Int, width: Int) throws -> [UInt64] {
    let bytes = try checkpoint.withBytes(ofTensorAt: index) { bytes throws(CheckpointError) in
      bytes.copied()
    }
    return stride(from: 0, to: bytes.count, by: width).map { start in
      (0..<width).reduce(0) { sum, place in sum | UInt64(bytes[start + place]) << (8 * place) }
    }
  }

  @Test func `every floating-point type is multiplied`() throws {
    let original = try checkpoint([
      ("f64", "F64", [Double(1.5).bitPattern, Double(-2).bitPattern], 8),
      ("f32", "F32", [UInt64(Float(0.75).bitPattern)], 4),
      ("bf16", "BF16", [0x3f80, 0xc000], 2), ("f16", "F16", [0x3c00, 0xb800, 0x0001, 0x0000], 2),
      ("i64", "I64", [7], 8),
    ])
    let copy = try #require(original.scaling(by: -4) { _ in true })
    #expect(try words(copy, 0, width: 8) == [Double(-6).bitPattern, Double(8).bitPattern])
    #expect(try words(copy, 1, width: 4) == [UInt64(Float(-3).bitPattern)])
    #expect(try words(copy, 2, width: 2) == [0xc080, 0x4100])
    #expect(try words(copy, 3, width: 2) == [0xc400, 0x4000, 0x8004, 0x8000])
    #expect(try words(copy, 4, width: 8) == [7])
    #expect(try words(original, 0, width: 8) == [Double(1.5).bitPattern, Double(-2).bitPattern])
    #expect(original.scaling(by: 2) { $0 == "i64" || $0 == "none" } == nil)
  }

  @Test func `of a module that is chosen only the factor B is multiplied`() throws {
    let one = UInt64(Float(1).bitPattern)
    let original = try checkpoint([
      ("base_model.model.l.0.q_proj.lora_A.weight", "F32", [one], 4),
      ("base_model.model.l.0.q_proj.lora_B.weight", "F32", [one], 4),
      ("base_model.model.l.0.k_proj.lora_B.weight", "F32", [one], 4),
      ("base_model.model.l.0.norm.weight", "F32", [one], 4),
    ])
    func values(_ isChosen: @escaping (String) -> Bool) throws -> [Float] {
      let copy = try #require(original.scaling(by: 2, where: isChosen))
      return try (0..<4).map { Float(bitPattern: UInt32(try words(copy, $0, width: 4)[0])) }
    }
    #expect(try values { $0 == "l.0.q_proj" } == [1, 2, 1, 1])
    #expect(try values { $0.hasSuffix("lora_A.weight") } == [2, 1, 1, 1])
    #expect(try values { $0.hasSuffix("norm.weight") } == [1, 1, 1, 2])
    #expect(try values { _ in true } == [1, 2, 2, 2])
  }
}
