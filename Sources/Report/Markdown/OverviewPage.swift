internal import Analysis
internal import EventFile
internal import RunFolder

/// The page of many runs: a row a run, their pictures, and links to their own pages.
struct OverviewPage {
  private let runs: [RunAnalysis]
  private let overview: OverviewAnalysis
  private let names: [String]
  private let title: String

  /// The page of `runs`.
  init(_ runs: [RunAnalysis], title: String) {
    self.runs = runs
    overview = OverviewAnalysis(of: runs)
    names = runs.map(\.run.name)
    self.title = title
  }

  /// The sentence that the page opens with.
  var verdict: String {
    let failed = runs.count { $0.severity == .failure }
    let warned = runs.count { $0.severity == .warning }
    var parts: [String] = []
    if failed > 0 { parts.append("\(failed) failed") }
    if warned > 0 { parts.append("\(warned) with warnings") }
    let unlogged = runs.count { $0.run.source == .checkpointsOnly }
    if unlogged > 0 { parts.append("\(unlogged) with checkpoints and no logs") }
    let state = parts.isEmpty ? "no problem found" : parts.joined(separator: ", ")
    var text = "\(NumberText.count(runs.count, "run")): \(state)."
    if let index = overview.bestByEvaluation, let best = overview.rows[index].bestEvaluation {
      text += " The lowest evaluation loss is \(NumberText.significant(best.value)), of \(names[index])."
    } else if let index = overview.bestByLoss, let final = overview.rows[index].final {
      text += " The lowest final training loss is \(NumberText.significant(final.mean)), of \(names[index])."
    }
    return text
  }

  /// The whole page, with links to `pictures` and to the page of each run (`pages`, one each; empty for none), or with
  /// `textCharts` where there are no files.
  func text(pictures: [RunPage.Picture], pages: [String]) -> String {
    var page = "# Training runs of \(MarkdownText.code(title))\n\n\(MarkdownText.plain(verdict))\n\n"
    page += table(pages: pages) + "\n"
    page +=
      "Ordered by the best evaluation loss, else by the final training loss; the lowest of each in bold.\n\n"
    for picture in pictures {
      page += "![\(MarkdownText.plain(picture.words))](\(MarkdownText.link(picture.path)))\n\n"
    }
    return page + findings + settings
  }

  /// The rows in the order of the ranks.
  private var order: [Int] {
    let ranks = OverlayChart.ranks(runs)
    return runs.indices.sorted { ranks[$0] < ranks[$1] }
  }

  private func table(pages: [String]) -> String {
    let hasEvaluation = overview.rows.contains { $0.bestEvaluation != nil }
    var headers = ["Run", "Verdict", "Final training loss"]
    var sides: [MarkdownTable.Side] = [.left, .left, .right]
    if hasEvaluation {
      headers += ["Best evaluation", "at step", "Last evaluation"]
      sides += [.right, .right, .right]
    }
    headers += ["Steps", "Epochs", "Time"]
    sides += [.right, .right, .right]
    var table = MarkdownTable(headers, sides: sides)
    for index in order {
      let row = overview.rows[index]
      let name = MarkdownText.code(names[index], inTable: true)
      var cells = [
        pages.isEmpty ? name : "[\(name)](\(MarkdownText.link(pages[index])))", Verdict(runs[index]).label,
      ]
      let isFiltered = runs[index].findings.contains { $0.kind == .filteredNaN }
      let final = isFiltered ? "NaN" : row.final.map(Self.level) ?? Self.last(runs[index])
      cells.append(index == overview.bestByLoss ? "**\(final)**" : final)
      if hasEvaluation {
        let best = row.bestEvaluation.map { NumberText.significant($0.value) } ?? ""
        cells.append(index == overview.bestByEvaluation ? "**\(best)**" : best)
        cells.append(row.bestEvaluation.map { NumberText.count($0.step) } ?? "")
        cells.append(row.lastEvaluation.map { NumberText.significant($0.value) } ?? "")
      }
      let planned = row.plannedSteps.map { $0 == row.lastStep ? "" : " of \(NumberText.count($0))" } ?? ""
      cells.append(row.lastStep.map { NumberText.count($0) + planned } ?? "")
      cells.append(row.epochs.map { NumberText.significant($0, digits: 3) } ?? "")
      cells.append(row.duration.map(QuantityText.duration) ?? "")
      table.add(cells)
    }
    return table.text
  }

  private static func level(_ final: WindowLevel) -> String {
    NumberText.interval(final.mean, halfWidth: (final.interval.upperBound - final.interval.lowerBound) / 2)
  }

  private static func last(_ run: RunAnalysis) -> String {
    run.loss?.series.values.last.map { NumberText.significant($0) } ?? ""
  }

  private var findings: String {
    var text = ""
    for index in order {
      let grave = runs[index].findings.filter { $0.severity >= .warning }
      guard !grave.isEmpty else { continue }
      text += "- \(MarkdownText.code(names[index])): "
      text += grave.prefix(3).map { MarkdownText.plain(FindingWords($0).title) }.joined(separator: "; ")
      text += grave.count > 3 ? "; and \(grave.count - 3) more\n" : "\n"
    }
    return text.isEmpty ? "" : "## Findings\n\n\(text)\n"
  }

  private var settings: String {
    guard !overview.settings.isEmpty else { return "" }
    var table = MarkdownTable(
      ["Run"] + overview.settings.map { MarkdownText.code($0, inTable: true) },
      sides: [.left] + overview.settings.map { _ in .right })
    for index in order {
      table.add(
        [MarkdownText.code(names[index], inTable: true)]
          + overview.rows[index].settings.map {
            $0.map { MarkdownText.code(ForeignText.shortened($0, to: 60), inTable: true) } ?? ""
          })
    }
    return "## Settings that differ\n\n\(table.text)\n"
  }
}
