internal import Analysis
internal import EventFile
internal import RunFolder

/// Many runs at a glance: a line a run, the best first.
struct OverviewSummary {
  private let runs: [RunAnalysis]
  private let overview: OverviewAnalysis
  private let sweep: SweepPage?
  private let title: String
  private let verdict: String

  init(_ runs: [RunAnalysis], sweep: SweepAnalysis? = nil, title: String, verdict: String) {
    self.runs = runs
    self.sweep = sweep.map { SweepPage($0) }
    overview = OverviewAnalysis(of: runs)
    self.title = title
    self.verdict = verdict
  }

  /// The most runs that are told; the page has them all.
  private static let limit = 50

  /// The summary.
  var document: Document {
    if let sweep, sweep.words.groups.hasRepeats {
      return Document(
        [.heading(level: 1, InlineText(title)), .paragraph(InlineText(verdict))]
          + sweep.summary(limit: Self.limit))
    }
    let names = Self.telling(runs.map(\.run.name))
    let order = overview.ranking.order
    let objective = overview.ranking.objective
    var columns: [Table.Column] = [.init("run")]
    if let objective { columns.append(.init(.code(objective.tag), .right)) }
    columns += [
      .init("final loss", .right), .init("best eval", .right), .init("steps", .right), .init("verdict"),
    ]
    var table = Table(columns)
    for index in order.prefix(Self.limit) {
      let row = overview.rows[index]
      var cells = [Table.Cell(names[index])]
      if objective != nil { cells.append(.significant(runs[index].objective?.figure)) }
      cells += [
        OverviewWords.final(row), .significant(row.bestEvaluation?.value),
        row.lastStep.map { .count($0) } ?? "",
        Table.Cell(InlineText(Verdict(runs[index]).brief).toned(.init(row.severity))),
      ]
      table.add(cells)
    }
    var summary = Document([
      .heading(level: 1, InlineText(title)), .paragraph(InlineText(verdict)), .table(table),
    ])
    let rest = order.count - table.rows.count
    if rest > 0 { summary.add(.paragraph("And \(NumberText.count(rest, "further run")).")) }
    if let sweep { summary.add(sweep.summary(limit: Self.limit)) }
    return summary
  }

  /// `names` without what all have in common, where a line would not hold them otherwise.
  private static func telling(_ names: [String]) -> [String] {
    let names = belowCommonFolders(names)
    return names.contains { $0.count > 44 } ? ShortNames.telling(names) : names
  }

  /// `names` without the folders that all are in, which tell nothing apart.
  private static func belowCommonFolders(_ names: [String]) -> [String] {
    var folders = names.map { $0.split(separator: "/", omittingEmptySubsequences: false) }
    while let first = folders.first?.first, folders.allSatisfy({ $0.count > 1 && $0.first == first }) {
      for index in folders.indices { folders[index].removeFirst() }
    }
    return folders.map { $0.joined(separator: "/") }
  }
}
