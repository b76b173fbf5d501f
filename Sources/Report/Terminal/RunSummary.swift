internal import Analysis
internal import EventFile
internal import RunFolder

/// One run on a terminal: the verdict, a chart, the figures and the findings.
struct RunSummary {
  private let analysis: RunAnalysis
  private let axis: HorizontalAxis

  init(_ analysis: RunAnalysis, axis: HorizontalAxis) {
    self.analysis = analysis
    self.axis = axis
  }

  /// The lines; `location` is where the report was written, where it was.
  func text(_ style: TerminalStyle, location: String?) -> String {
    let verdict = Verdict(analysis)
    let name = ForeignText.shortened(ForeignText.visible(analysis.run.name), to: style.width)
    var text = style.paint(name, .bold) + "\n"
    let pen = Self.pen(verdict.severity)
    let label = verdict.label + "."
    text +=
      style.paint(label, pen) + " "
      + style.wrapped(verdict.sentence, indent: 0, first: label.count + 1) + "\n\n"
    if let chart = TextChart(analysis, axis: axis) { text += chart.text(style) + "\n" }
    text += figures(style)
    if !analysis.findings.isEmpty { text += "\n" + findings(style) }
    for note in analysis.run.notes {
      text += "\n" + style.paint(style.wrapped(ForeignText.visible(note), indent: 0, first: 0), .dim) + "\n"
    }
    if let location { text += "\nReport: \(ForeignText.visible(location))\n" }
    return text
  }

  private func figures(_ style: TerminalStyle) -> String {
    let rows = Headline(analysis).rows
    let nameWidth = rows.map(\.name.count).max() ?? 0
    let valueWidth = rows.map(\.value.count).max() ?? 0
    return rows.map { row in
      let name = row.name + String(repeating: " ", count: nameWidth - row.name.count)
      let start = nameWidth + valueWidth + 4
      guard !row.note.isEmpty, style.width - start > 12 else { return "\(name)  \(row.value)\n" }
      let value = row.value + String(repeating: " ", count: valueWidth - row.value.count)
      let note = style.wrapped(row.note, indent: start, first: start)
      return "\(name)  \(value)  \(style.paint(note, .dim))\n"
    }.joined()
  }

  /// The most findings that are told; the page has them all.
  private static let findingLimit = 8

  private func findings(_ style: TerminalStyle) -> String {
    var text = ""
    for finding in analysis.findings.prefix(Self.findingLimit) {
      let words = FindingWords(finding)
      let name = FindingWords.name(of: finding.severity)
      let label = name + String(repeating: " ", count: max(0, 9 - name.count))
      text += style.paint(label, Self.pen(finding.severity))
      text += style.wrapped(Verdict.capitalised(words.title) + ".", indent: 9, first: 9) + "\n"
      if finding.severity > .note {
        let paragraph = style.wrapped(words.paragraph, indent: 9, first: 9)
        text += String(repeating: " ", count: 9) + style.paint(paragraph, .dim) + "\n"
      }
    }
    let rest = analysis.findings.count - Self.findingLimit
    return rest > 0 ? text + "and \(NumberText.count(rest, "further finding"))\n" : text
  }

  /// The colour of a severity.
  static func pen(_ severity: Finding.Severity?) -> TerminalStyle.Pen {
    switch severity {
    case .failure?: .red
    case .warning?: .yellow
    default: .green
    }
  }
}
