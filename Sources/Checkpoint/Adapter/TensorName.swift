/// The name of a tensor without what PEFT and wrappers put around it, and its part in an adapter.
///
/// Saves of one adapter differ in spelling: `base_model.model.` before the names, `.default` after `lora_A` where a
/// whole state was saved, `_fsdp_wrapped_module.` and `_orig_mod.` within. Names are compared without these.
package struct TensorName: Equatable {
  /// The module, without prefixes.
  package var module: String
  /// The part of the module.
  package var part: Part
  /// The name of the adapter, where one stands in the tensor's name.
  package var adapter: String?

  package enum Part: Equatable {
    /// `lora_A` and `lora_B` of linear layers and convolutions.
    case a, b
    /// `lora_embedding_A` and `lora_embedding_B`.
    case embeddingA, embeddingB
    /// `lora_E`, the diagonal of AdaLoRA.
    case diagonal
    /// Everything else, by what follows the module; empty for a plain weight.
    case other(String)
  }

  private static let parts: [Substring: Part] = [
    "lora_A": .a, "lora_B": .b, "lora_embedding_A": .embeddingA, "lora_embedding_B": .embeddingB,
    "lora_E": .diagonal, "lora_magnitude_vector": .other("lora_magnitude_vector"),
  ]

  package init(_ name: String) {
    let plain = Self.withoutWrappers(name)
    let components = plain.split(separator: ".", omittingEmptySubsequences: false)
    guard let place = components.lastIndex(where: { Self.parts[$0] != nil }),
      let found = Self.parts[components[place]]
    else {
      module = plain.hasSuffix(".weight") ? String(plain.dropLast(7)) : plain
      part = .other(plain.hasSuffix(".weight") ? "weight" : "")
      return
    }
    module = components[..<place].joined(separator: ".")
    var rest = Array(components[(place + 1)...])
    if let first = rest.first, first != "weight", first != "bias" {
      adapter = String(first)
      rest.removeFirst()
    }
    switch (found, rest) {
    case (.other(let name), _):
      part = .other(([name[...]] + rest.filter { $0 != "weight" }).joined(separator: "."))
    case (_, []), (_, ["weight"]): part = found
    default: part = .other(([components[place]] + rest).joined(separator: "."))
    }
  }

  /// The name by which two checkpoints are matched.
  package var canonical: String {
    switch part {
    case .a: module + ".lora_A"
    case .b: module + ".lora_B"
    case .embeddingA: module + ".lora_embedding_A"
    case .embeddingB: module + ".lora_embedding_B"
    case .diagonal: module + ".lora_E"
    case .other(let rest): rest.isEmpty ? module : module + "." + rest
    }
  }

  /// Whether a tensor of this name is a part of the optimizer's state, which Megatron keeps beside the weights
  /// (`optimizer.state.exp_avg.…`, `chained_0.optimizer.state.…`), and no weight.
  package static func isOptimizers(_ name: String) -> Bool {
    name.hasPrefix("optimizer.") || (name.hasPrefix("chained_") && name.contains(".optimizer."))
  }

  package static func withoutWrappers(_ name: String) -> String {
    var name = name[...]
    if name.hasPrefix("module.") { name = name.dropFirst(7) }
    // The key that a distributed checkpoint keeps the whole model under.
    if ["model.base_model.model.", "model.model.", "model.lm_head."].contains(where: name.hasPrefix) {
      name = name.dropFirst(6)
    }
    if name.hasPrefix("base_model.model.") { name = name.dropFirst(17) }
    guard name.contains("_fsdp_wrapped_module.") || name.contains("_orig_mod.") else { return String(name) }
    return name.split(separator: ".").filter { $0 != "_fsdp_wrapped_module" && $0 != "_orig_mod" }
      .joined(separator: ".")
  }
}
