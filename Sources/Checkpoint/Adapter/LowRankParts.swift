/// The tensors of one module, by their indices.
struct LowRankParts {
  private var a: Int?
  private var b: Int?
  private var diagonal: Int?
  private var middle: Int?
  private var alpha: Int?
  /// DoRA's magnitudes, which count among the tensors that were trained whole unless the base is there.
  var magnitude: Int?
  /// Whether there are magnitudes of another kind than PEFT's.
  var hasOtherMagnitude = false
  private var hasCutBase = false
  private var isEmbedding = false
  private var isAdaptive = false
  /// Whether the factors lie as (in, r) and (r, out).
  private var isTransposed = false
  private var hasUnitScaling = false

  /// Why the tensors of a module do not make ΔW.
  struct Mismatch: Error {
    var words: String
  }

  var indices: [Int] { [a, b, middle, diagonal, alpha].compactMap(\.self) }
  /// The index of α alone, which nobody trains.
  var alphaIndex: Int? { alpha }
  /// Whether there is a factor at all.
  var holdsFactor: Bool { a != nil || b != nil }

  /// Adds α that a name without a word of LoRA told.
  mutating func addAlpha(_ index: Int) { alpha = alpha ?? index }

  mutating func add(_ name: TensorName, _ index: Int) {
    hasUnitScaling = hasUnitScaling || name.hasUnitScaling
    switch name.part {
    case .a: a = index
    case .b: b = index
    case .transposedA: (a, isTransposed) = (index, true)
    case .transposedB: (b, isTransposed) = (index, true)
    case .embeddingA: (a, isEmbedding) = (index, true)
    case .embeddingB: (b, isEmbedding) = (index, true)
    case .diagonal: (diagonal, isAdaptive) = (index, true)
    case .plainDiagonal: (diagonal, hasCutBase) = (index, true)
    case .middle: middle = index
    case .alpha: alpha = index
    case .other: break
    }
  }

  /// The modules that the tensors make.
  ///
  /// - Parameter pattern: the name that patterns of ranks and α are held against.
  func modules(
    called name: String, pattern: String, in checkpoint: Checkpoint, configuration: AdapterConfiguration?
  ) throws(Mismatch) -> [LowRankModule] {
    guard middle == nil else {
      throw Mismatch(
        words: "no ΔW is made of a convolution with a core (lora_mid): its factors are compared one by one")
    }
    guard let a else { throw Mismatch(words: "lora_B without lora_A") }
    guard let b else { throw Mismatch(words: "lora_A without lora_B") }
    let shapeA = checkpoint.tensors[a].shape, shapeB = checkpoint.tensors[b].shape
    let countA = checkpoint.tensors[a].elementCount, countB = checkpoint.tensors[b].elementCount
    guard shapeA.count >= 2, shapeB.count >= 2, countA > 0, countB > 0,
      !isTransposed || (shapeA.count == 2 && shapeB.count == 2)
    else {
      let isStack = isTransposed && shapeA.count == 3 && shapeB.count == 3
      throw Mismatch(
        words: "lora_A \(shapeA) and lora_B \(shapeB) "
          + (isStack
            ? "hold a matrix for each expert, of which no ΔW is made: they are compared one by one"
            : "hold no matrices"))
    }
    let rank = isTransposed ? shapeA[1] : shapeA[0]
    let length = countA / rank, rows = isTransposed ? shapeB[1] : shapeB[0]
    if shapeB.count > 2, shapeB[1] > 0, shapeB[1] < rank, rank.isMultiple(of: shapeB[1]) {
      throw Mismatch(
        words:
          "no ΔW is made of a convolution in \(rank / shapeB[1]) groups: its factors are compared one by one")
    }
    guard (isTransposed ? shapeB[0] : shapeB[1]) == rank, countB == rows * rank else {
      throw Mismatch(words: "lora_A \(shapeA) and lora_B \(shapeB) do not multiply")
    }
    guard rank <= LowRankModule.rankLimit else {
      throw Mismatch(words: "rank \(rank) is more than \(LowRankModule.rankLimit)")
    }
    let configured = configuration?.rank(of: pattern)
    let kind: LowRankModule.Kind =
      isAdaptive
      ? .adaLoRA : isEmbedding ? .embedding : shapeA.count > 2 ? .convolution : .linear
    if let configured, configured > 0, rank > configured, rank.isMultiple(of: configured),
      configuration?.targetParameters.isEmpty == false, kind == .linear, !isTransposed
    {
      return experts(
        name, a, b, configured, rank / configured, length, rows,
        configuration?.scaling(of: pattern, rank: configured))
    }
    if let diagonal, checkpoint.tensors[diagonal].elementCount != rank {
      throw Mismatch(words: "lora_E \(checkpoint.tensors[diagonal].shape) does not fit rank \(rank)")
    }
    return [
      LowRankModule(
        name: ModuleName(name), kind: kind, rank: rank, configuredRank: kind == .adaLoRA ? nil : configured,
        scaling: scaling(pattern, rank, checkpoint, configuration),
        shape: kind == .embedding ? (length, rows) : (rows, length), expert: nil,
        a: .init(
          tensor: a, length: length, stepK: isTransposed ? rank : 1, stepI: isTransposed ? 1 : length),
        b: .init(tensor: b, length: rows, stepK: isTransposed ? 1 : rank, stepI: isTransposed ? rows : 1),
        diagonal: diagonal, alpha: alpha,
        magnitude: magnitude.flatMap { checkpoint.tensors[$0].elementCount == rows ? $0 : nil },
        hasOtherMagnitude: hasOtherMagnitude, hasCutBase: hasCutBase)
    ]
  }

  /// α/r by the α that stands beside the factors, or by the configuration, or what the format has without either.
  private func scaling(
    _ pattern: String, _ rank: Int, _ checkpoint: Checkpoint, _ configuration: AdapterConfiguration?
  ) -> Double? {
    if let alpha, checkpoint.tensors[alpha].elementCount == 1 {
      let type = checkpoint.tensors[alpha].elementType
      let value = try? checkpoint.withBytes(ofTensorAt: alpha) { $0.number(type) }
      return (value ?? nil).map { $0 / Double(rank) }
    }
    return configuration?.scaling(of: pattern, rank: rank) ?? (hasUnitScaling ? 1 : nil)
  }

  /// A `(E·r, in)` is E matrices below each other, B `(out, r·E)` has the experts innermost.
  private func experts(
    _ name: String, _ a: Int, _ b: Int, _ rank: Int, _ count: Int, _ length: Int, _ rows: Int,
    _ scaling: Double?
  ) -> [LowRankModule] {
    (0..<count).map { expert in
      LowRankModule(
        name: ModuleName(name), kind: .experts, rank: rank, configuredRank: rank, scaling: scaling,
        shape: (rows, length), expert: expert,
        a: .init(tensor: a, length: length, offset: expert * rank * length, stepK: 1, stepI: length),
        b: .init(tensor: b, length: rows, offset: expert, stepK: rank * count, stepI: count), diagonal: nil,
        alpha: nil)
    }
  }
}
