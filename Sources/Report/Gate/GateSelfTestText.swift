public import Analysis

/// What a self-test of gates found: a line for each fault, the gates that did not see theirs marked.
public enum GateSelfTestText {
  /// What a terminal or a log shows.
  public static func text(
    _ test: GateSelfTest, configuration: String, style: TerminalStyle = TerminalStyle()
  ) -> String {
    TerminalWriter(style).text(document(test, configuration: configuration))
  }

  private static func document(_ test: GateSelfTest, configuration: String) -> Document {
    let failed = test.trials.count { !$0.isProven }
    let isProven = failed == 0 && test.isProven
    let verdict = InlineText.toned(isProven ? .good : .bad, isProven ? "PROVEN" : "NOT PROVEN")
    let trials = NumberText.count(test.trials.count, "trial")
    return Document([
      .paragraph(
        "\(verdict)  \(trials) of the gates in \(configuration) on copies of \(test.runName), \(failed) not as they should be"
      ),
      .list(
        isNumbered: false,
        test.trials.map { trial in
          let label = InlineText.toned(trial.isProven ? .good : .bad, trial.isProven ? "ok" : "BAD")
          return Document.Item(label: label, ["\(strong: trial.gate.id), \(words(trial))"])
        }
          + test.unproven.map { gate in
            Document.Item(
              "\(strong: gate.id): only missing data was tried, not the gate's own fault: \(gate.reason)")
          }),
    ])
  }

  private static func words(_ trial: GateSelfTest.Trial) -> String {
    let amount = trial.amount.map { " of \(NumberText.signed($0, digits: 3))" } ?? ""
    let fault =
      switch trial.injection {
      case .control: "the good run itself"
      case .regression: "a regression\(amount)"
      case .spike: "a spike\(amount)"
      case .nan: "NaN"
      case .missing: "the data taken away"
      case .finding: finding(trial)
      case .weights:
        trial.amount == 1
          ? "the same weights"
          : "the weights times \(NumberText.significant(trial.amount ?? 1, trimmed: true))"
      }
    let wanted =
      switch trial.injection {
      case .control: "pass or inconclusive"
      case .missing: "missing"
      default: "fail"
      }
    let place = trial.metric.map { " in \($0)" } ?? ""
    return
      "\(fault)\(place): \(trial.status.name)\(trial.isProven ? "" : ", expected \(wanted)")\(doubt(trial))"
  }

  /// What the fault of a gate on findings looks like.
  private static func finding(_ trial: GateSelfTest.Trial) -> String {
    var kind = trial.finding
    if case .finding(let own, _) = trial.gate.subject { kind = own }
    return switch kind {
    case .filteredNaN: "a loss of 0 in place of NaN"
    case .zeroLoss: "a loss of exactly 0"
    case .nonFinite: "NaN"
    case .diverged: "a loss that leaves its level"
    case .deadRun: "a loss that does not move, without gradients"
    case .spike: "spikes"
    case .overfitting: "evaluations that rise while the loss falls"
    case .plateau: "a loss that has stopped falling"
    case .sourcesDisagree: "other values in the trainer's file"
    case .interleaved: "parts that overlap in time"
    case .stoppedEarly: "the run cut short"
    case .incompleteSave: "saves without weights"
    case .damagedFile: "event files with a wrong checksum"
    case .some(let kind): SearchWords.name(kind)
    case nil: "its finding"
    }
  }

  /// Why a fault may not have been seen.
  private static func doubt(_ trial: GateSelfTest.Trial) -> String {
    guard !trial.isProven, trial.injection == .finding, case .finding(let kind, _) = trial.gate.subject,
      [.overfitting, .plateau, .deadRun, .stoppedEarly].contains(kind)
    else { return "" }
    return "; a run shows \(kind.rawValue) once at most, so only a bound of 0 can fail"
  }
}
