public import Analysis

/// What a self-test of gates found, for a terminal or a log.
public enum GateSelfTestText {
  /// The text: a line for each fault, the gates that did not see theirs marked.
  public static func text(_ test: GateSelfTest, configuration: String) -> String {
    let failed = test.trials.count { !$0.isProven }
    var text = failed == 0 && test.isProven ? "PROVEN" : "NOT PROVEN"
    text +=
      "  \(NumberText.count(test.trials.count, "trial")) of the gates in \(ForeignText.visible(configuration)), "
      + "\(failed) not as they should be\n\n"
    let width = min(24, test.trials.map(\.gate.id.count).max() ?? 0)
    for trial in test.trials {
      let id = ForeignText.visible(trial.gate.id)
      let name = id + String(repeating: " ", count: max(0, width - id.count))
      text += "\(trial.isProven ? "ok " : "BAD") \(name)  \(words(trial))\n"
    }
    for id in test.unproven {
      text +=
        "    \(ForeignText.visible(id)): its own fault cannot be put into a copy; only missing data was tried\n"
    }
    return text
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
      }
    let wanted =
      switch trial.injection {
      case .control: "pass or inconclusive"
      case .missing: "missing"
      default: "fail"
      }
    return "\(fault): \(trial.status.name)\(trial.isProven ? "" : ", expected \(wanted)")"
  }
}
