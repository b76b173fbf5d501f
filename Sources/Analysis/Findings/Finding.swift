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
  /// What it most likely is, where that can be told from the run.
  public var cause: Cause?
  /// How far it stands from chance, in standard errors or deviations; nil where the values leave no doubt.
  public var score: Double?
  /// The number of findings that this one stands for, where there are too many to tell each.
  public var multiplicity = 1

  /// How grave a finding is.
  public enum Severity: Int, Comparable, Sendable {
    /// Good to know.
    case note
    /// Look before you use it.
    case warning
    /// Do not use this run, or these steps.
    case failure

    /// Whether `left` is the lesser evil.
    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

    /// A word for pages, configurations and JSON.
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
    value: Double? = nil, reference: Double? = nil, count: Int = 1, other: String? = nil, cause: Cause? = nil,
    score: Double? = nil
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
    self.cause = cause
    self.score = score
  }
}
