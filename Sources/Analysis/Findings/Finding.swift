/// Something about a run that its owner would want to be told, as data: the words are the report's.
public struct Finding: Equatable, Sendable {
  /// What was found.
  public var kind: Kind
  /// How grave it is.
  public var severity: Severity
  /// The tag it was found in.
  public var metric: String
  /// The step at which it shows, or begins.
  public var step: Int64?
  /// The last step at which it shows.
  public var lastStep: Int64?
  /// The value at `step`.
  public var value: Double?
  /// What `value` is held against: the level before a spike, the best evaluation, the other source's value.
  public var reference: Double?
  /// How often it shows.
  public var count: Int
  /// A further name that the finding needs: the other tag, or the other file.
  public var other: String?
  /// The number of findings that this one stands for, where there are too many to tell each.
  public var multiplicity = 1

  /// The kinds of finding, those that explain others first; the raw values are names for configurations and JSON.
  public enum Kind: String, CaseIterable, Sendable {
    /// The loss drops to exactly 0 while the gradient norm or the evaluation is NaN: HF's NaN filter at work.
    case filteredNaN = "filtered_nan"
    /// NaN or an infinity in a metric.
    case nonFinite = "non_finite"
    /// The loss left its level upwards and did not come back.
    case diverged
    /// The loss does not move and the gradient norm is exactly 0.
    case deadRun = "dead_run"
    /// A point far above its neighbourhood, after which the loss came back.
    case spike
    /// The evaluation loss rises while the training loss falls.
    case overfitting
    /// The training loss has stopped falling.
    case plateau
    /// Event files and trainer files say different things.
    case sourcesDisagree = "sources_disagree"
    /// Two writers wrote into one log.
    case interleaved
    /// The run ended before its planned last step.
    case stoppedEarly = "stopped_early"
    /// Records of an event file could not be read.
    case damagedFile = "damaged_file"
  }

  /// How grave a finding is.
  public enum Severity: Int, Comparable, Sendable {
    case note, warning, failure

    /// Whether `left` is the lesser evil.
    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

    /// A word for pages and JSON.
    public var name: String {
      switch self {
      case .failure: "failure"
      case .warning: "warning"
      case .note: "note"
      }
    }
  }

  /// A finding from its parts.
  public init(
    _ kind: Kind, _ severity: Severity, metric: String, step: Int64? = nil, lastStep: Int64? = nil,
    value: Double? = nil, reference: Double? = nil, count: Int = 1, other: String? = nil
  ) {
    self.kind = kind
    self.severity = severity
    self.metric = metric
    self.step = step
    self.lastStep = lastStep
    self.value = value
    self.reference = reference
    self.count = count
    self.other = other
  }
}
