internal import Analysis

/// A comparison of runs for a terminal.
enum ComparisonTerminal {
  /// The text; of `style` the colours are used.
  static func text(_ comparison: RunComparison, weights: WeightsSection?, style: TerminalStyle) -> String {
    let words = ComparisonWords(comparison)
    var text = "\(style.paint(ForeignText.visible(words.title), .bold))\n"
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
      if rest > 0 { text += "  \(NumberText.count(rest, "further setting")) of less weight\n" }
      if !pair.configuration.isEmpty { text += "\n" }
      text += table(pair.metrics.map { row in (words.cells(row), row.verdict) }, words.names[0], style)
      text += "\n"
      for fact in words.facts(pair) { text += "  \(ForeignText.visible(fact))\n" }
      text += "  aligned \(words.alignment(pair))\n  \(words.pairing(pair))\n"
      if let sets = words.evaluationSets(pair) { text += "  \(ForeignText.visible(sets))\n" }
    }
    for sentence in weights?.sentences ?? [] { text += "  \(ForeignText.visible(sentence))\n" }
    return text
  }

  private static func table(
    _ rows: [([String], MetricComparison.Verdict)], _ base: String, _ style: TerminalStyle
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
        case row.count - 1: line += "  " + (index > 0 ? paint(cell, rows[index - 1].1, style) : cell)
        default: line += "  " + space + cell
        }
      }
      text += line + "\n"
    }
    return text
  }

  private static func paint(
    _ text: String, _ verdict: MetricComparison.Verdict, _ style: TerminalStyle
  ) -> String {
    switch verdict {
    case .better: style.paint(text, .green)
    case .worse: style.paint(text, .red)
    case .inconclusive, .notComparable: style.paint(text, .yellow)
    case .same, .differs: text
    }
  }
}
