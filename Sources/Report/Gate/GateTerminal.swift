public import Analysis

/// A gate report for a terminal: a line a gate, and the evidence of those that did not pass.
public enum GateTerminal {
  /// The text; of `style` the colours are used.
  public static func text(
    _ report: GateReport, strict: Bool, style: TerminalStyle, command: String
  ) -> String {
    let words = GateWords(report: report, strict: strict)
    let pen: TerminalStyle.Pen =
      switch words.verdict {
      case "PASS": .green
      case "FAIL", "MISSING": .red
      default: .yellow
      }
    var text =
      "\(style.paint(style.paint(words.verdict, pen), .bold))  \(ForeignText.visible(words.headline))\n"
    text += "      \(ForeignText.visible(report.runPath))"
    if !report.baselines.isEmpty {
      text += " against \(report.baselines.map(ForeignText.visible).joined(separator: ", "))"
    }
    text += " by \(ForeignText.visible(report.configuration))\n\n"
    let width = min(24, report.results.map(\.gate.id.count).max() ?? 0)
    for result in words.ranked {
      let (label, pen) = label(result)
      let id = ForeignText.visible(result.gate.id)
      let name = id + String(repeating: " ", count: max(0, width - id.count))
      let checks = result.status == .pass ? result.checks : GateWords.deciding(result)
      let rest = checks.count > 1 ? " (and \(checks.count - 1) more)" : ""
      let first = checks.first.map { summary($0, result.gate) }
      text += "\(style.paint(label, pen)) \(name)  \(ForeignText.visible(first ?? ""))\(rest)\n"
      guard result.status != .pass else { continue }
      let indent = "             "
      for (number, check) in checks.prefix(shownChecks).enumerated() {
        if number > 0 { text += "\(indent)\(ForeignText.visible(summary(check, result.gate)))\n" }
        text += "\(indent)\(ForeignText.visible(words.reason(check)))\n"
        for line in words.evidence(check) { text += "\(indent)\(ForeignText.visible(line))\n" }
      }
      if let message = result.gate.message { text += "\(indent)\(ForeignText.visible(message))\n" }
    }
    for id in report.disabled { text += "disabled     \(ForeignText.visible(id))\n" }
    if report.status != .pass { text += "\nRepeat it with: \(ForeignText.visible(command))\n" }
    return text
  }

  /// The checks of a gate that are told in full.
  private static let shownChecks = 3

  private static func summary(_ check: GateCheck, _ gate: Gate) -> String {
    "\(GateWords.subject(check, gate)): \(GateWords.found(check)), expected \(GateWords.expected(check))"
  }

  private static func label(_ result: GateResult) -> (String, TerminalStyle.Pen) {
    switch result.status {
    case .pass: ("pass        ", .green)
    case .inconclusive: ("inconclusive", .yellow)
    case .missing: (result.isError ? "MISSING     " : "missing     ", result.isError ? .red : .yellow)
    case .fail: (result.isError ? "FAIL        " : "warning     ", result.isError ? .red : .yellow)
    }
  }
}
