internal import Analysis
internal import RunFolder

/// A comparison of runs for a terminal.
struct ComparisonTerminal {
  let words: ComparisonWords
  let weights: WeightsSection?
  let style: TerminalStyle

  /// The text: of two runs in detail, of many as one table.
  var text: String {
    var text = style.paint(ForeignText.visible(words.title), .bold) + "\n"
    text += style.wrapped(ForeignText.visible(Verdict.capitalised(words.headline)), indent: 0) + "\n\n"
    let pairs = words.comparison.pairs
    if pairs.count == 1 {
      text += detail(pairs[0])
    } else {
      let overview = ComparisonOverview(words)
      let verdicts = pairs.map { Optional(words.overallVerdict($0)) }
      text += table(
        overview.headers, overview.rows, overview.sides, verdicts: [nil] + verdicts,
        column: overview.headers.count - 2)
      text += "\n" + sentence("Each run beside the baseline in detail: -o <folder>, or --format md.")
    }
    for line in weights?.sentences ?? [] { text += sentence(line) }
    return text
  }

  private func detail(_ pair: PairComparison) -> String {
    var text = ""
    let (shown, incidental) = words.settings(pair)
    for difference in shown.prefix(12) {
      let base = difference.base.map { ForeignText.shortened(ForeignText.visible($0), to: 40) } ?? "—"
      let new = difference.new.map { ForeignText.shortened(ForeignText.visible($0), to: 40) } ?? "—"
      text += "  \(ForeignText.visible(difference.name)): \(base) → \(new)\n"
    }
    let rest = max(0, shown.count - 12) + incidental.count
    if rest > 0 { text += "  \(NumberText.count(rest, "further setting")) of less weight\n" }
    if !pair.configuration.isEmpty { text += "\n" }

    // Run times and counters differ between any two runs; they stand on the page.
    let isSelected = !words.comparison.options.metrics.isEmpty
    let metrics = pair.metrics.filter { isSelected || !$0.isIncidental }
    if pair.metrics.isEmpty { text += "  no metric in common\n" }
    if !metrics.isEmpty {
      text += table(
        ["metric", words.names[0], "new", "Δ", "Δ %", "verdict"], metrics.map(words.cells),
        [.left, .right, .right, .right, .right, .left], verdicts: metrics.map(\.verdict), column: 5)
    }
    let hidden = pair.metrics.count - metrics.count
    if hidden > 0 {
      text += "  \(NumberText.count(hidden, "metric")) of time and throughput: --metric '*'\n"
    }
    text += "\n"
    for fact in words.facts(pair) { text += sentence(fact) }
    text += sentence("aligned \(words.alignment(pair))") + sentence(words.pairing(pair))
    if let sets = words.evaluationSets(pair) { text += sentence(sets) }
    return text
  }

  private func sentence(_ text: String) -> String {
    "  " + style.wrapped(ForeignText.visible(text), indent: 2) + "\n"
  }

  /// Lines of padded cells; the verdicts colour the cells of `column`, an element for each row.
  private func table(
    _ headers: [String], _ rows: [[String]], _ sides: [MarkdownTable.Side],
    verdicts: [MetricComparison.Verdict?], column: Int
  ) -> String {
    let cells = [headers] + rows.map { $0.map(ForeignText.visible) }
    let widths = headers.indices.map { column in cells.map { $0[column].count }.max() ?? 0 }
    var text = ""
    for (index, row) in cells.enumerated() {
      var line = ""
      for (place, cell) in row.enumerated() {
        let space = String(repeating: " ", count: widths[place] - cell.count)
        let shown = place == column && index > 0 ? paint(cell, verdicts[index - 1]) : cell
        line += "  " + (sides[place] == .left ? shown + space : space + shown)
      }
      while line.last == " " { line.removeLast() }
      text += line + "\n"
    }
    return text
  }

  private func paint(_ text: String, _ verdict: MetricComparison.Verdict?) -> String {
    switch verdict {
    case .better: style.paint(text, .green)
    case .worse: style.paint(text, .red)
    case .inconclusive, .notComparable: style.paint(text, .yellow)
    case .same, .differs, nil: text
    }
  }
}
