import Analysis
import Checkpoint
import TestSupport
import Testing
import Weights

/// What tensors are to a model decides what counts as its change.
@Suite struct TensorRoleTests {
  typealias Tensor = SafetensorsBytes.Tensor

  private func analyse(
    _ before: [Tensor], _ after: [Tensor], configuration: String? = nil
  ) throws -> CheckpointAnalysis {
    let folder = try TemporaryFolder()
    for (name, tensors) in [("a", before), ("b", after)] {
      try folder.write("\(name)/model.safetensors", SafetensorsBytes.file(tensors))
      if let configuration { try folder.write("\(name)/config.json", configuration) }
    }
    return CheckpointAnalysis(
      try CheckpointComparison(
        Checkpoint(opening: folder.file("a")), Checkpoint(opening: folder.file("b"))))
  }

  private func finding(_ kind: CheckpointFinding.Kind, in analysis: CheckpointAnalysis) -> CheckpointFinding?
  {
    analysis.findings.first { $0.kind == kind }
  }

  private func weights(_ scale: Float = 1) -> [Tensor] {
    [
      Tensor("model.layers.0.q_proj.weight", [2, 2], [1, 2, 3, 4].map { $0 * scale }),
      Tensor("model.layers.1.q_proj.weight", [2, 2], [4, -3, 2, 1].map { $0 * scale }),
    ]
  }

  /// Counters, places and masks beside the weights, from 1 to 1,000: none of them is a weight.
  private func buffers(_ count: Int64) -> [Tensor] {
    [
      Tensor("bn1.num_batches_tracked", "I64", [], words: [count]),
      Tensor("embeddings.position_ids", "I64", [1, 64], words: (0..<64).map { Int64($0) }),
      Tensor("h.0.attn.bias", "U8", [1, 1, 8, 8], bytes: [UInt8](repeating: 1, count: 64)),
      Tensor("mask", "BOOL", [4], bytes: [0, 1, 0, 1]),
    ]
  }

  @Test func `whole numbers that count or index are no weights`() throws {
    let plain = try analyse(weights(), weights(1.1))
    let found = try analyse(weights() + buffers(1), weights(1.1) + buffers(1000))
    #expect(found.comparison.total == plain.comparison.total)
    #expect(found.comparison.tensors.count { $0.role == .buffer } == 4)
    #expect(found.movement == plain.movement && finding(.frozen, in: found) == nil)
    #expect(found.groups.map(\.type) == plain.groups.map(\.type))
    // Nothing but the counter differs: the weights did not move.
    let counted = try analyse(weights() + buffers(1), weights() + buffers(1000))
    #expect(counted.movement == nil && counted.comparison.total.differenceNorm == 0)
  }

  @Test func `tensors that became 0 are lost, and are no shrinking`() throws {
    let lost = [weights()[0], Tensor("model.layers.1.q_proj.weight", [2, 2], [0, 0, 0, 0])]
    let found = try analyse(weights(), lost)
    let zeroed = try #require(finding(.zeroed, in: found))
    #expect(zeroed.severity == .failure && zeroed.names == ["model.layers.1.q_proj.weight"])
    #expect(found.movement == nil)
    #expect(finding(.zeroed, in: try analyse(lost, lost)) == nil)
  }

  /// The bits of the nearest bfloat16s.
  private func rounded(_ values: [Float]) -> [UInt16] {
    values.map { UInt16(truncatingIfNeeded: ($0.bitPattern + 0x7fff + ($0.bitPattern >> 16 & 1)) >> 16) }
  }

  @Test func `another type is told, with whether the change is its rounding`() throws {
    let values = (0..<64).map { Float($0) * 0.317 + 0.1 }
    let before = [Tensor("w.weight", [8, 8], values)]
    let coarse = [Tensor("w.weight", "BF16", [8, 8], words: rounded(values))]
    let rounding = try #require(finding(.retyped, in: try analyse(before, coarse)))
    #expect(rounding.detail == "F32 → BF16" && (rounding.value ?? 0) > 0)
    let trained = [Tensor("w.weight", "BF16", [8, 8], words: rounded(values.map { $0 * 1.03 }))]
    let change = try #require(finding(.retyped, in: try analyse(before, trained)))
    #expect(change.value == nil)
    // Of whole numbers nothing is rounded.
    let exact = try analyse(
      [Tensor("w.weight", [2, 2], [1, 2, 3, 4])],
      [Tensor("w.weight", "BF16", [2, 2], words: rounded([1, 2, 3, 4]))])
    #expect(exact.movement == .identical && finding(.retyped, in: exact)?.value == 0)
    #expect(finding(.retyped, in: try analyse(before, before)) == nil)
  }

  @Test func `what has another shape is not said to have stayed`() throws {
    let grown = weights() + [Tensor("embed.weight", [3, 2], [1, 2, 3, 4, 5, 6])]
    let found = try analyse(weights() + [Tensor("embed.weight", [2, 2], [1, 2, 3, 4])], grown)
    #expect(found.comparison.reshaped.count == 1)
    #expect(found.movement == nil && finding(.frozen, in: found) == nil && finding(.still, in: found) == nil)
  }

  private func codes(_ step: UInt8) -> [UInt8] {
    (0..<64).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ step) }
  }

  /// Layouts that nobody named, by what all of them are: codes beside scales, or whole numbers in a quantised model.
  @Test(
    arguments: [
      ([("q.weight", "I8"), ("q.weight_scale", "F32")], nil),
      ([("q.weight", "U8"), ("q.weight_scale", "F32"), ("q.weight_scale_2", "F32")], nil),
      ([("q.weight", "F8_E4M3"), ("q.some_scale", "F32")], nil),
      ([("q.trellis", "I16"), ("q.suh", "F32")], "exl3"),
      ([("q.B", "I32"), ("q.s", "F32")], "marlin"), ([("q.Qidxs", "I16"), ("q.SU", "F32")], "quip"),
      ([("q.q_weight", "I32"), ("q.q_scale", "I32")], nil),
    ] as [([(String, String)], String?)])
  func `codes in an unknown layout are named, and not compared as weights`(
    parts: [(String, String)], method: String?
  ) throws {
    let widths = ["I8": 1, "U8": 1, "F8_E4M3": 1, "I16": 2, "I32": 4, "F32": 4]
    func module(_ step: UInt8) -> [Tensor] {
      parts.map { name, type in
        Tensor(
          name, type, [8, 8 / (widths[type] ?? 1)],
          bytes: type == "F32" ? [UInt8](repeating: 0, count: 64) : codes(step))
      } + [Tensor("norm.weight", [2], [1, 2])]
    }
    let configuration = method.map { #"{"quantization_config": {"quant_method": "\#($0)"}}"# }
    let found = try analyse(module(0), module(1), configuration: configuration)
    #expect(found.comparison.sides.after?.quantized.map(\.scheme) == [.unknown])
    #expect(found.comparison.tensors.filter { $0.role == .whole }.map(\.name) == ["norm.weight"])
    #expect(found.comparison.total.norm == Pair(5.0.squareRoot(), 5.0.squareRoot()))
    if let method { #expect(found.findings.contains { $0.detail?.contains(method) == true }) }
  }

  @Test func `floats of 8 bits without scales are values`() throws {
    let plain = [Tensor("q.weight", "F8_E4M3", [8, 8], bytes: [UInt8](repeating: 0x38, count: 64))]
    let found = try analyse(plain, plain)
    #expect(found.comparison.total.norm.after == 8)
  }
}
