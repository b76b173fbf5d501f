internal import Analysis
internal import EventFile
internal import RunFolder

/// The page of many runs: a row a run, their pictures, and links to their own pages.
struct OverviewPage {
  private let runs: [RunAnalysis]
  private let overview: OverviewAnalysis
  private let sweep: SweepPage?
  private let names: [String]
  private let title: String
  private let problems: [String]
  private let sessions: HyperparameterTable?

  /// The page of `runs`, grouped by their settings where there is a `sweep`.
  ///
  /// - Parameters:
  ///   - names: what grouped runs are called, one each.
  ///   - problems: what could not be read and is of none of the runs.
  ///   - sessions: the sessions of a search among the runs.
  init(
    _ runs: [RunAnalysis], sweep: SweepAnalysis? = nil, names: [String] = [], title: String,
    problems: [String] = [], sessions: HyperparameterTable? = nil
  ) {
    self.runs = runs
    self.sessions = sessions
    overview = OverviewAnalysis(of: runs)
    self.sweep = sweep.map { SweepPage($0) }
    self.names = sweep == nil ? runs.map(\.run.name) : names
    self.title = title
    self.problems = problems
  }

  /// The sentence that the page opens with.
  var verdict: String {
    let failed = runs.count { $0.severity == .failure }
    let warned = runs.count { $0.severity == .warning }
    var parts: [String] = []
    if failed > 0 { parts.append("\(failed) failed") }
    if warned > 0 { parts.append("\(warned) with warnings") }
    let unlogged = runs.count { !$0.run.source.isLogged }
    for (source, words) in [
      (TrainingRun.Source.checkpointsOnly, "with checkpoints and no logs"),
      (.resultsOnly, "with results and no logs"), (.valuesOnly, "with other data and no scalars"),
    ] {
      let count = runs.count { $0.run.source == source }
      if count > 0 { parts.append("\(count) \(words)") }
    }
    let unjudged = runs.count { Verdict($0).brief == "not judged" }
    if unjudged > 0 { parts.append("\(unjudged) not judged") }
    // Runs that nobody could judge take nothing from the others' verdict, and are no part of it.
    if failed + warned == 0, unlogged + unjudged < runs.count {
      parts.insert(
        parts.isEmpty ? "no problem found" : "no problem found in \(runs.count - unlogged - unjudged)", at: 0)
    }
    if let sweep {
      return "\(sweep.words.verdict) \(Verdict.capitalised(parts.joined(separator: ", ")))."
    }
    var text = "\(NumberText.count(runs.count, "run")): \(parts.joined(separator: ", "))."
    if let obstacle = overview.ranking.obstacle {
      return text + " \(ComparabilityWords.unranked(obstacle)), so that none is called the best."
    }
    guard overview.ranking.isAlike else {
      return text + " They are judged by unlike metrics, so that none is called the best."
    }
    if let objective = overview.ranking.objective {
      guard let index = overview.ranking.bestByObjective, let best = runs[index].objective?.figure else {
        return text
      }
      let superlative = objective.direction == .higher ? "highest" : "lowest"
      text +=
        " The \(superlative) \(ForeignText.visible(objective.tag)) is \(NumberText.significant(best)), of \(names[index])."
    } else if let index = overview.ranking.bestByEvaluation, let best = overview.rows[index].bestEvaluation {
      text += " The lowest evaluation loss is \(NumberText.significant(best.value)), of \(names[index])."
    } else if let index = overview.ranking.bestByLoss, let final = overview.rows[index].finalLoss {
      text += " The lowest final training loss is \(NumberText.significant(final)), of \(names[index])."
    }
    return text
  }

  /// The whole page with `pictures`, those of the groups, and links to the page of each run (`pages`, one each; empty for
  /// none).
  func document(
    pictures: [Document.Picture], sweepPictures: [Document.Picture] = [], pages: [String]
  ) -> Document {
    var page = Document([
      .heading(level: 1, "Training runs of \(code: title)"), .paragraph(InlineText(verdict)),
    ])
    if let sweep {
      page.add(sweep.blocks(pictures: sweepPictures))
      page.add(.section("Runs"))
    }
    page.add([
      .table(table(pages: pages)),
      .paragraph(order),
    ])
    page.add(pictures.map { .picture($0) })
    page.add(findings + hyperparameters + settings + unread)
    return page
  }

  /// The most files and folders that are listed as not read.
  private static let problemLimit = 50

  /// What was not read and is of none of the runs.
  private var unread: [Document.Block] {
    guard !problems.isEmpty else { return [] }
    var lines = problems.prefix(Self.problemLimit).map { InlineText($0) }
    let rest = problems.count - lines.count
    if rest > 0 { lines.append("and \(NumberText.count(rest)) more") }
    return [.section("What was not read"), .bullets(lines)]
  }

  /// What the rows are ordered by.
  private var order: InlineText {
    if overview.ranking.obstacle != nil {
      return
        "Ordered by their own figures, which are not of the same things: a run above another is not better."
    }
    if let objective = overview.ranking.objective {
      return "Ordered by \(code: objective.tag), \(ObjectiveWords(objective).reason); the best in bold."
    }
    guard overview.ranking.isAlike else {
      return "Ordered by their own figures, which are of unlike metrics: a run above another is not better."
    }
    return "Ordered by the best evaluation loss, else by the final training loss; the lowest of each in bold."
  }

  private func table(pages: [String]) -> Table {
    let hasEvaluation = overview.rows.contains { $0.bestEvaluation != nil }
    let objective = overview.ranking.objective
    var columns: [Table.Column] = [.init("Run"), .init("Verdict")]
    columns[1].isOnOneLine = true
    if let objective { columns.append(.init(.code(objective.tag), .right)) }
    var headers = ["Final training loss"]
    if hasEvaluation { headers += ["Best evaluation loss", "at step", "Last evaluation loss"] }
    headers += ["Steps", "Epochs", "Time"]
    var table = Table(columns + headers.map { .init(InlineText($0), .right) })
    for index in overview.ranking.order {
      let row = overview.rows[index]
      let name = InlineText.code(names[index])
      var cells = [
        Table.Cell(pages.isEmpty ? name : .link(name, to: pages[index])),
        Table.Cell(InlineText(Verdict(runs[index]).label).toned(.init(row.severity))),
      ]
      if objective != nil {
        let figure = Table.Cell.significant(runs[index].objective?.figure)
        cells.append(index == overview.ranking.bestByObjective ? figure.strong : figure)
      }
      let final = OverviewWords.final(row)
      cells.append(index == overview.ranking.bestByLoss ? final.strong : final)
      if hasEvaluation {
        let best = Table.Cell.significant(row.bestEvaluation?.value)
        cells += [
          index == overview.ranking.bestByEvaluation ? best.strong : best,
          row.bestEvaluation.map { .count($0.step) } ?? "", .significant(row.lastEvaluation?.value),
        ]
      }
      let planned = row.plannedSteps.map { $0 == row.lastStep ? "" : " of \(NumberText.count($0))" } ?? ""
      cells += [
        row.lastStep.map { Table.Cell(NumberText.count($0) + planned, value: Double($0)) } ?? "",
        row.epochs.map { Table.Cell(NumberText.significant($0, digits: 3), value: $0) } ?? "",
        row.duration.map { Table.Cell(QuantityText.duration($0), value: $0) } ?? "",
      ]
      table.add(cells)
    }
    return table
  }

  private var findings: [Document.Block] {
    let items: [InlineText] = overview.ranking.order.compactMap { index in
      let grave = runs[index].findings.filter { $0.severity >= .warning }
      guard !grave.isEmpty else { return nil }
      let titles = grave.prefix(3).map { FindingWords($0).title }.joined(separator: "; ")
      return "\(code: names[index]): \(titles)\(grave.count > 3 ? "; and \(grave.count - 3) more" : "")"
    }
    return items.isEmpty ? [] : [.section("Findings"), .bullets(items)]
  }

  private var hyperparameters: [Document.Block] {
    guard let sessions else { return [] }
    return [.section("Hyperparameters")] + HyperparameterSection(table: sessions, names: names).blocks
  }

  private var settings: [Document.Block] {
    guard !overview.settings.isEmpty else { return [] }
    var table = Table([.init("Run")] + overview.settings.map { .init(.code($0), .right) })
    for index in overview.ranking.order {
      let values = overview.rows[index].settings.map { value in
        value.map { Table.Cell.code(ForeignText.shortened($0, to: 60)) } ?? ""
      }
      table.add([.code(names[index])] + values)
    }
    return [.section("Settings that differ"), .table(table)]
  }
}

/// What the page and the summary of many runs say alike.
enum OverviewWords {
  /// The level that a run's training loss ended at.
  static func final(_ row: OverviewAnalysis.Row) -> Table.Cell {
    if let final = row.final, row.finalLoss?.isFinite == true {
      return Table.Cell(NumberText.interval(final.level, halfWidth: final.halfWidth), value: final.level)
    }
    return .significant(row.finalLoss)
  }
}
