/// Something about checkpoints that their owner would want to be told, as data: the words are the report's.
public struct CheckpointFinding: Equatable, Sendable {
  /// What was found.
  public var kind: Kind
  /// How grave it is.
  public var severity: Finding.Severity
  /// The modules or tensors it was found in, in the order of the checkpoint.
  public var names: [String]
  /// The side it was found on; nil for both, or where it concerns the pair.
  public var side: Side?
  /// A figure: how many elements, the norm, the share.
  public var value: Double?
  /// What `value` is held against.
  public var reference: Double?
  /// The index of the first element concerned.
  public var index: Int?
  /// A text of the files' own.
  public var detail: String?

  /// A side of a comparison; the raw values are names for JSON.
  public enum Side: String, Sendable {
    case before, after
  }

  /// The kinds of finding; the raw values are names for JSON.
  public enum Kind: String, CaseIterable, Sendable {
    /// NaN or infinities in a tensor: how many, and the first index.
    case nonFinite = "non_finite"
    /// Both checkpoints hold the same, bit for bit.
    case identical = "identical_checkpoints"
    /// B or the scaling is 0 (`detail` is then `scaling`), so that the module does nothing.
    case deadModule = "dead_module"
    /// Modules that are scaled differently on both sides: the median factor, and as `detail` why.
    case rescaled = "scaling_differs"
    /// A norm far from those of its type.
    case outlierNorm = "outlier_norm"
    /// Tensors without any element, which a save under ZeRO-3 leaves where it did not gather.
    case emptyTensor = "empty_tensor"
    /// The ranks of tensors are not those of the configuration.
    case rankMismatch = "rank_mismatch"
    /// Tensors that are bit-identical while others changed.
    case frozen
    /// Tensors that became 0 throughout.
    case zeroed = "zeroed_tensor"
    /// Tensors that were saved in another type.
    case retyped = "dtype_changed"
    /// The weights hardly moved between the checkpoints.
    case still = "hardly_moved"
    /// Most of the change only scales what was there; `detail` is `shrinking` where it makes it less.
    case growing
    /// Few directions hold nearly all of ΔW.
    case rankWasted = "rank_wasted"
    /// Directions that fine-tuning put among the leading ones of the weight, foreign to the base model.
    case intruder = "intruder_dimensions"
    /// No configuration gives the scaling, so that ‖ΔW‖ is known but for a factor.
    case scalingUnknown = "scaling_unknown"
    /// The initialisation changed the base model, so that B·A is not all of the change.
    case initialisation
    /// ΔW is the low-rank part of the change alone, because the base is not there to tell the rest.
    case partOfChange = "part_of_change"
    /// What is on one side only, or of another shape there.
    case unmatched
    /// Something about the files.
    case remark
  }

  /// A finding from its parts.
  public init(
    _ kind: Kind, _ severity: Finding.Severity, names: [String] = [], side: Side? = nil, value: Double? = nil,
    reference: Double? = nil, index: Int? = nil, detail: String? = nil
  ) {
    self.kind = kind
    self.severity = severity
    self.names = names
    self.side = side
    self.value = value
    self.reference = reference
    self.index = index
    self.detail = detail
  }
}
