public import RunFolder

/// One condition that a run has to meet.
public struct Gate: Equatable, Sendable {
  /// The name of the gate, unique within its plan.
  public var id: String
  /// What the gate looks at.
  public var subject: Subject
  /// The figure that is held against the bounds.
  public var statistic: GateStatistic
  /// The bounds, all of which have to be met; never empty.
  public var bounds: [Bound]
  /// What a broken bound means.
  public var level: Level
  /// How figures are computed and compared.
  public var settings: Settings
  /// What the owner of the gate wants to be said when it does not pass.
  public var message: String?
  /// The line of the configuration that the gate begins on, from 1.
  public var line: Int

  /// A gate from its parts.
  public init(
    id: String, subject: Subject, statistic: GateStatistic, bounds: [Bound], level: Level = .error,
    settings: Settings = Settings(), message: String? = nil, line: Int = 1
  ) {
    self.id = id
    self.subject = subject
    self.statistic = statistic
    self.bounds = bounds
    self.level = level
    self.settings = settings
    self.message = message
    self.line = line
  }

  /// What a gate looks at.
  public enum Subject: Equatable, Sendable {
    /// Every metric whose tag matches; a gate without a match does not pass.
    case metric(Glob)
    /// How often a finding shows, in the metrics that match, or anywhere.
    case finding(Finding.Kind, metric: Glob?)
    /// How many findings are of a severity or graver, in the metrics that match, or anywhere.
    case findings(Finding.Severity, metric: Glob?)
    /// The change of every module or tensor whose name matches, between the baseline's weights and the run's.
    case weights(Glob)
  }

  /// A bound of a figure.
  public enum Bound: Equatable, Sendable {
    /// The figure may not be greater.
    case atMost(Double)
    /// The figure may not be less.
    case atLeast(Double)
    /// The figure may not be greater than the baseline's by more than the margin.
    case increase(Margin)
    /// The figure may not be less than the baseline's by more than the margin.
    case decrease(Margin)

    /// Whether the bound is a greatest figure, and not a least one.
    var isCeiling: Bool {
      switch self {
      case .atMost, .increase: true
      case .atLeast, .decrease: false
      }
    }
  }

  /// How much a figure may differ from the baseline's.
  public enum Margin: Equatable, Sendable {
    /// In the metric's own unit.
    case absolute(Double)
    /// As a share of the baseline's figure: 0.01 is one per cent.
    case relative(Double)
    /// As much as runs of the baseline differ from seed to seed; wants two baselines or more.
    case seed
  }

  /// What a broken bound means.
  public enum Level: String, CaseIterable, Sendable {
    /// The gate fails.
    case error
    /// The gate is reported and does not fail.
    case warn
  }

  /// How figures are computed and compared.
  public struct Settings: Equatable, Sendable {
    /// What the runs are aligned by.
    public var axis: AlignmentAxis
    /// The share of the points, from the end, that `final` is computed over.
    public var window: Double
    /// The confidence of each one-sided decision.
    public var confidence: Double
    /// How much evaluations of the same training differ from seed to seed, as a share of the level; nil where nobody
    /// said.
    public var seedSpread: Double?
    /// What it means when the figure cannot be computed; neither passes.
    public var missing: Level
    /// What it means when the noise lets nobody decide.
    public var inconclusive: Level

    /// Settings with the defaults of the command.
    public init(
      axis: AlignmentAxis = .automatic, window: Double = 0.1, confidence: Double = 0.95,
      seedSpread: Double? = nil, missing: Level = .error, inconclusive: Level = .warn
    ) {
      self.seedSpread = seedSpread
      self.axis = axis
      self.window = window
      self.confidence = confidence
      self.missing = missing
      self.inconclusive = inconclusive
    }
  }
}

/// The figures that a gate can look at.
public enum GateStatistic: String, CaseIterable, Sendable {
  /// The level of the last window.
  case final
  /// The best point: the least where less is better, else the greatest.
  case best
  /// The least point.
  case min
  /// The greatest point.
  case max
  /// The mean of all points.
  case mean
  /// The first point.
  case first
  /// The last point.
  case last
  /// The area under the curve by trapezoids, divided by the span: a mean that does not depend on the logging.
  case area
  /// How often something shows.
  case count
  /// The norm of the change of the weights, divided by the norm before.
  case relativeChange = "relative_change"
  /// The norm of the change of the weights.
  case differenceNorm = "difference_norm"
  /// The cosine between the weights before and after.
  case cosine

  /// The figures of a metric.
  public static let ofMetrics: [GateStatistic] = [.final, .best, .min, .max, .mean, .first, .last, .area]
  /// The figures of weights.
  public static let ofWeights: [GateStatistic] = [.relativeChange, .differenceNorm, .cosine]
}

/// All the conditions that a run has to meet, and what it is held against.
public struct GatePlan: Equatable, Sendable {
  /// The path of the configuration.
  public var path: String
  /// The baselines that the configuration names: run folders, or one golden file; paths or tags as they are written.
  public var baselines: [String]
  /// The folder of golden files, as it is written, in which a baseline may be named by its tag.
  public var goldens: String?
  /// The gates in the order of the configuration; never empty.
  public var gates: [Gate]
  /// Which gates do not hold for which runs.
  public var exceptions: [Exception]
  /// What is done about several gates that each may fail by chance.
  public var multiplicity: Multiplicity

  /// Gates that do not hold for some runs.
  public struct Exception: Equatable, Sendable {
    /// The runs, by their path or name.
    public var match: Glob
    /// The ids of the gates that do not hold.
    public var disabled: [String]

    /// An exception from its parts.
    public init(match: Glob, disabled: [String]) {
      self.match = match
      self.disabled = disabled
    }
  }

  /// A plan from its parts.
  public init(
    path: String, baselines: [String] = [], goldens: String? = nil, gates: [Gate],
    exceptions: [Exception] = [], multiplicity: Multiplicity = .holm
  ) {
    self.multiplicity = multiplicity
    self.path = path
    self.baselines = baselines
    self.goldens = goldens
    self.gates = gates
    self.exceptions = exceptions
  }

  /// The gates that hold for the run at `path` called `name`, and those that an exception disables for it.
  public func gates(forRunAt path: String, named name: String) -> (enabled: [Gate], disabled: [Gate]) {
    let disabled = Set(
      exceptions.filter { $0.match.matches(path) || $0.match.matches(name) }.flatMap(\.disabled))
    return (gates.filter { !disabled.contains($0.id) }, gates.filter { disabled.contains($0.id) })
  }
}
