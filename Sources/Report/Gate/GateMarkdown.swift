public import Analysis

/// A gate report as Markdown for a step summary or a comment: failures first, and never more than it may be.
public struct GateMarkdown {
  private let words: GateWords
  private let command: String

  /// - Parameters:
  ///   - report: what the gates said.
  ///   - strict: whether inconclusive gates fail the process.
  ///   - command: the command line that repeats the gate.
  public init(_ report: GateReport, strict: Bool, command: String) {
    words = GateWords(report: report, strict: strict)
    self.command = command
  }

  /// The text, of at most `maxBytes` in UTF-8.
  ///
  /// Where it does not fit, what passed goes first, then the evidence, then the columns; the id of every gate that
  /// failed stays, whatever the limit.
  public func text(maxBytes: Int = .max) -> String {
    let ranked = words.ranked
    let bad = ranked.filter { $0.status != .pass }
    let passed = ranked.filter { $0.status == .pass }
    let head = header
    let foot = "\n" + footer
    // From rich to poor; the first that fits is taken.
    let forms: [() -> String] = [
      { head + table(ranked) + bad.map(details).joined() + foot },
      { head + table(bad) + note(passed) + bad.map(details).joined() + foot },
      { cutDetails(head + table(bad) + note(passed), bad, foot, maxBytes) },
      { head + table(bad) + note(passed) },
      {
        head
          + bad.map { "- \(GateWords.sign($0)) \(MarkdownText.code($0.gate.id)) \($0.status.name)\n" }
          .joined() + note(passed)
      },
    ]
    for form in forms {
      let text = form()
      if text.utf8.count <= maxBytes { return text }
    }
    return "\(words.verdict): " + bad.map { MarkdownText.code($0.gate.id) }.joined(separator: " ") + "\n"
  }

  private var header: String {
    let report = words.report
    var sign = "✅"
    if let worst = words.ranked.first { sign = GateWords.sign(worst) }
    var text = "## \(sign) ftreport gate: \(MarkdownText.plain(words.headline))\n\n"
    text += "\(MarkdownText.code(report.runPath))"
    if !report.baselines.isEmpty {
      let names = report.baselines.prefix(6).map { MarkdownText.code($0) }.joined(separator: ", ")
      text += " against \(names)\(report.baselines.count > 6 ? ", …" : "")"
    }
    text += " by \(MarkdownText.code(report.configuration))"
    if !report.disabled.isEmpty {
      text +=
        "; disabled for this run: \(report.disabled.map { MarkdownText.code($0) }.joined(separator: ", "))"
    }
    return text + "\n\n"
  }

  private func table(_ results: [GateResult]) -> String {
    guard !results.isEmpty else { return "" }
    let rows = results.flatMap { result in
      // Of many checks, the deciding ones and as many as a reader takes in.
      let checks = result.status == .pass ? Array(result.checks.prefix(4)) : GateWords.deciding(result)
      let rows = checks.prefix(20).map { check in
        [
          GateWords.sign(result), MarkdownText.code(result.gate.id, inTable: true),
          MarkdownText.plain(GateWords.subject(check, result.gate)),
          MarkdownText.plain(GateWords.expected(check)),
          MarkdownText.plain(GateWords.found(check)), MarkdownText.plain(GateWords.change(check)),
        ]
      }
      let rest = checks.count - rows.count
      let more = ["", "", "and \(rest) more", "", "", ""]
      return rest > 0 ? rows + [more] : Array(rows)
    }
    return MarkdownTable(
      ["", "gate", "what", "expected", "found", "change"],
      sides: [.left, .left, .left, .left, .right, .right], rows: rows
    ).text
  }

  private func details(_ result: GateResult) -> String {
    var text =
      "\n### \(GateWords.sign(result)) \(MarkdownText.code(result.gate.id)) — "
      + "\(result.status.name), line \(result.gate.line)\n\n"
    if let message = result.gate.message { text += "> \(MarkdownText.plain(message))\n\n" }
    let checks = GateWords.deciding(result)
    for check in checks.prefix(5) {
      text +=
        "- \(MarkdownText.plain(GateWords.subject(check, result.gate))): expected "
        + "\(MarkdownText.plain(GateWords.expected(check))), found \(MarkdownText.plain(GateWords.found(check))): "
        + "\(MarkdownText.plain(words.reason(check))).\n"
      for line in words.evidence(check) { text += "  - \(MarkdownText.plain(line))\n" }
    }
    if checks.count > 5 { text += "- and \(checks.count - 5) more\n" }
    return text
  }

  private var footer: String {
    "Repeat it with\n\n```sh\n\(ForeignText.visible(command))\n```\n"
  }

  private func note(_ passed: [GateResult]) -> String {
    guard !passed.isEmpty else { return "" }
    return "\n✅ \(NumberText.count(passed.count, "gate")) passed.\n"
  }

  /// As many details as fit, with a word on those that do not.
  private func cutDetails(_ head: String, _ results: [GateResult], _ foot: String, _ maxBytes: Int) -> String
  {
    var text = head
    for (index, result) in results.enumerated() {
      let next = details(result)
      let rest = results.count - index
      let note =
        "\nThe details of \(NumberText.count(rest, "gate")) are left out: the page has a limit of \(maxBytes) bytes.\n"
      if text.utf8.count + next.utf8.count + foot.utf8.count + note.utf8.count > maxBytes {
        return text + note + foot
      }
      text += next
    }
    return text + foot
  }
}
