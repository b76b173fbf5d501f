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

  /// Reads the arguments of a trainer that quantises the base model as it loads it: `quantization_bit` and its like of
  /// LLaMA-Factory, `quant_bits` of ms-swift, `load_in_4bit` and `load_in_8bit` of many scripts; nil where they ask for
  /// nothing of that kind.
  public init?(arguments json: JSONValue) {
    let bits = (json["quantization_bit"] ?? json["quant_bits"])?.int64.flatMap { Int(exactly: $0) }
    if let bits, (1...8).contains(bits) {
      let named = (json["quantization_method"] ?? json["quant_method"])?.string ?? "bitsandbytes"
      // Both trainers name bitsandbytes by its short form.
      self.init(
        method: ["bnb", "bitsandbytes"].contains(named.lowercased()) ? "bitsandbytes" : named, bits: bits,
        type: bits == 4 ? (json["quantization_type"] ?? json["bnb_4bit_quant_type"])?.string : nil,
        isNested: bits == 4
          && (json["double_quantization"] ?? json["bnb_4bit_use_double_quant"])?.bool == true)
      return
    }
    guard json["load_in_4bit"]?.bool == true || json["load_in_8bit"]?.bool == true else { return nil }
    self.init(json)
  }

  private init(method: String, bits: Int?, type: String?, isNested: Bool) {
    self.method = method
    self.bits = bits
    self.type = type
    self.isNested = isNested
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
