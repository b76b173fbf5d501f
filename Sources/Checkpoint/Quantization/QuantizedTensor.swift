/// A weight that stands in a checkpoint as codes and scales, in several tensors.
public struct QuantizedTensor: Equatable, Sendable {
  /// The name that the weight has where it is not quantised, for example `model.layers.0.self_attn.q_proj.weight`.
  public let name: String
  /// How it was quantised.
  public let scheme: Scheme
  /// The shape of the weight itself; one extent, the number of its elements, where the checkpoint does not tell more.
  public let shape: [Int]
  /// The index of the tensor with the codes, in whose place the weight stands.
  public let codes: Int
  /// The indices of the other tensors, by what they are.
  public let parts: [String: Int]
  /// Numbers of the scheme: `bits`, `block`, `rows`, `columns`, `isOffset`, `nestedBlock`.
  package let numbers: [String: Double]
  /// Why the values are not computed, in words; nil where they are.
  public let refusal: String?

  /// The number of weights.
  public var elementCount: Int { shape.reduce(1) { $0.multipliedReportingOverflow(by: $1).partialValue } }

  /// The ways to quantise that are told apart; the raw values are names for JSON.
  public enum Scheme: String, Sendable {
    /// bitsandbytes' 4-bit normal floats and 4-bit floats.
    case nf4, fp4
    /// bitsandbytes' vector-wise 8-bit integers.
    case int8 = "bitsandbytes_int8"
    case gptq, awq
    /// 8-bit floats with a scale for the tensor, for each row, or for each block.
    case fp8
    /// OCP's 4-bit floats with a power of two for 32 of them.
    case mxfp4
    /// Packed integers of compressed-tensors.
    case packed = "compressed_tensors"
    case nvfp4, torchao, hqq, quanto, aqlm
    /// A layout that is not known.
    case unknown = "unknown_layout"
    /// Codes of 4 bits without their scales, as FSDP keeps those of a QLoRA's base in the storage of another type.
    case bareCodes = "codes_4bit"
  }
}

extension QuantizedTensor.Scheme: CustomStringConvertible {
  /// For example `bitsandbytes NF4`.
  public var description: String {
    switch self {
    case .nf4: "bitsandbytes NF4"
    case .fp4: "bitsandbytes FP4"
    case .int8: "bitsandbytes INT8"
    case .gptq: "GPTQ"
    case .awq: "AWQ"
    case .fp8: "FP8"
    case .mxfp4: "MXFP4"
    case .packed: "compressed-tensors"
    case .nvfp4: "NVFP4"
    case .torchao: "torchao"
    case .hqq: "HQQ"
    case .quanto: "Quanto"
    case .aqlm: "AQLM"
    case .unknown: "a layout that is not known"
    case .bareCodes: "4-bit codes"
    }
  }
}
