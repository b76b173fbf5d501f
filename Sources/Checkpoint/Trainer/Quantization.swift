public import JSON

/// How the weights of a base model were quantised, as its `config.json` says (`quantization_config`).
public struct Quantization: Equatable, Sendable {
  /// The method: `bitsandbytes`, `gptq`, `awq`, …
  public let method: String
  /// The bits of a weight, where they are told.
  public let bits: Int?
  /// The type of the quantised weights (`nf4`, `fp4`), where it is told.
  public let type: String?
  /// Whether the scales were quantised as well.
  public let isNested: Bool

  /// Reads the object `quantization_config`, or a configuration that holds one; nil where there is none.
  public init?(_ configuration: JSONValue) {
    let json = configuration["quantization_config"] ?? configuration
    let isFour = json["load_in_4bit"]?.bool ?? json["_load_in_4bit"]?.bool ?? false
    let isEight = json["load_in_8bit"]?.bool ?? json["_load_in_8bit"]?.bool ?? false
    let named = json["quant_method"]?.string
    guard isFour || isEight || named != nil else { return nil }
    method = named ?? "bitsandbytes"
    bits = json["bits"]?.int64.flatMap { Int(exactly: $0) } ?? (isFour ? 4 : isEight ? 8 : nil)
    type = isFour ? json["bnb_4bit_quant_type"]?.string : nil
    isNested = isFour && json["bnb_4bit_use_double_quant"]?.bool == true
  }
}

extension Quantization: CustomStringConvertible {
  /// For example `4-bit nf4 (bitsandbytes, nested)`.
  public var description: String {
    let width = bits.map { "\($0)-bit" }
    let kind = [width, type].compactMap(\.self).joined(separator: " ")
    let tools = method + (isNested ? ", nested" : "")
    return kind.isEmpty ? tools : "\(kind) (\(tools))"
  }
}
