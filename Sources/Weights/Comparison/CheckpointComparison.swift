public import Checkpoint

/// Two checkpoints, or one alone: every module and every tensor in figures.
public struct CheckpointComparison: Equatable, Sendable {
  /// What was compared.
  public var sides: Pair<Side?>
  /// The low-rank modules, in the order of the first checkpoint, then those of the second alone.
  public var modules: [ModuleComparison]
  /// The tensors on both sides with one shape, in the order of the first checkpoint. With one checkpoint, it is
  /// compared with itself.
  public var tensors: [TensorComparison]
  /// The tensors that only the first checkpoint has.
  public var onlyBefore: [TensorDescription]
  /// The tensors that only the second checkpoint has.
  public var onlyAfter: [TensorDescription]
  /// The tensors on both sides whose shapes differ.
  public var reshaped: [Pair<TensorDescription>]
  /// The bytes that were read.
  public var byteCount: Int

  /// A checkpoint that was compared.
  public struct Side: Equatable, Sendable {
    /// The path.
    public var path: String
    /// The format.
    public var format: Checkpoint.Format
    /// The number of tensors.
    public var tensorCount: Int
    /// The number of elements of all tensors.
    public var elementCount: Int
    /// The bytes of all tensors.
    public var tensorByteCount: Int
    /// What the adapter's configuration says; nil where none was found.
    public var configuration: AdapterConfiguration?
    /// Tensors without any element, by name.
    public var emptyTensors: [String]
    /// The weights that stand as codes and scales.
    public var quantized: [QuantizedTensor] = []
    /// What is remarkable about the files and the modules, in words.
    public var remarks: [String]
  }

  /// Whether two checkpoints were compared.
  public var isPair: Bool { sides.before != nil && sides.after != nil }

  /// Whether both have the same tensors, bit for bit; what they do may differ by the scaling.
  public var hasSameTensors: Bool {
    isPair && onlyBefore.isEmpty && onlyAfter.isEmpty && reshaped.isEmpty && tensors.allSatisfy(\.isIdentical)
  }

  /// Whether both do the same: the same tensors, bit for bit, with the same scaling of every module.
  public var isIdentical: Bool { hasSameTensors && rescaled.isEmpty && !areAppliedDifferently }

  /// The modules that are scaled differently on both sides, by α, the rank or rank stabilisation.
  public var rescaled: [ModuleComparison] {
    modules.filter { module in
      guard let before = module.scaling.before, let after = module.scaling.after else { return false }
      return before != after
    }
  }

  /// Whether the configurations say different things of how the same tensors are applied: with magnitudes or without
  /// (DoRA), to weights that are stored the other way round.
  public var areAppliedDifferently: Bool {
    guard let before = sides.before?.configuration, let after = sides.after?.configuration else {
      return false
    }
    return before.usesWeightDecomposition != after.usesWeightDecomposition
      || before.isFanInFanOut != after.isFanInFanOut || before.kind != after.kind
  }

  /// The norms over all modules with finite values, or over all tensors where there are no modules.
  public var total: Total {
    modules.isEmpty ? Total(tensors: tensors.lazy.filter { $0.role == .whole }) : Total(modules: modules)
  }

  /// The tensors beside the modules that were trained whole; of two checkpoints those that changed. Their norms are
  /// those of the weights themselves, which no ΔW may be added to.
  public var wholeTensors: [TensorComparison] {
    guard !modules.isEmpty else { return [] }
    return tensors.filter { $0.role == .whole && $0.elementCount > 0 && (!isPair || !$0.isIdentical) }
  }

  /// The sums over `wholeTensors`; nil where there are none.
  public var wholeTotal: Total? {
    let tensors = wholeTensors
    return tensors.isEmpty ? nil : Total(tensors: tensors)
  }

  /// Sums over modules or tensors.
  public struct Total: Equatable, Sendable {
    /// The norm of all ΔW (or of all tensors) together.
    public var norm: Pair<Double>
    /// The norm of all differences together, of what is on both sides.
    public var differenceNorm: Double
    /// The norm before of what is on both sides.
    public var sharedNorm: Pair<Double>
    /// The sum of the inner products.
    public var innerProduct: Double
    /// The modules (or tensors) that have figures on each side.
    public var count: Pair<Int>

    /// The norm of the differences over the norm before; nil where that is 0.
    public var relativeChange: Double? {
      sharedNorm.before > 0 ? differenceNorm / sharedNorm.before : nil
    }

    /// The cosine of the angle between both sides, all weights taken as one vector; nil where one is 0.
    public var cosine: Double? {
      let product = sharedNorm.before * sharedNorm.after
      return product > 0 ? max(-1, min(1, innerProduct / product)) : nil
    }

    /// The sums over `modules`; modules without figures count nothing.
    public init(modules: some Sequence<ModuleComparison>) {
      var sums = Sums()
      let hasShared = modules.contains { $0.deltaNorm.before != nil && $0.deltaNorm.after != nil }
      for module in modules {
        let (before, after) = (module.deltaNorm.before, module.deltaNorm.after)
        // Of a module that is on both sides and measured on one alone, neither side counts: sums are of the same.
        let isOnBoth = module.rank.before != nil && module.rank.after != nil
        if hasShared, isOnBoth, before == nil || after == nil { continue }
        if let before {
          sums.before += before * before
          sums.count.before += 1
        }
        if let after {
          sums.after += after * after
          sums.count.after += 1
        }
        if let before, let after, let difference = module.differenceNorm, let inner = module.innerProduct {
          sums.add(before, after, difference, inner)
        }
      }
      self = sums.total
    }

    /// The sums over `tensors`.
    public init(tensors: some Sequence<TensorComparison>) {
      var sums = Sums()
      for tensor in tensors {
        sums.before += tensor.norm.before * tensor.norm.before
        sums.after += tensor.norm.after * tensor.norm.after
        sums.count = Pair(sums.count.before + 1, sums.count.after + 1)
        sums.add(tensor.norm.before, tensor.norm.after, tensor.differenceNorm, tensor.innerProduct)
      }
      self = sums.total
    }

    private init(_ sums: Sums) {
      norm = Pair(sums.before.squareRoot(), sums.after.squareRoot())
      differenceNorm = sums.difference.squareRoot()
      sharedNorm = Pair(sums.sharedBefore.squareRoot(), sums.sharedAfter.squareRoot())
      innerProduct = sums.inner
      count = sums.count
    }

    private struct Sums {
      var count = Pair(0, 0)
      var before = 0.0, after = 0.0, sharedBefore = 0.0, sharedAfter = 0.0, difference = 0.0, inner = 0.0

      mutating func add(_ before: Double, _ after: Double, _ difference: Double, _ inner: Double) {
        sharedBefore += before * before
        sharedAfter += after * after
        self.difference += difference * difference
        self.inner += inner
      }

      var total: Total { Total(self) }
    }
  }
}
