public import Checkpoint
internal import Libc

/// The weight change ΔW that an adapter gives one module, in two checkpoints.
///
/// What concerns one side is nil where the module is not on that side or its values are not finite; what concerns both
/// where that holds for either.
public struct ModuleComparison: Equatable, Sendable {
  /// The module.
  public var name: ModuleName
  /// The number of the expert, where the tensors hold several.
  public var expert: Int?
  /// What is adapted.
  public var kind: LowRankModule.Kind
  /// The ranks of the tensors.
  public var rank: Pair<Int?>
  /// The ranks that the configurations give.
  public var configuredRank: Pair<Int?>
  /// The factors between B·A and ΔW; 1 is computed with where it is unknown.
  public var scaling: Pair<Double?>
  /// The rows and columns of ΔW.
  public var rows: Int, columns: Int
  /// What of the change the figures are of.
  public var extent = Extent.product
  /// ‖ΔW‖ (Frobenius).
  public var deltaNorm: Pair<Double?>
  /// ‖ΔW₂ − ΔW₁‖.
  public var differenceNorm: Double?
  /// The sum of the products of corresponding elements of ΔW₁ and ΔW₂.
  public var innerProduct: Double?
  /// The singular values of ΔW, greatest first, as many as the rank.
  public var singularValues: Pair<[Double]>
  /// The singular values of ΔW₂ − ΔW₁, greatest first.
  public var differenceSingularValues: [Double]
  /// How far the directions of both agree.
  public var overlap: SubspaceOverlap?
  /// The norms of the factors A and B, unscaled.
  public var factorNorms: FactorNorms
  /// The elements of A and B that are not finite.
  public var nonFiniteCount: Pair<Int>
  /// ‖ΔW₂‖ relative to the norm of the base model's weight, and what else the base model tells.
  public var base: BaseComparison?

  /// What of the change of a weight figures are of; the raw values are names for JSON.
  public enum Extent: String, Sendable {
    /// s·B·A is all of it.
    case product
    /// s·B·A, and more changes (DoRA's magnitudes, the directions that KaSA's start took away), which takes the base.
    case part
    /// All of it, where s·B·A is a part alone: norms and products, no singular values.
    case whole
  }

  /// The module's name, with the expert where there are several.
  public var label: String { name.label(expert: expert) }

  /// The norm of the difference over the norm before; nil where that is 0.
  public var relativeChange: Double? {
    guard let before = deltaNorm.before, before > 0 else { return nil }
    return differenceNorm.map { $0 / before }
  }

  /// The cosine of the angle between ΔW₁ and ΔW₂, as vectors; nil where one is 0.
  public var cosine: Double? {
    guard let innerProduct, let before = deltaNorm.before, let after = deltaNorm.after, before * after > 0
    else {
      return nil
    }
    return max(-1, min(1, innerProduct / (before * after)))
  }

  /// Σσ²/σ₁²: how many directions of equal strength would make the same norm.
  public var stableRank: Pair<Double?> { singularValues.map(Self.stableRank) }

  /// exp H(σ/Σσ), Shannon's entropy of the singular values as shares (Roy and Vetterli, 2007).
  public var effectiveRank: Pair<Double?> { singularValues.map(Self.effectiveRank) }

  /// Σσ²/σ₁², nil without any value above 0.
  public static func stableRank(_ values: [Double]) -> Double? {
    guard let first = values.first, first > 0 else { return nil }
    return values.reduce(0) { $0 + ($1 / first) * ($1 / first) }
  }

  /// exp H(σ/Σσ), nil without any value above 0.
  public static func effectiveRank(_ values: [Double]) -> Double? {
    let sum = values.reduce(0, +)
    guard sum > 0 else { return nil }
    return exp(
      -values.reduce(0) { $1 > 0 ? $0 + $1 / sum * log($1 / sum) : $0 })
  }
}

/// The norms of the factors of ΔW, unscaled.
public struct FactorNorms: Equatable, Sendable {
  /// ‖A‖.
  public var a: Pair<Double?>
  /// ‖B‖.
  public var b: Pair<Double?>
}

/// How far the leading directions of ΔW₁ and ΔW₂ agree.
///
/// φ(k, k) = ‖U₁ᵀU₂‖²/k over the k leading left (output) or right (input) singular vectors: 1 for the same subspace,
/// k/d for random ones in d dimensions (Hu et al., 2021, section 7.2).
public struct SubspaceOverlap: Equatable, Sendable {
  /// The number of leading directions compared.
  public var count: Int
  /// φ of the left directions, those of the output.
  public var left: Double
  /// φ of the right directions, those of the input.
  public var right: Double
  /// What random directions would give.
  public var leftBaseline: Double, rightBaseline: Double
  /// The principal angles of the left subspaces in degrees, least first.
  public var leftAngles: [Double]
  /// The principal angles of the right subspaces in degrees, least first.
  public var rightAngles: [Double]
  /// The ranks of both and φ over all their directions, over the lesser rank.
  public var fullLeft: Double, fullRight: Double
}
