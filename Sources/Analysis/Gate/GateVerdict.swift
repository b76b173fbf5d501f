/// What all the gates of a plan together say about a run; exit status, words and colours go by it.
public enum GateVerdict: Equatable, Sendable {
  /// Every gate passed.
  case pass
  /// Something did not pass that only warns.
  case warning
  /// The noise lets nobody tell; an error where the gate or `--strict` makes it one.
  case inconclusive(isError: Bool)
  /// Something that a gate needs is not there, or no gate holds for the run.
  case missing
  /// A gate failed.
  case fail

  /// The verdict on `results`.
  ///
  /// - Parameter strict: whether an inconclusive gate is an error wherever a failed one would be.
  public init(_ results: [GateResult], strict: Bool) {
    func anyError(_ status: GateStatus) -> Bool {
      results.contains { $0.status == status && $0.isError(strict: strict) }
    }
    let worst = results.map(\.status).max()
    if anyError(.fail) {
      self = .fail
    } else if worst == nil || anyError(.missing) {
      self = .missing
    } else if anyError(.inconclusive) {
      self = .inconclusive(isError: true)
    } else if worst == .pass {
      self = .pass
    } else {
      self = worst == .inconclusive ? .inconclusive(isError: false) : .warning
    }
  }

  /// A word for JSON; in capitals, for people.
  public var name: String {
    switch self {
    case .pass: "pass"
    case .warning: "warning"
    case .inconclusive: "inconclusive"
    case .missing: "missing"
    case .fail: "fail"
    }
  }

  /// What the process says to its caller: 0 pass, warning or inconclusive; 1 a gate failed; 3 data missing; 4
  /// inconclusive, where that is an error.
  public var exitCode: Int32 {
    switch self {
    case .pass, .warning, .inconclusive(isError: false): 0
    case .fail: 1
    case .missing: 3
    case .inconclusive(isError: true): 4
    }
  }
}

extension GateResult {
  /// Whether the result counts against the run; under `strict`, an inconclusive one does wherever a failed one would.
  public func isError(strict: Bool) -> Bool {
    isError || strict && status == .inconclusive && gate.level == .error
  }
}

extension GateReport {
  /// What the gates together say.
  public func verdict(strict: Bool) -> GateVerdict { GateVerdict(results, strict: strict) }
}
