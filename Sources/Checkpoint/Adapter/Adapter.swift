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

  /// Whether there is any low-rank module.
  public var isEmpty: Bool { modules.isEmpty }

  /// Finds the modules in `checkpoint` by the names of its tensors.
  ///
  /// - Parameter configuration: what gives the scaling; without one ΔW is known but for a factor.
  public init(_ checkpoint: Checkpoint, configuration: AdapterConfiguration?) {
    self.configuration = configuration
    let names = checkpoint.tensors.map { TensorName($0.name) }
    // With one adapter its name says nothing; with several it is what tells the modules apart.
    let hasSeveral = Set(names.compactMap(\.adapter)).count > 1
    var parts: [String: LowRankParts] = [:]
    var order: [String] = []
    var others: [Int] = []
    var canonical: [String] = []
    for (index, name) in names.enumerated() {
      let suffix = hasSeveral ? name.adapter.map { "[\($0)]" } ?? "" : ""
      let module = name.module + suffix
      canonical.append(name.canonical + suffix)
      if case .other = name.part {
        others.append(index)
        continue
      }
      if parts[module] == nil { order.append(module) }
      parts[module, default: LowRankParts()].add(name.part, index)
    }
    var modules: [LowRankModule] = []
    var remarks: [String] = []
    for module in order {
      guard let part = parts[module] else { continue }
      do {
        modules += try part.modules(called: module, in: checkpoint, configuration: configuration)
      } catch {
        remarks.append("\(module): \(error.words)")
        others += part.indices
      }
    }
    self.modules = modules
    otherTensors = others.sorted()
    self.remarks = remarks
    canonicalNames = canonical
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

/// The tensors of one module, by their indices.
private struct LowRankParts {
  var a: Int?
  var b: Int?
  var diagonal: Int?
  var isEmbedding = false

  /// Why the tensors of a module do not make ΔW.
  struct Mismatch: Error {
    var words: String
  }

  var indices: [Int] { [a, b, diagonal].compactMap(\.self) }

  mutating func add(_ part: TensorName.Part, _ index: Int) {
    switch part {
    case .a: a = index
    case .b: b = index
    case .embeddingA: (a, isEmbedding) = (index, true)
    case .embeddingB: (b, isEmbedding) = (index, true)
    case .diagonal: diagonal = index
    case .other: break
    }
  }

  func modules(
    called name: String, in checkpoint: Checkpoint, configuration: AdapterConfiguration?
  ) throws(Mismatch) -> [LowRankModule] {
    guard let a else { throw Mismatch(words: "lora_B without lora_A") }
    guard let b else { throw Mismatch(words: "lora_A without lora_B") }
    let shapeA = checkpoint.tensors[a].shape, shapeB = checkpoint.tensors[b].shape
    let countA = checkpoint.tensors[a].elementCount, countB = checkpoint.tensors[b].elementCount
    guard shapeA.count >= 2, shapeB.count >= 2, countA > 0, countB > 0 else {
      throw Mismatch(words: "lora_A \(shapeA) and lora_B \(shapeB) hold no matrices")
    }
    let rank = shapeA[0], length = countA / rank
    guard shapeB[1] == rank, countB == shapeB[0] * rank else {
      throw Mismatch(words: "lora_A \(shapeA) and lora_B \(shapeB) do not multiply")
    }
    guard rank <= LowRankModule.rankLimit else {
      throw Mismatch(words: "rank \(rank) is more than \(LowRankModule.rankLimit)")
    }
    let configured = configuration?.rank(of: name)
    let kind: LowRankModule.Kind =
      diagonal != nil ? .adaLoRA : isEmbedding ? .embedding : shapeA.count > 2 ? .convolution : .linear
    if let configured, configured > 0, rank > configured, rank.isMultiple(of: configured),
      configuration?.targetParameters.isEmpty == false, kind == .linear
    {
      return experts(name, configured, rank / configured, length, shapeB[0], configuration)
    }
    if let diagonal, checkpoint.tensors[diagonal].elementCount != rank {
      throw Mismatch(words: "lora_E \(checkpoint.tensors[diagonal].shape) does not fit rank \(rank)")
    }
    return [
      LowRankModule(
        name: ModuleName(name), kind: kind, rank: rank, configuredRank: kind == .adaLoRA ? nil : configured,
        scaling: configuration?.scaling(of: name, rank: rank),
        shape: kind == .embedding ? (length, shapeB[0]) : (shapeB[0], length), expert: nil,
        a: .init(tensor: a, length: length, stepK: 1, stepI: length),
        b: .init(tensor: b, length: shapeB[0], stepK: rank, stepI: 1), diagonal: diagonal)
    ]
  }

  /// A `(E·r, in)` is E matrices below each other, B `(out, r·E)` has the experts innermost.
  private func experts(
    _ name: String, _ rank: Int, _ count: Int, _ length: Int, _ rows: Int,
    _ configuration: AdapterConfiguration?
  ) -> [LowRankModule] {
    guard let a, let b else { return [] }
    return (0..<count).map { expert in
      LowRankModule(
        name: ModuleName(name), kind: .experts, rank: rank, configuredRank: rank,
        scaling: configuration?.scaling(of: name, rank: rank), shape: (rows, length), expert: expert,
        a: .init(tensor: a, length: length, offset: expert * rank * length, stepK: 1, stepI: length),
        b: .init(tensor: b, length: rows, offset: expert, stepK: rank * count, stepI: count), diagonal: nil)
    }
  }
}
