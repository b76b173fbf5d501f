internal import Analysis
internal import EventFile
internal import RunFolder

/// Many runs on a terminal: a line a run, the best first.
struct OverviewSummary {
  private let runs: [RunAnalysis]
  private let names: [String]
  private let title: String
  private let verdict: String

  init(_ runs: [RunAnalysis], title: String, verdict: String) {
    self.runs = runs
    names = runs.map { ForeignText.visible($0.run.name) }
    self.title = title
    self.verdict = verdict
  }

  /// The most runs that are told; the page has them all.
  private static let limit = 50

  /// The lines; `location` is where the report was written, where it was.
  func text(_ style: TerminalStyle, location: String?) -> String {
    var text = style.paint(ForeignText.shortened(ForeignText.visible(title), to: style.width), .bold) + "\n"
    text += style.wrapped(verdict, indent: 0) + "\n\n"
    let ranks = OverlayChart.ranks(runs)
    let order = runs.indices.sorted { ranks[$0] < ranks[$1] }
    let shown = order.prefix(Self.limit)
    let names = Self.fitting(self.names, width: max(3, style.width - 50))
    let nameWidth = max(3, shown.map { names[$0].count }.max() ?? 0)
    text +=
      style.paint(
        Self.padded("run", nameWidth) + Self.right("final loss", 18) + Self.right("best eval", 11)
          + Self.right("steps", 9) + "  verdict", .dim) + "\n"
    for index in shown {
      let run = runs[index]
      let isFiltered = run.findings.contains { $0.kind == .filteredNaN }
      let final = isFiltered ? "NaN" : Self.final(run)
      let best = run.evaluation?.best.map { NumberText.significant($0.value) } ?? ""
      let steps = run.extent.steps.map { NumberText.count($0.upperBound) } ?? ""
      text += Self.padded(names[index], nameWidth)
      text += Self.right(final, 18) + Self.right(best, 11) + Self.right(steps, 9) + "  "
      text += style.paint(Self.short(run), RunSummary.pen(run.severity)) + "\n"
    }
    if order.count > Self.limit {
      text += "and \(NumberText.count(order.count - Self.limit, "further run"))\n"
    }
    if let location { text += "\nReport: \(ForeignText.visible(location))\n" }
    return text
  }

  /// `names` in at most `width` columns, such that no two which differ come out alike where that can be.
  private static func fitting(_ names: [String], width: Int) -> [String] {
    func cut(_ names: [String]) -> [String] { names.map { ForeignText.shortened($0, to: width) } }
    let isDistinct = { (shown: [String]) in Set(shown).count == Set(names).count }
    if names.allSatisfy({ $0.count <= width }) { return names }
    // The folders that all are in tell nothing apart.
    var folders = names.map { $0.split(separator: "/", omittingEmptySubsequences: false) }
    while let first = folders.first?.first, folders.allSatisfy({ $0.count > 1 && $0.first == first }) {
      for index in folders.indices { folders[index].removeFirst() }
    }
    let below = folders.map { $0.joined(separator: "/") }
    return [cut(below), cut(ShortNames.suffixes(names))].first(where: isDistinct) ?? cut(below)
  }

  private static func final(_ run: RunAnalysis) -> String {
    if let final = run.loss?.final {
      return NumberText.interval(
        final.mean, halfWidth: (final.interval.upperBound - final.interval.lowerBound) / 2)
    }
    return run.loss?.series.values.last.map { NumberText.significant($0) } ?? ""
  }

  private static func short(_ run: RunAnalysis) -> String {
    switch run.severity {
    case .failure?: "failed"
    case .warning?: "warning"
    default: run.run.source == .checkpointsOnly ? "no logs" : "ok"
    }
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }

  private static func right(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(1, width - text.count)) + text
  }
}
