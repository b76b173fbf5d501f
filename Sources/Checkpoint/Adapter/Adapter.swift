internal import Bytes

/// The low-rank modules of a checkpoint, and what else stands in it.
public struct Adapter: Sendable {
  /// What the configuration says; nil where none was found.
  public let configuration: AdapterConfiguration?
  /// The modules with ΔW = scaling · B·A, in the order of the checkpoint.
  public let modules: [LowRankModule]
  /// The indices of all tensors that are not part of a module.
  public let otherTensors: [Int]
  /// What does not fit together, in words: A without B, shapes that disagree.
  public let remarks: [String]
  /// The names by which tensors are matched with those of another checkpoint, by index.
  package let canonicalNames: [String]
  /// The indices of tensors that the adapter stands on and does not train: weights of its base, originals of modules
  /// that were copied, fixed projections.
  package let fixedTensors: Set<Int>

  /// Whether there is any low-rank module.
  public var isEmpty: Bool { modules.isEmpty }

  /// Finds the modules in `checkpoint` by the names of its tensors.
  ///
  /// - Parameter configuration: what gives the scaling, where the tensors and the header of the file do not; without
  ///   any ΔW is known but for a factor.
  public init(_ checkpoint: Checkpoint, configuration given: AdapterConfiguration?) {
    let configuration = AdapterConfiguration.completed(given, checkpoint)
    self.configuration = configuration
    let names = checkpoint.tensors.map { TensorName($0.name) }
    // With one adapter its name says nothing; with several it is what tells the modules apart.
    let hasSeveral = Set(names.compactMap(\.adapter)).count > 1
    var parts: [String: LowRankParts] = [:]
    var owners: [String: String] = [:]
    var order: [String] = []
    var others: [Int] = []
    var magnitudes: [String: Int] = [:]
    var canonical: [String] = []
    for (index, name) in names.enumerated() {
      let suffix = hasSeveral ? name.adapter.map { "[\($0)]" } ?? "" : ""
      canonical.append(suffix.isEmpty ? name.canonical : name.canonical + suffix)
      if case .other(let rest) = name.part {
        others.append(index)
        if rest == "lora_magnitude_vector" { magnitudes[name.module + suffix] = index }
        continue
      }
      let module = name.module + suffix
      if parts[module] == nil { order.append(module) }
      parts[module, default: LowRankParts()].add(name, index)
      owners[module] = name.adapter
    }
    // Some writers name α and the magnitudes without a word that tells of LoRA: their module tells.
    var alphas: Set<Int> = []
    others.removeAll { index in
      guard let (module, word) = Self.split(names[index]) else { return false }
      if word == "alpha", checkpoint.tensors[index].elementCount == 1 {
        if parts[module]?.holdsFactor ?? false {
          parts[module]?.addAlpha(index)
          return true
        }
        if Self.isOfOtherKind(module, in: checkpoint) { alphas.insert(index) }
      } else if Self.magnitudes.contains(word), parts[module]?.holdsFactor ?? false {
        parts[module]?.hasOtherMagnitude = true
      }
      return false
    }
    var modules: [LowRankModule] = []
    var remarks: [String] = []
    if let variant = configuration?.variant, !order.isEmpty {
      remarks.append("\(variant): no ΔW is made of its factors, which are compared one by one")
      others += order.flatMap { parts[$0]?.indices ?? [] }
      order = []
    }
    let targets = TargetParameters(configuration?.targetParameters ?? [], modules: order)
    for (module, index) in magnitudes { parts[module]?.magnitude = index }
    for module in order {
      guard let part = parts[module] else { continue }
      do {
        modules += try part.modules(
          called: module, pattern: targets.parameter(of: module), in: checkpoint,
          // Of several adapters the configuration beside them is that of the one that PEFT names first.
          configuration: hasSeveral && owners[module] != "default" ? nil : configuration
        )
      } catch {
        remarks.append("\(module): \(error.words)")
        others += part.indices
        if let alpha = part.alphaIndex { alphas.insert(alpha) }
      }
    }
    self.modules = modules
    otherTensors = others.sorted()
    self.remarks = remarks
    canonicalNames = canonical
    let adapted = Set(modules.map(\.name.name))
    fixedTensors = alphas.union(
      others.filter { Self.isFixed(checkpoint.tensors[$0].name, names[$0], adapted: adapted) })
  }

  /// DoRA's magnitudes as kohya's and OneTrainer's, MLX and torchtune call them.
  private static let magnitudes: Set<Substring> = ["dora_scale", "m", "magnitude"]

  /// The module and the last word of a name that tells of no part of LoRA; nil for a weight.
  private static func split(_ name: TensorName) -> (module: String, word: Substring)? {
    guard name.part == .other(""), let dot = name.module.utf8.lastIndex(of: UInt8(ascii: ".")) else {
      return nil
    }
    return (String(name.module[..<dot]), name.module[name.module.index(after: dot)...])
  }

  /// Whether a module has factors of LoHa or LoKr.
  private static func isOfOtherKind(_ module: String, in checkpoint: Checkpoint) -> Bool {
    ["hada_w1_a", "lokr_w1", "lokr_w1_a", "lokr_w2", "lokr_w2_a", "oft_blocks", "oft_diag"].contains {
      checkpoint.index(of: module + "." + $0) != nil
    }
  }

  /// The last components of what PEFT saves of adapters and does not train.
  private static let fixed: Set<Substring> = [
    "vera_A", "vera_B", "pvera_A", "pvera_B", "randlora_A", "randlora_B", "shira_indices", "delora_w_norm",
    "tinylora_A", "tinylora_B", "tinylora_P", "frod_V", "frod_s_indices", "frod_s_size", "unilora_indices_A",
    "unilora_indices_B", "unilora_scales_A", "unilora_scales_B",
  ]

  /// Whether a tensor is there and not trained. Biases of base layers may be trained (`bias="all"`).
  private static func isFixed(_ name: String, _ parsed: TensorName, adapted: Set<String>) -> Bool {
    if TensorName.isOriginal(name) { return true }
    // The many names of a whole model are not taken apart.
    if name.holds("lora") || name.holds("vera_") || name.holds("shira_") || name.holds("frod_"),
      name.split(separator: ".").contains(where: fixed.contains)
    {
      return true
    }
    let ending = ".base_layer"
    return name.holds(ending) && parsed.module.hasSuffix(ending) && parsed.part == .other("weight")
      && adapted.contains(TensorName.withoutInnerBases(String(parsed.module.dropLast(ending.count))))
  }
}

/// A module with ΔW = scaling · B·A, or one expert of such a module.
public struct LowRankModule: Sendable {
  /// The name.
  public let name: ModuleName
  /// What is adapted.
  public let kind: Kind
  /// The rank of the tensors.
  public let rank: Int
  /// The rank that the configuration gives the module.
  public let configuredRank: Int?
  /// The factor between B·A and ΔW; nil without a configuration.
  public let scaling: Double?
  /// The rows and columns of ΔW.
  public let shape: (rows: Int, columns: Int)
  /// The number of the expert, where the tensors hold several.
  public let expert: Int?
  /// A, as `long × rank`.
  package let a: Factor
  /// B, as `long × rank`.
  package let b: Factor
  /// The index of AdaLoRA's diagonal.
  package let diagonal: Int?
  /// The index of α, where it is a tensor.
  package let alpha: Int?
  /// The index of the magnitudes that DoRA gives the rows of W + ΔW.
  package var magnitude: Int?
  /// Whether there are magnitudes of another kind than PEFT's, which are not worked out.
  package var hasOtherMagnitude = false
  /// Whether the start took the `rank` least singular directions from the base's weight, as KaSA does.
  package var hasCutBase = false

  /// Whether B·A is not all that changes of the weight: the rest needs the base's own.
  package var isPartOfChange: Bool { magnitude != nil || hasOtherMagnitude || hasCutBase }

  /// The greatest rank that a module is read with.
  package static let rankLimit = 4096

  /// What is adapted; the raw values are names for JSON.
  public enum Kind: String, Sendable {
    case linear, embedding, convolution
    case adaLoRA = "adalora"
    /// Weights of expert layers, adapted as one parameter.
    case experts
  }

  /// A factor as it lies in a tensor: element (k, i) at `offset + k·stepK + i·stepI`.
  package struct Factor: Sendable {
    package var tensor: Int
    package var length: Int
    package var offset = 0
    package var stepK: Int
    package var stepI: Int
  }
}
