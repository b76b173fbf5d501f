/// The order in which HF Trainer hands the parameters of a model to its optimizer, by their names.
///
/// `optimizer.pt` numbers the parameters: first those that weight decay applies to, then the others, each in the order of
/// the model's modules. Saves are sorted by name, so that the order of the modules must be known: it is for models that
/// are built like Llama, Mistral, Qwen2 and Qwen3, and Qwen3-VL, and for LoRA on them (`make-parameter-orders.py` writes
/// it down as transformers and PEFT have it). A name with any other part in it has no known place.
enum ParameterOrder {
  /// The parts of names, each after those that stand before it wherever both are in one module.
  private static let parts: [Substring: Int] = Dictionary(
    uniqueKeysWithValues: [
      "model", "lm_head", "visual", "language_model", "patch_embed", "pos_embed", "embed_tokens", "blocks",
      "layers",
      "norm", "merger", "deepstack_merger_list", "norm1", "norm2", "self_attn", "attn", "mlp",
      "input_layernorm",
      "post_attention_layernorm", "q_proj", "k_proj", "v_proj", "o_proj", "q_norm", "k_norm", "qkv", "proj",
      "gate_proj", "up_proj", "down_proj", "linear_fc1", "linear_fc2", "lora_A", "lora_B", "weight", "bias",
    ].enumerated().map { (Substring($1), $0) })

  /// The names in the order of the model's modules; nil where the place of one is not known.
  static func sorted(_ names: [String]) -> [String]? {
    var keyed: [(key: [Int], name: String)] = []
    for name in names {
      guard let key = key(of: name) else { return nil }
      keyed.append((key, name))
    }
    keyed.sort { $0.key.lexicographicallyPrecedes($1.key) }
    return keyed.map(\.name)
  }

  private static func key(of name: String) -> [Int]? {
    var key: [Int] = []
    for part in TensorName.withoutWrappers(name).split(separator: ".") {
      guard let place = parts[part] ?? Int(part).flatMap({ $0 >= 0 ? $0 : nil }) else { return nil }
      key.append(place)
    }
    return key
  }

  /// Whether HF Trainer lets weight decay apply to the parameter: not to biases and norms.
  static func isDecayed(_ name: String) -> Bool {
    guard !name.contains("bias"), !name.contains("layernorm") else { return false }
    return !name.split(separator: ".").contains {
      $0 == "norm" || $0.hasSuffix("_norm") || $0 == "norm1" || $0 == "norm2"
    }
  }

  /// The names of numbered parameters; nil where anything does not fit.
  ///
  /// - Parameters:
  ///   - groups: the numbers in each of the optimizer's groups, in their order.
  ///   - shapes: the shape of each number's moments.
  ///   - tensors: what was trained.
  static func names(
    groups: [[String]], shapes: [String: [Int]], tensors: [TensorDescription]
  ) -> [String: String]? {
    guard groups.count == 2, let sorted = sorted(tensors.map(\.name)) else { return nil }
    let extents = Dictionary(tensors.map { ($0.name, $0.shape) }) { first, _ in first }
    let parts = [sorted.filter(isDecayed), sorted.filter { !isDecayed($0) }]
    var names: [String: String] = [:]
    for (numbers, part) in zip(groups, parts) {
      guard numbers.count == part.count else { return nil }
      for (number, name) in zip(numbers, part) {
        guard let shape = shapes[number], shape == extents[name], names[number] == nil else { return nil }
        names[number] = name
      }
    }
    return names
  }
}
