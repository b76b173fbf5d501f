/// What Megatron's names say of the tensors.
enum MegatronNames {
  /// How a tensor is cut over the tensor-parallel ranks.
  enum Cut: Equatable {
    /// Along the first axis: the rows of the weight are the outputs.
    case rows
    /// Along the second axis: the inputs.
    case columns
    /// Every rank holds all of it.
    case whole
  }

  /// How Megatron cuts the tensor `name`; nil where the name does not tell.
  static func cut(_ name: String) -> Cut? {
    var parts = name.split(separator: ".").map(String.init)
    let leaf = parts.popLast() ?? ""
    var module = parts.last ?? ""
    if module == "weight" || module == "adapter" || module == "to_wrap" {
      module = parts.dropLast().last ?? ""
    }
    if let (base, factor) = adapter(parts) { return cut(of: factor, base: base) }
    let isWeight = leaf.hasPrefix("weight")
    if leaf.contains("layer_norm") || leaf.contains("layernorm") || module.contains("norm") { return .whole }
    switch module {
    case "word_embeddings", "output_layer", "lm_head": return isWeight ? .rows : nil
    case "linear_qkv", "query_key_value", "linear_fc1", "dense_h_to_4h", "linear_q", "linear_kv": return .rows
    case "linear_proj", "linear_fc2", "dense_4h_to_h", "dense":
      return isWeight ? .columns : .whole
    case "position_embeddings": return .whole
    default: return nil
    }
  }

  /// The factors of an adapter, by the names of mcore_adapter (`lora_A`) and of NeMo and Megatron-Bridge (`linear_in`).
  private static let factors = ["lora_A", "lora_B", "linear_in", "linear_out"]

  /// The module that an adapter's factor is beside, and the factor, of the parts of a name without its leaf.
  private static func adapter(_ parts: [String]) -> (base: String, factor: String)? {
    guard let place = parts.lastIndex(where: factors.contains) else { return nil }
    guard let base = parts[..<place].last(where: { $0 != "adapter" && $0 != "to_wrap" }) else { return nil }
    return (base, parts[place])
  }

  /// How a factor is cut beside a module that is: of `B·A` only the side is cut that its module's is. Megatron-Bridge cuts
  /// the rank of its first factor, and its second by the outputs, whatever the module is.
  private static func cut(of factor: String, base: String) -> Cut? {
    switch (factor, cut(base + ".weight")) {
    case ("lora_A", .rows), ("lora_B", .columns): .whole
    case ("lora_A", .columns): .columns
    case ("lora_B", .rows): .rows
    case ("linear_in", .columns): .columns
    case ("linear_in", .rows), ("linear_out", .rows), ("linear_out", .columns): .rows
    default: nil
    }
  }

  /// Whether each rank's rows of this tensor are a part of the gate and a part of the up projection.
  static func isGated(_ name: String) -> Bool {
    fusion(name) == "gate and up fused" && !name.split(separator: ".").contains("linear_in")
  }

  /// What a module of this name holds in one tensor, in words.
  static func fusion(_ name: String) -> String? {
    let parts = name.split(separator: ".")
    if parts.contains("linear_qkv") || parts.contains("query_key_value") { return "q, k and v fused" }
    if parts.contains("linear_fc1") || parts.contains("dense_h_to_4h") { return "gate and up fused" }
    return nil
  }

  /// Remarks on fused modules, each once.
  static func remarks(_ names: [String]) -> [String] {
    var modules: [String: String] = [:]
    for name in names {
      guard let fusion = fusion(name), !name.contains("layer_norm"),
        let module = name.split(separator: ".").first(where: {
          ["linear_qkv", "query_key_value", "linear_fc1", "dense_h_to_4h"].contains($0)
        })
      else { continue }
      modules[String(module)] = fusion
    }
    return modules.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value) in one tensor" }
  }
}
