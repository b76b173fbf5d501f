import Checkpoint
import FileSystem
import JSON
import TestSupport
import Testing

@testable import Weights

/// Weights in codes against what the libraries that wrote them make of them (scripts/make-quantised-fixtures.py).
struct QuantisedTruthTests {
  private static let folder = Path.join(Fixture.package, "Tests/WeightsTests/Fixtures/quantised")

  private static func path(_ name: String) -> String { Path.join(folder, name) }

  private static func values(_ checkpoint: Checkpoint, _ range: Range<Int>? = nil) throws -> [Float] {
    let tensor = checkpoint.tensors[0]
    let elements = range ?? 0..<tensor.elementCount
    let part = try TensorDescription(name: "", elementType: .float32, shape: [elements.count])
    return try checkpoint.withBytes(ofTensorAt: 0, elements: elements) { bytes throws(CheckpointError) in
      ElementConversion.floats(bytes, part)
    }
  }

  @Test(arguments: [
    ("nf4", QuantizedTensor.Scheme.nf4), ("nf4_nested", .nf4), ("fp4", .fp4), ("fp4_nested", .fp4),
    ("int8", .int8), ("gptq4", .gptq), ("gptq8", .gptq), ("gptq4_order", .gptq), ("awq", .awq),
    ("packed4", .packed), ("packed8", .packed), ("fp8_blocks", .fp8), ("fp8_rows", .fp8),
    ("fp8_tensor", .fp8), ("mxfp4", .mxfp4), ("torchao_int8", .torchao), ("torchao_fp8", .torchao),
    ("torchao_intx", .torchao), ("torchao_int8_pickle", .torchao), ("torchao_fp8_pickle", .torchao),
    ("torchao_intx_pickle", .torchao),
  ])
  func `codes and scales stand for the values of the truth`(name: String, scheme: QuantizedTensor.Scheme)
    throws
  {
    let truth = try #require(try JSONValue(parsing: Files.read(Self.path("truth.json")))[name])
    let original = try Checkpoint(opening: Self.path(name))
    let found = original.quantizedTensors()
    #expect(found.map(\.scheme) == [scheme])
    #expect(found.map(\.refusal) == [nil])
    #expect(found.first?.name == (scheme == .mxfp4 ? "l.0.experts.up" : "l.0.q.weight"))
    #expect(found.first?.shape == truth["shape"]?.array?.compactMap { $0.int64.map(Int.init) })
    let decoded = DecodedCheckpoint(original)
    #expect(decoded.checkpoint.tensors.count == 1)
    #expect(decoded.elementCount == found.first?.elementCount)
    let values = try Self.values(decoded.checkpoint)
    func close(_ found: ArraySlice<Float>, _ key: String) -> Bool {
      let wanted = truth[key]?.array?.compactMap(\.double) ?? []
      return wanted.count == found.count
        && zip(found, wanted).allSatisfy { abs(Double($0) - $1) <= 1e-6 * max(1, abs($1)) }
    }
    #expect(close(values.prefix(8), "first"))
    #expect(close(values.suffix(8), "last"))
    var norm = 0.0, weighted = 0.0, scale = 0.0
    for (index, value) in values.enumerated() {
      norm += Double(value) * Double(value)
      weighted += Double(value) * Double(index + 1)
      scale += abs(Double(value)) * Double(index + 1)
    }
    #expect(abs(norm.squareRoot() - (truth["norm"]?.double ?? 0)) <= 1e-6 * norm.squareRoot())
    // The sum with weights tells the order of the elements.
    #expect(abs(weighted - (truth["weighted"]?.double ?? 0)) <= 1e-6 * scale)
    // A part is what the whole has there.
    #expect(try Self.values(decoded.checkpoint, 13..<77) == Array(values[13..<77]))
  }

  @Test func `a base in 4 bits is compared by its values, and its codes never as weights`() throws {
    let found = try CheckpointComparison(
      examining: Checkpoint(opening: Self.path("nf4")))
    let truth = try #require(
      try JSONValue(parsing: Files.read(Self.path("truth.json")))["nf4"]?["norm"]?.double)
    #expect(found.tensors.map(\.name) == ["l.0.q.weight"])
    #expect(abs(found.total.norm.after - truth) <= 1e-6 * truth)
    #expect(found.sides.after?.elementCount == 48 * 80)
    #expect(
      found.sides.after?.remarks
        == ["1 weight (3,840 parameters) in bitsandbytes NF4, compared as the values they stand for"])
  }

  @Test func `codes without their scales raise no false NaN and count as what they stand for`() throws {
    let folder = try TemporaryFolder()
    let codes = [UInt32](repeating: 0x7fc0_1234, count: 8)
    func file(_ codes: [UInt32]) -> [UInt8] {
      SafetensorsBytes.file([
        .init("m.q.base_layer.weight", "F32", [8, 1], words: codes),
        .init("m.q.lora_A.weight", [1, 8], [1, 0, 0, 0, 0, 0, 0, 0]),
        .init("m.q.lora_B.weight", [8, 1], [1, 0, 0, 0, 0, 0, 0, 0]),
      ])
    }
    let before = try Checkpoint(opening: folder.write("a.safetensors", file(codes)))
    let after = try Checkpoint(opening: folder.write("b.safetensors", file(codes.map { $0 ^ 1 })))
    let found = try CheckpointComparison(before, after)
    #expect(found.tensors.allSatisfy { $0.nonFinite.after.count == 0 })
    #expect(found.sides.after?.elementCount == 64 + 16)
    #expect(found.wholeTotal == nil)
    #expect(!found.isIdentical, "codes that differ are no equal weights")
    #expect(try CheckpointComparison(before, before).isIdentical)
    #expect(
      found.sides.after?.remarks.contains { $0.contains("its scales are not in the checkpoint") } == true)
  }

  @Test func `packed codes of torchao are named, counted and declined`() throws {
    let folder = try TemporaryFolder()
    let file = SafetensorsBytes.file([
      .init("m.q._weight_qdata", "U8", [4, 8], words: [UInt32](repeating: 0x1234_5678, count: 8)),
      .init("m.q._weight_scale", [2, 4], [Float](repeating: 1, count: 8)),
      .init("m.q._weight_zero_point", [2, 4], [Float](repeating: 0, count: 8)),
    ])
    let checkpoint = try Checkpoint(opening: folder.write("a.safetensors", file))
    let found = try #require(checkpoint.quantizedTensors().first)
    #expect(found.name == "m.q.weight" && found.shape == [4, 16] && found.scheme == .torchao)
    #expect(found.refusal == "packed codes of torchao are not decoded")
    let comparison = try CheckpointComparison(checkpoint, checkpoint)
    #expect(comparison.sides.after?.elementCount == 64)
    #expect(comparison.tensors.map(\.role) == [.codes])
  }

  @Test func `parts that do not fit are declined in words`() throws {
    let file = try Files.read(Path.join(Self.path("nf4"), "model.safetensors"))
    let folder = try TemporaryFolder()
    let place = try #require(
      (0..<file.count - 9).first { Array(file[$0..<$0 + 9]) == Array("blocksize".utf8) })
    var broken = file
    broken[place] = UInt8(ascii: "x")
    let checkpoint = try Checkpoint(opening: folder.write("a.safetensors", broken))
    _ = DecodedCheckpoint(checkpoint)
    broken = file
    for offset in 0..<40 { broken[place + offset] = UInt8(ascii: "9") }
    let other = try Checkpoint(opening: folder.write("b.safetensors", broken))
    #expect(other.quantizedTensors().first?.refusal != nil)
    #expect(DecodedCheckpoint(other).undecoded.count == 1)
  }
}
