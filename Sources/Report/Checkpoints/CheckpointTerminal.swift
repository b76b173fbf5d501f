internal import Analysis
internal import Checkpoint
internal import Weights

/// A comparison of checkpoints for a terminal: headline, findings, a table by type of module.
struct CheckpointTerminal {
  private let analysis: CheckpointAnalysis
  private let headline: CheckpointHeadline
  private let style: TerminalStyle

  init(_ analysis: CheckpointAnalysis, style: TerminalStyle) {
    self.analysis = analysis
    self.style = style
    headline = CheckpointHeadline(analysis)
  }

  var text: String {
    func wrapped(_ text: String) -> String { style.wrapped(ForeignText.visible(text), indent: 0) }
    var lines = [style.paint(wrapped(headline.sentence), .bold)]
    lines += [headline.remark, headline.movement, headline.choice].compactMap(\.self).map(wrapped)
    lines.append("")
    lines += plainTable.map(ForeignText.visible)
    let labels = CheckpointLabels(analysis)
    if !analysis.findings.isEmpty { lines.append("") }
    for finding in analysis.findings.prefix(12) {
      let words = CheckpointFindingWords(finding, labels: labels)
      lines.append(wrapped("\(finding.severity.name): \(words.sentence)"))
    }
    if analysis.findings.count > 12 { lines.append("… and \(analysis.findings.count - 12) more findings") }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The table in columns of equal width, the first to the left.
  private var plainTable: [String] {
    let table = WeightGroupTable(analysis).table
    let all = [table.columns.map(\.header.plain)] + table.rows.map { $0.map(\.text.plain) }
    let widths = table.columns.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
    return all.map { row in
      var line = row.indices.map { column in
        let space = String(repeating: " ", count: widths[column] - row[column].count)
        return column == 0 ? row[column] + space : space + row[column]
      }.joined(separator: "  ")
      while line.last == " " { line.removeLast() }
      return line
    }
  }
}
