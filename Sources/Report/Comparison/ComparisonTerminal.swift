internal import Analysis

/// A comparison of runs for a terminal.
enum ComparisonTerminal {
  /// The text; with ANSI colours where `colour` is wanted.
  static func text(_ comparison: RunComparison, colour: Bool) -> String {
    let words = ComparisonWords(comparison)
    var text = "\(bold(ForeignText.visible(words.title), colour))\n"
    for (index, pair) in comparison.pairs.enumerated() {
      let name = comparison.pairs.count > 1 ? "\(words.names[index + 1]): " : ""
      text += "\(name)\(ForeignText.visible(words.verdict(pair)))\n\n"
      let (shown, incidental) = words.settings(pair)
      for difference in shown.prefix(12) {
        let base = difference.base.map { ForeignText.shortened(ForeignText.visible($0), to: 40) } ?? "—"
        let new = difference.new.map { ForeignText.shortened(ForeignText.visible($0), to: 40) } ?? "—"
        text += "  \(ForeignText.visible(difference.name)): \(base) → \(new)\n"
      }
      let rest = max(0, shown.count - 12) + incidental.count
      if rest > 0 { text += "  and \(rest) other settings\n" }
      if !pair.configuration.isEmpty { text += "\n" }
      text += table(pair.metrics.map { row in (words.cells(row), row.verdict) }, words.names[0], colour)
      text += "\n"
      for fact in words.facts(pair) { text += "  \(ForeignText.visible(fact))\n" }
      text += "  aligned \(words.alignment(pair))\n  \(words.pairing(pair))\n"
      if let sets = words.evaluationSets(pair) { text += "  \(ForeignText.visible(sets))\n" }
    }
    return text
  }

  private static func table(
    _ rows: [([String], MetricComparison.Verdict)], _ base: String, _ colour: Bool
  ) -> String {
    guard !rows.isEmpty else { return "  no metric in common\n" }
    let header = ["metric", base, "new", "Δ", "Δ %", "verdict"]
    let cells = [header] + rows.map { $0.0.map(ForeignText.visible) }
    let widths = header.indices.map { column in cells.map { $0[column].count }.max() ?? 0 }
    var text = ""
    for (index, row) in cells.enumerated() {
      var line = "  "
      for (column, cell) in row.enumerated() {
        let space = String(repeating: " ", count: widths[column] - cell.count)
        switch column {
        case 0: line += cell + space
        case row.count - 1: line += "  " + (index > 0 ? paint(cell, rows[index - 1].1, colour) : cell)
        default: line += "  " + space + cell
        }
      }
      text += line + "\n"
    }
    return text
  }

  private static func paint(_ text: String, _ verdict: MetricComparison.Verdict, _ colour: Bool) -> String {
    guard colour else { return text }
    switch verdict {
    case .better: return "\u{1b}[32m\(text)\u{1b}[0m"
    case .worse: return "\u{1b}[31m\(text)\u{1b}[0m"
    case .inconclusive, .notComparable: return "\u{1b}[33m\(text)\u{1b}[0m"
    case .same, .differs: return text
    }
  }

  private static func bold(_ text: String, _ colour: Bool) -> String {
    colour ? "\u{1b}[1m\(text)\u{1b}[0m" : text
  }
}
