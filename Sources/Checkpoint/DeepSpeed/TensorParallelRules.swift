/// How the parts of tensor-parallel ranks belong together, by the parameters' names.
///
/// DeepSpeed's AutoTP and Megatron-DeepSpeed save that with the model, as lists of patterns
/// (`universal_checkpoint_info`), in the way that DeepSpeed's `ds_to_universal.py` reads. Without them the names have
/// to tell.
struct TensorParallelRules: Sendable {
  /// How the parts of one parameter are put together.
  enum Join: Equatable, Sendable {
    /// All ranks hold all of it.
    case whole
    /// Side by side along the axis.
    case axis(Int)
    /// Side by side along the first axis, whose end is padding.
    case vocabulary(size: Int?)
    /// Several parameters in one, each cut along the axis.
    case fused(axis: Int, Widths)
    /// It is said that it cannot be joined, and why.
    case unsupported(String)
    /// Whole where all ranks hold the same bits; else it cannot be told.
    case unknown
  }

  /// The extents of the parameters in a fused one.
  enum Widths: Equatable, Sendable {
    /// So many of one extent.
    case count(Int)
    /// The extent of each, cut evenly.
    case sizes([Int])
    /// What each rank holds of each.
    case parts([[Int]])
  }

  /// How many patterns there may be that are more than a name.
  static let patternLimit = 256
  /// How many parameters may be fused in one.
  static let fusionLimit = 64

  private var byName: [String: Join] = [:]
  private var byPattern: [(pattern: NamePattern, join: Join)] = []
  private let isComplete: Bool
  /// The steps that patterns may still take, so that many of them cannot keep a reader busy.
  private var budget = 1 << 28
  /// The patterns that could not be understood.
  private(set) var unreadable: [String] = []

  /// The rules in `information`; those of names alone where that is nil.
  init(_ information: PickleValue?) {
    guard let information, information.entries != nil else {
      isComplete = false
      return
    }
    isComplete = true
    func patterns(_ key: String) -> [String] { (information[key]?.elements ?? []).compactMap(\.string) }
    // The order is that of ds_to_universal: what comes first wins.
    for (key, reason) in information["autotp_unsupported_parameter_patterns"]?.entries ?? [] {
      add(key.string, .unsupported(reason.keyText))
    }
    for pattern in patterns("tp_replicated_parameter_patterns") { add(pattern, .whole) }
    for pattern in patterns("parameter_to_average_patterns") { add(pattern, .unknown) }
    for pattern in patterns("parameter_with_2_sub_params_cat_dim_0") {
      add(pattern, .fused(axis: 0, .count(2)))
    }
    for shape in information["parameter_with_sub_params"]?.elements ?? [] {
      addFused(shape, widths: information["sub_param_shard_widths"])
    }
    for pattern in patterns("parameter_with_row_parallelism_patterns") { add(pattern, .axis(1)) }
    let size = information["original_vocab_size"]?.int
    for pattern in patterns("vocabulary_parameter_patterns") { add(pattern, .vocabulary(size: size)) }
  }

  private mutating func addFused(_ value: PickleValue, widths: PickleValue?) {
    // A dictionary, or an object of DeepSpeed's SubparamShape.
    func member(_ name: String) -> PickleValue? { value[name] ?? value.attribute(name) }
    guard let axis = member("partition_dim")?.int, (0..<8).contains(axis),
      let shape = member("shape")?.elements, shape.indices.contains(axis)
    else { return }
    for pattern in (member("patterns")?.elements ?? []).compactMap(\.string) {
      let parts = widths?[pattern]?.elements?.compactMap(\.extents)
      let join: Join? =
        if let parts, (1...Self.fusionLimit).contains(parts.count) {
          .fused(axis: axis, .parts(parts))
        } else if let sizes = shape[axis].extents, (1...Self.fusionLimit).contains(sizes.count) {
          .fused(axis: axis, .sizes(sizes))
        } else if let count = shape[axis].int, (1...Self.fusionLimit).contains(count) {
          .fused(axis: axis, .count(count))
        } else {
          nil
        }
      add(pattern, join ?? .unsupported("parts of several parameters, of unknown extents"))
    }
  }

  private mutating func add(_ text: String?, _ join: Join) {
    guard let text else { return }
    guard let pattern = NamePattern(text) else {
      unreadable.append(text)
      return
    }
    if let name = pattern.literal {
      if byName[name] == nil { byName[name] = join }
    } else if byPattern.count < Self.patternLimit {
      byPattern.append((pattern, join))
    } else {
      unreadable.append(text)
    }
  }

  /// How the parts of the parameter `name` are put together.
  mutating func join(of name: String) -> Join {
    if let join = byName[name] { return join }
    for (pattern, join) in byPattern {
      budget -= pattern.stepCount * name.utf8.count
      guard budget > 0 else { return .unknown }
      if pattern.matches(name) { return join }
    }
    // A pattern that could not be read may have been meant for it.
    if isComplete, unreadable.isEmpty { return .axis(0) }
    switch MegatronNames.cut(name) ?? Self.cut(name) {
    case .rows: return .axis(0)
    case .columns: return .axis(1)
    case .whole: return .whole
    case nil: return .unknown
    }
  }

  /// How linear layers are cut that have the names of the HF libraries' models.
  private static func cut(_ name: String) -> MegatronNames.Cut? {
    let parts = name.split(separator: ".")
    guard parts.count >= 2 else { return nil }
    switch parts[parts.count - 2] {
    case "q_proj", "k_proj", "v_proj", "gate_proj", "up_proj": return .rows
    case "o_proj", "down_proj": return parts.last == "weight" ? .columns : .whole
    default: return nil
    }
  }
}
