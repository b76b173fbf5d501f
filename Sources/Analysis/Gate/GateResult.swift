public import EventFile
internal import RunFolder

/// What became of a gate.
public enum GateStatus: Int, Comparable, CaseIterable, Sendable {
  /// Every bound is met, surely enough.
  case pass
  /// The noise lets nobody tell.
  case inconclusive
  /// Something that the gate needs is not there; never a pass.
  case missing
  /// A bound is broken, surely enough.
  case fail

  /// Whether `left` is the lesser evil.
  public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

  /// A word for tables and JSON.
  public var name: String {
    switch self {
    case .pass: "pass"
    case .inconclusive: "inconclusive"
    case .missing: "missing"
    case .fail: "fail"
    }
  }
}

/// A gate with what became of it.
public struct GateResult: Equatable, Sendable {
  /// The gate.
  public var gate: Gate
  /// A check for each metric, finding or module and each bound; never empty.
  public var checks: [GateCheck]

  /// A result from its parts.
  public init(gate: Gate, checks: [GateCheck]) {
    self.gate = gate
    self.checks = checks
  }

  /// The worst of the checks.
  public var status: GateStatus { checks.map(\.status).max() ?? .missing }
  /// Whether the result counts against the run, and not only as a warning.
  public var isError: Bool {
    switch status {
    case .pass: false
    case .fail: gate.level == .error
    case .missing: gate.settings.missing == .error
    case .inconclusive: gate.level == .error && gate.settings.inconclusive == .error
    }
  }
}

/// One figure held against one bound.
public struct GateCheck: Equatable, Sendable {
  /// The tag, the finding or the module that was looked at; the pattern where nothing matched.
  public var subject: String
  /// The bound; nil where it did not come to that.
  public var bound: Gate.Bound?
  /// What became of the check.
  public var status: GateStatus
  /// Why.
  public var reason: Reason
  /// The run's figure.
  public var found: Double?
  /// The step of the figure, where it is that of one point.
  public var foundStep: Int64?
  /// The baselines' figures, in their order.
  public var baseline: [Double] = []
  /// The margin in the metric's own unit, for relative bounds.
  public var margin: Double?
  /// The figure that may not be passed: the bound itself, or the baseline's figure with the margin.
  public var limit: Double?
  /// The difference to the baseline, or to an absolute bound.
  public var effect: Effect?
  /// The last points that the figure was made from, at most five.
  public var points: [Point] = []
  /// The step from which on the run differs from the first baseline, or from a golden file's curve, to the end; or its
  /// first bad value.
  public var divergingStep: Int64?
  /// The steps within which `divergingStep` is known, where it comes from a golden file's curve of a few places.
  public var divergingWidth: Int64?

  /// What may have been meant, where nothing matches: the name that is nearest, or else the first few there are.
  public var candidates: [String] = []

  /// Why a check came out as it did.
  public enum Reason: Equatable, Sendable {
    /// The figure is within its bound.
    case within
    /// The figure is beyond its bound.
    case beyond
    /// The noise, or the spread between seeds, lets nobody tell.
    case undecided(EffectDoubt)
    /// The figure is beyond its bound, but one of so many checks is by chance.
    case oneOfMany(Int)
    /// No metric, finding or module matches the pattern.
    case nothingMatches
    /// The baseline has the metric, the run does not.
    case missingInRun
    /// The run has the metric, the baseline does not.
    case missingInBaseline
    /// A relative bound wants a baseline, and there is none.
    case noBaseline
    /// The run and the baseline have no part in common, or do not both tell the axis.
    case noOverlap
    /// What the run and the baseline have in common is less than a tenth of the shorter, or less than three points.
    case littleInCommon
    /// The run has a value that is not finite.
    case nonFinite(step: Int64)
    /// The baseline itself has a value that is not finite, or is a dead run.
    case badBaseline
    /// One of the baselines, by its name, is not of the others' kind: its share of distance from their mean.
    case outlyingBaseline(String, distance: Double)
    /// The loss of the run is none: a finding says that it only looks finite.
    case untrusted(Finding.Kind, step: Int64?)
    /// The run ends long before the baseline does.
    case endsEarly(reached: Int64, wanted: Int64)
    /// The evaluations ran over different sets.
    case evaluationSets
    /// The margin `seed` wants two baselines or more.
    case noSpread
    /// The run has no training loss in which the finding could show.
    case nothingToExamine
    /// The weights could not be compared, in words.
    case noWeights(String)
  }

  /// A check of a pattern that matches none of `names`.
  static func unmatched(_ pattern: String, among names: [String]) -> GateCheck {
    var check = GateCheck(subject: pattern, status: .missing, reason: .nothingMatches)
    check.candidates = Suggestion.nearest(to: pattern, among: names).map { [$0] } ?? Array(names.prefix(6))
    return check
  }

  /// A check from its parts.
  public init(subject: String, bound: Gate.Bound? = nil, status: GateStatus, reason: Reason) {
    self.subject = subject
    self.bound = bound
    self.status = status
    self.reason = reason
  }
}

/// What all the gates of a plan say about a run.
public struct GateReport: Equatable, Sendable {
  /// The path of the configuration.
  public var configuration: String
  /// The run's name and path.
  public var runName: String, runPath: String
  /// The baselines' names; empty where there is none.
  public var baselines: [String]
  /// A result for each gate that holds for the run, in the order of the configuration.
  public var results: [GateResult]
  /// The ids of the gates that an exception disables for the run.
  public var disabled: [String]
  /// What was done about several gates that each may fail by chance.
  public var multiplicity: Multiplicity
  /// What the run was trained with that the baseline was not.
  public var difference: BaselineDifference

  /// A report from its parts.
  public init(
    configuration: String, runName: String, runPath: String, baselines: [String], results: [GateResult],
    disabled: [String], multiplicity: Multiplicity = .holm,
    difference: BaselineDifference = .none
  ) {
    self.multiplicity = multiplicity
    self.difference = difference
    self.configuration = configuration
    self.runName = runName
    self.runPath = runPath
    self.baselines = baselines
    self.results = results
    self.disabled = disabled
  }

  /// The number of results with `status`.
  public func count(_ status: GateStatus) -> Int { results.count { $0.status == status } }

  /// The worst status.
  public var status: GateStatus { results.map(\.status).max() ?? .missing }

  /// The number of checks that noise decides.
  public var testCount: Int { results.flatMap(\.checks).count { $0.isTest } }
}
