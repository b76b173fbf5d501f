internal import Analysis
internal import Checkpoint

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
    lines += WeightGroupRows(analysis).plainTable.map(ForeignText.visible)
    let labels = CheckpointLabels(analysis)
    if !analysis.findings.isEmpty { lines.append("") }
    for finding in analysis.findings.prefix(12) {
      let words = CheckpointFindingWords(finding, labels: labels)
      lines.append(wrapped("\(FindingSeverityName.of(finding.severity)): \(words.sentence)"))
    }
    if analysis.findings.count > 12 { lines.append("… and \(analysis.findings.count - 12) more findings") }
    return lines.joined(separator: "\n") + "\n"
  }
}

/// The rows of the table by type of module, for every form of report.
struct WeightGroupRows {
  let headers: [String]
  /// The cells, the total last.
  let rows: [[String]]

  init(_ analysis: CheckpointAnalysis) {
    let comparison = analysis.comparison
    let isPair = comparison.isPair
    let hasModules = !comparison.modules.isEmpty
    let severalStacks = Set(analysis.groups.map(\.stack)).count > 1
    let norm = hasModules ? "‖ΔW‖" : "‖W‖"
    var headers = ["Type", hasModules ? "Modules" : "Tensors"]
    if hasModules { headers.append("Rank") }
    let labels = CheckpointLabels(analysis)
    headers +=
      isPair
      ? [
        "\(norm) \(labels.columns.before)", labels.columns.after, "‖\(labels.change)‖",
        Verdict.capitalised(labels.change), "Cosine", "Share",
      ] : [norm]
    if hasModules { headers.append("Stable rank") }
    if isPair && !hasModules { headers.append("Changed") }
    self.headers = headers

    func cells(
      _ name: String, _ count: Int, _ ranks: [Int], _ total: CheckpointComparison.Total, share: Double?,
      stable: Pair<Double?>, changed: (Int, Int)
    ) -> [String] {
      var cells = [name, NumberText.count(count)]
      if hasModules { cells.append(ranks.map { "\($0)" }.joined(separator: ", ")) }
      if isPair {
        cells += [
          total.count.before > 0 ? NumberText.significant(total.norm.before) : "–",
          total.count.after > 0 ? NumberText.significant(total.norm.after) : "–",
          min(total.count.before, total.count.after) > 0 ? NumberText.significant(total.differenceNorm) : "–",
          total.relativeChange.map { NumberText.percent($0) } ?? "–",
          total.cosine.map { NumberText.fixed($0, places: 4) } ?? "–",
          share.map { NumberText.percent($0) } ?? "",
        ]
      } else {
        cells.append(NumberText.significant(total.norm.after))
      }
      if hasModules {
        cells.append(
          [isPair ? stable.before : nil, stable.after].compactMap(\.self)
            .map { NumberText.fixed($0, places: 1) }.joined(separator: " → "))
      }
      if isPair && !hasModules {
        cells.append(changed.1 > 0 ? NumberText.percent(Double(changed.0) / Double(changed.1)) : "–")
      }
      return cells
    }
    var rows = analysis.groups.map { group in
      cells(
        severalStacks && !group.stack.isEmpty ? "\(group.stack) · \(group.type)" : group.type, group.count,
        group.ranks, group.total, share: group.changeShare, stable: group.stableRank,
        changed: (group.changedCount, group.elementCount))
    }
    if analysis.groups.count > 1 {
      rows.append(
        cells(
          "all", analysis.groups.reduce(0) { $0 + $1.count }, [], comparison.total, share: nil,
          stable: Pair(nil, nil),
          changed: (
            analysis.groups.reduce(0) { $0 + $1.changedCount },
            analysis.groups.reduce(0) { $0 + $1.elementCount }
          )))
    }
    self.rows = rows
  }

  /// The table in columns of equal width, the first to the left.
  var plainTable: [String] {
    let all = [headers] + rows
    let widths = headers.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
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
