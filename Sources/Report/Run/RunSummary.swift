internal import Analysis
internal import EventFile
internal import RunFolder

/// One run at a glance: the verdict, a chart, the figures and the findings.
struct RunSummary {
  private let analysis: RunAnalysis
  private let axis: HorizontalScale

  init(_ analysis: RunAnalysis, axis: HorizontalScale) {
    self.analysis = analysis
    self.axis = axis
  }

  /// The summary.
  var document: Document {
    let verdict = Verdict(analysis)
    let label = InlineText.toned(.init(verdict.severity), "\(verdict.label).")
    var summary = Document([
      .heading(level: 1, InlineText(analysis.run.name)), .paragraph("\(label) \(verdict.sentence)"),
    ])
    if let chart = TextChart(analysis, axis: axis) { summary.add(.chart(chart)) }
    summary.add(Headline(analysis).table)
    if !analysis.findings.isEmpty { summary.add(.list(isNumbered: false, findings)) }
    let rest = analysis.findings.count - Self.findingLimit
    if rest > 0 { summary.add(.paragraph("And \(NumberText.count(rest, "further finding")).")) }
    summary.add(analysis.run.notes.map { .paragraph(.toned(.quiet, InlineText($0))) })
    return summary
  }

  /// The most findings that are told; the page has them all.
  private static let findingLimit = 8

  private var findings: [Document.Item] {
    analysis.findings.prefix(Self.findingLimit).map { finding in
      let words = FindingWords(finding)
      let name = finding.severity.name
      let title = InlineText(Verdict.capitalised(words.title) + ".")
      let paragraph = InlineText.toned(.quiet, InlineText(words.paragraph))
      return Document.Item(
        label: .toned(.init(finding.severity), InlineText(name)),
        finding.severity > .note ? [title, paragraph] : [title])
    }
  }
}
