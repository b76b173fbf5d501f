internal import Bytes

/// The name of a tensor without what PEFT and wrappers put around it, and its part in an adapter.
///
/// Saves of one adapter differ in spelling: `base_model.model.` before the names, `.default` after `lora_A` where a
/// whole state was saved, `_fsdp_wrapped_module.` and `_orig_mod.` within. Names are compared without these.
package struct TensorName: Equatable {
  /// The module, without prefixes.
  package var module: String {
    guard let plain else { return adapted }
    return part == .other("weight") ? String(plain.dropLast(7)) : plain
  }

  /// The module of a part of an adapter; empty for other tensors.
  private var adapted = ""
  /// The whole name of a tensor that is no part of an adapter, as the file spells it but for wrappers.
  private var plain: String?
  /// The part of the module.
  package var part: Part
  /// The name of the adapter, where one stands in the tensor's name.
  package var adapter: String?

  /// Whether the format scales by 1 where no α is given.
  package var hasUnitScaling = false

  package enum Part: Equatable {
    /// `lora_A` and `lora_B` of linear layers and convolutions, by whatever names: kohya's `lora_down` and `lora_up`,
    /// `linear_in` and `linear_out` of Megatron-Bridge.
    case a, b
    /// The same the other way round, as MLX keeps them: `lora_a` (in, r), `lora_b` (r, out).
    case transposedA, transposedB
    /// `lora_embedding_A` and `lora_embedding_B`.
    case embeddingA, embeddingB
    /// A diagonal between B and A: `lora_E` of AdaLoRA, `lora_diag` of KaSA.
    case diagonal, plainDiagonal
    /// The core between A and B of a decomposed convolution.
    case middle
    /// α as a tensor of one element beside the factors, as kohya keeps it.
    case alpha
    /// Everything else, by what follows the module; empty for a plain weight.
    case other(String)
  }

  private static let parts: [Substring: Part] = [
    "lora_A": .a, "lora_B": .b, "lora_embedding_A": .embeddingA, "lora_embedding_B": .embeddingB,
    "lora_E": .diagonal, "lora_diag": .plainDiagonal, "lora_a": .transposedA, "lora_b": .transposedB,
    "lora_down": .a,
    "lora_up": .b, "lora_mid": .middle, "lora_magnitude_vector": .other("lora_magnitude_vector"),
  ]

  /// What wrappers put between the names of modules.
  private static let wrappers: Set<Substring> = [
    "_fsdp_wrapped_module", "_orig_mod", "_checkpoint_wrapped_module",
  ]

  package init(_ name: String) {
    let plain = Self.withoutWrappers(name)
    guard Self.tellsOfAdapter(plain) else {
      self = Self.plain(plain)
      return
    }
    let components = plain.split(separator: ".", omittingEmptySubsequences: false)
    if let other = Self.factor(components) {
      self = other
      return
    }
    guard let place = components.lastIndex(where: { Self.parts[$0] != nil }),
      let found = Self.parts[components[place]]
    else {
      self = Self.plain(plain)
      return
    }
    adapted = Self.withoutInnerBases(Self.split(components[..<place]))
    var rest = Array(components[(place + 1)...])
    if let first = rest.first, first != "weight", first != "bias" {
      adapter = String(first)
      rest.removeFirst()
    }
    switch (found, rest) {
    case (.other(let name), _):
      part = .other(([name[...]] + rest.filter { $0 != "weight" }).joined(separator: "."))
    // As parameters of linear layers (torchtune) the lower-case names have PEFT's shapes.
    case (.transposedA, ["weight"]): part = .a
    case (.transposedB, ["weight"]): part = .b
    case (_, []), (_, ["weight"]):
      part = found
      hasUnitScaling = components[place] == "lora_down" || components[place] == "lora_up"
    default: part = .other(([components[place]] + rest).joined(separator: "."))
    }
  }

  /// A name that tells of no adapter.
  private static func plain(_ name: String) -> TensorName {
    var result = TensorName(module: "", part: .other(name.ends(with: ".weight") ? "weight" : ""))
    result.plain = name
    return result
  }

  /// Whether a name may be that of a part of an adapter, each of which tells by these: the many tensors of a whole model
  /// are not taken apart.
  static func tellsOfAdapter(_ name: String) -> Bool { name.holds("lora") || name.holds(".adapter.") }

  /// The factors whose names stand otherwise in a tensor's name.
  private static func factor(_ components: [Substring]) -> TensorName? {
    guard components.count > 1, let last = components.last else { return nil }
    // kohya: `lora_unet_…_to_q.alpha` beside `.lora_down.weight`.
    if last == "alpha", components[0].hasPrefix("lora_") {
      return TensorName(module: split(components.dropLast()), part: .alpha)
    }
    guard components.count > 2, last == "weight" else { return nil }
    let ends = (components[components.count - 3], components[components.count - 2])
    // diffusers before PEFT: `attn1.processor.to_q_lora.down.weight`.
    if ends.0.hasSuffix("_lora"), ends.1 == "down" || ends.1 == "up" {
      let above = components.dropLast(3).filter { $0 != "processor" } + [ends.0.dropLast(5)]
      return TensorName(module: above.joined(separator: "."), part: ends.1 == "down" ? .a : .b, isUnit: true)
    }
    // diffusers' own names of LoRA layers: `to_q.lora.down.weight`, `to_q.lora_linear_layer.down.weight`.
    if ends.0 == "lora" || ends.0 == "lora_linear_layer", ends.1 == "down" || ends.1 == "up" {
      return TensorName(module: split(components.dropLast(3)), part: ends.1 == "down" ? .a : .b, isUnit: true)
    }
    // Megatron-Bridge: `linear_qkv.adapter.linear_in.weight`.
    if ends.0 == "adapter", ends.1 == "linear_in" || ends.1 == "linear_out" {
      return TensorName(module: split(components.dropLast(3)), part: ends.1 == "linear_in" ? .a : .b)
    }
    return nil
  }

  private init(module: String, part: Part, isUnit: Bool = false) {
    adapted = module
    self.part = part
    hasUnitScaling = isUnit
  }

  /// The module's name; kohya's, which has `_` for every `.`, with dots around its numbers, so that layers are found.
  private static func split(_ components: ArraySlice<Substring>) -> String {
    guard components.count == 1, let name = components.first, name.hasPrefix("lora_") else {
      return components.joined(separator: ".")
    }
    var parts: [String] = []
    for word in name.split(separator: "_", omittingEmptySubsequences: false) {
      if let last = parts.last, Int(word) == nil, Int(last) == nil {
        parts[parts.count - 1] = last + "_" + word
      } else {
        parts.append(String(word))
      }
    }
    return parts.joined(separator: ".")
  }

  /// The name by which two checkpoints are matched.
  package var canonical: String {
    if let plain { return plain }
    return switch part {
    case .a, .transposedA: module + ".lora_A"
    case .b, .transposedB: module + ".lora_B"
    case .middle: module + ".lora_mid"
    case .alpha: module + ".alpha"
    case .embeddingA: module + ".lora_embedding_A"
    case .embeddingB: module + ".lora_embedding_B"
    case .diagonal: module + ".lora_E"
    case .plainDiagonal: module + ".lora_diag"
    case .other(let rest): rest.isEmpty ? module : module + "." + rest
    }
  }

  /// Whether a tensor of this name is a part of the optimizer's state, which Megatron keeps beside the weights
  /// (`optimizer.state.exp_avg.…`, `chained_0.optimizer.state.…`), and no weight.
  package static func isOptimizers(_ name: String) -> Bool {
    name.begins(with: "optimizer.") || (name.begins(with: "chained_") && name.holds(".optimizer."))
  }

  package static func withoutWrappers(_ name: String) -> String {
    let name = unwrapped(name)
    // Names are bytes, which are compared in a fraction of the time that characters take.
    var start = name.begins(with: "module.") ? 7 : 0
    func begins(_ prefix: String) -> Bool { name.begins(with: prefix, at: start) }
    // The key that a distributed checkpoint keeps the whole model under.
    if begins("model.base_model.model.") || begins("model.model.") || begins("model.lm_head.") { start += 6 }
    if begins("base_model.model.") { start += 17 }
    return start == 0 ? name : String(Substring(name.utf8.dropFirst(start)))
  }

  private static func unwrapped(_ name: String) -> String {
    guard
      name.holds("_fsdp_wrapped_module.") || name.holds("_orig_mod.")
        || name.holds("_checkpoint_wrapped_module.") || name.holds(".modules_to_save.")
    else { return name }
    var parts = name.split(separator: ".", omittingEmptySubsequences: false).filter { !wrappers.contains($0) }
    // `lm_head.modules_to_save.default.weight` is what PEFT saves as `lm_head.weight`.
    if let place = parts.firstIndex(of: "modules_to_save"), place + 2 < parts.count {
      parts.removeSubrange(place...place + 1)
    }
    return parts.joined(separator: ".")
  }

  /// The name of a module without the wrappers of the modules that it is in: `mha.base_layer.out_proj` is the projection
  /// of an attention that is adapted itself. One at the end tells the parameters of a module apart, and stays.
  static func withoutInnerBases(_ module: String) -> String {
    guard module.holds(".base_layer.") else { return module }
    let parts = module.split(separator: ".", omittingEmptySubsequences: false)
    let last = parts.lastIndex { $0 != "base_layer" } ?? 0
    return parts.enumerated().filter { $0 > last || $1 != "base_layer" }.map(\.element)
      .joined(separator: ".")
  }

  /// Whether a tensor of this name is the frozen original of a module that PEFT trains a copy of.
  package static func isOriginal(_ name: String) -> Bool { name.holds(".original_module.") }
}
