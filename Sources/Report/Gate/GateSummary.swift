internal import Analysis

/// A gate report at a glance: a line a gate, and the evidence of those that did not pass.
struct GateSummary {
  let words: GateWords
  let command: String

  /// The summary.
  var document: Document {
    let report = words.report
    var place: InlineText = "\(report.runPath)"
    if !report.baselines.isEmpty { place += " against \(report.baselines.joined(separator: ", "))" }
    place += " by \(report.configuration)"
    var summary = Document([
      .list(
        isNumbered: false,
        [
          Document.Item(
            label: .strong(InlineText(words.verdictWord)).toned(tone), [InlineText(words.headline), place])
        ]),
      .list(
        isNumbered: false,
        words.ranked.map(item)
          + report.disabled.map { id in
            Document.Item(label: "disabled", [InlineText(id)])
          }),
    ])
    summary.add(words.differences)
    if report.status != .pass {
      summary.add([.paragraph("Repeat it with:"), .code(command, language: "sh")])
    }
    return summary
  }

  private var tone: InlineText.Tone {
    switch words.verdict {
    case .pass: .good
    case .fail, .missing: .bad
    case .warning, .inconclusive: .warning
    }
  }

  /// The checks of a gate that are told in full.
  private static let shownChecks = 3

  private func item(_ result: GateResult) -> Document.Item {
    let checks = result.status == .pass ? result.checks : GateWords.deciding(result)
    let rest = checks.count > 1 ? " (and \(checks.count - 1) more)" : ""
    let first = checks.first.map { Self.summary($0, result.gate) } ?? ""
    var lines: [InlineText] = ["\(strong: result.gate.id): \(first)\(rest)"]
    if result.status != .pass {
      for (number, check) in checks.prefix(Self.shownChecks).enumerated() {
        if number > 0 { lines.append(InlineText(Self.summary(check, result.gate))) }
        lines += ([words.reason(check)] + words.evidence(check)).map { InlineText($0) }
      }
      if let message = result.gate.message { lines.append(InlineText(message)) }
    }
    return Document.Item(label: Self.label(result), lines)
  }

  private static func summary(_ check: GateCheck, _ gate: Gate) -> String {
    "\(GateWords.subject(check, gate)): \(GateWords.found(check)), expected \(GateWords.expected(check))"
  }

  private static func label(_ result: GateResult) -> InlineText {
    let (word, tone): (InlineText, InlineText.Tone) =
      switch result.status {
      case .pass: ("pass", .good)
      case .inconclusive: ("inconclusive", .warning)
      case .missing: result.isError ? ("MISSING", .bad) : ("missing", .warning)
      case .fail: result.isError ? ("FAIL", .bad) : ("warning", .warning)
      }
    return .toned(tone, word)
  }
}
