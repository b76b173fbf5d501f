public import Checkpoint

/// A tensor of two checkpoints, element by element.
public struct TensorComparison: Equatable, Sendable {
  /// The name that both are matched by, without the prefixes of PEFT and wrappers.
  public var name: String
  /// The name in each checkpoint.
  public var fileNames: Pair<String>
  /// The types of the elements.
  public var elementTypes: Pair<ElementType>
  /// What the tensor is to the model.
  public var role = Role.whole
  /// The shape, which is the same on both sides.
  public var shape: [Int]
  /// The Frobenius norms; over the elements that are finite on both sides, as are all that follow.
  public var norm: Pair<Double>
  /// The norm of the difference.
  public var differenceNorm: Double
  /// The sum of the products of corresponding elements.
  public var innerProduct: Double
  /// The greatest absolute difference.
  public var greatestDifference: Double
  /// Elements whose bits differ (whose values differ, where the types do).
  public var changedCount: Int
  /// What is not finite.
  public var nonFinite: Pair<NonFiniteCount> {
    get {
      guard case .some(let counts) = faults else { return Pair(NonFiniteCount(), NonFiniteCount()) }
      return counts
    }
    set { faults = newValue.before.count + newValue.after.count > 0 ? .some(newValue) : .none }
  }

  private var faults = Faults.none

  /// Hardly a tensor has any, and a model has many tensors: what is here takes memory only where it is something.
  private indirect enum Faults: Equatable, Sendable {
    case none
    case some(Pair<NonFiniteCount>)
  }

  init(
    name: String, fileNames: Pair<String>, elementTypes: Pair<ElementType>, shape: [Int], norm: Pair<Double>,
    differenceNorm: Double, innerProduct: Double, greatestDifference: Double, changedCount: Int,
    nonFinite: Pair<NonFiniteCount>
  ) {
    self.name = name
    self.fileNames = fileNames
    self.elementTypes = elementTypes
    self.shape = shape
    self.norm = norm
    self.differenceNorm = differenceNorm
    self.innerProduct = innerProduct
    self.greatestDifference = greatestDifference
    self.changedCount = changedCount
    self.nonFinite = nonFinite
  }

  /// The place of one that is not compared yet.
  static let pending = TensorComparison(
    name: "", fileNames: Pair("", ""), elementTypes: Pair(.bool, .bool), shape: [], norm: Pair(0, 0),
    differenceNorm: 0, innerProduct: 0, greatestDifference: 0, changedCount: 0,
    nonFinite: Pair(NonFiniteCount(), NonFiniteCount()))

  /// What a tensor is to the model; the raw values are names for JSON.
  public enum Role: String, Sendable {
    /// A factor of a low-rank module: what it does is the module's to say.
    case factor
    /// Trained as it is: every weight of a whole model; of an adapter norms, biases, heads, DoRA's magnitudes and the
    /// modules of `modules_to_save`.
    case whole
    /// What an adapter stands on and does not train: weights of its base, fixed projections.
    case fixed
    /// Whole numbers that count or index (`num_batches_tracked`, `position_ids`, masks): no weights.
    case buffer
    /// A second name of a tensor that is compared under its first, as tied embeddings have.
    case tied
    /// Codes that are not decoded, which can be told apart and not measured.
    case codes
  }

  /// The number of elements.
  public var elementCount: Int { shape.reduce(1, *) }
  /// Whether both sides are the same bit for bit (value for value, where the types differ).
  public var isIdentical: Bool { changedCount == 0 }
  /// Whether it is a weight that was trained, by itself or as a factor.
  public var isWeight: Bool { role == .whole || role == .factor }
  /// Whether the tensor is a weight that is 0 throughout at the second, and was not before.
  public var isLost: Bool {
    isWeight && norm.before > 0 && norm.after == 0 && nonFinite.after.count == 0
  }
  /// The norm of the difference over the norm before; nil where that is 0.
  public var relativeChange: Double? { norm.before > 0 ? differenceNorm / norm.before : nil }
  /// The cosine of the angle between both, as vectors; nil where one is 0.
  public var cosine: Double? {
    let product = norm.before * norm.after
    return product > 0 ? max(-1, min(1, innerProduct / product)) : nil
  }
}

/// The elements of a tensor that are NaN or infinite.
public struct NonFiniteCount: Hashable, Sendable {
  /// The NaN among them.
  public var nan = 0
  /// The infinities among them.
  public var infinite = 0
  /// The index of the first, counted over the elements in row-major order; nil without any.
  public var firstIndex: Int?

  /// How many there are.
  public var count: Int { nan + infinite }
}
