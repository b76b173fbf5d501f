internal import Analysis
internal import Checkpoint
internal import JSON
internal import Weights

/// The section of a run's page about its checkpoints.
struct CheckpointSection {
  private let history: CheckpointHistory

  init(_ history: CheckpointHistory) { self.history = history }

  /// The pictures of all checkpoints and of the last two, with their files in the report's folder.
  var pictures: [Document.Picture] {
    let course = TypeNormChart(history).map {
      Document.Picture(path: "checkpoints-course.svg", words: $0.title, svg: $0.document.text)
    }
    return [course].compactMap(\.self)
      + (history.last.map { CheckpointReport.pictures(of: $0, prefix: "checkpoints-") } ?? [])
  }

  /// The section; empty without any checkpoint.
  ///
  /// - Parameter isIllustrated: whether it shows the pictures.
  func blocks(isIllustrated: Bool) -> [Document.Block] {
    guard !history.entries.isEmpty else { return [] }
    var blocks: [Document.Block] = [.section("Checkpoints"), .table(table)]
    guard let last = history.last else { return blocks }
    if last.comparison.isPair {
      let headline = CheckpointHeadline(last)
      let sentences = [headline.sentence, settled ?? headline.movement].compactMap(\.self)
      blocks.append(.paragraph(InlineText(sentences.joined(separator: " "))))
    }
    if let keep { blocks.append(.paragraph(InlineText(keep))) }
    if let averaging = history.averaging.flatMap(Self.words) {
      blocks.append(.paragraph(InlineText(averaging)))
    }
    if isIllustrated { blocks += pictures.map { .picture($0) } }
    blocks += CheckpointPage.groups(last).map(\.deeper)
    if !last.findings.isEmpty { blocks += CheckpointPage.findings(last).map(\.deeper) }
    return blocks
  }

  /// The section as Markdown, with a blank line behind it.
  func text(isIllustrated: Bool) -> String {
    history.entries.isEmpty ? "" : MarkdownWriter.text(blocks(isIllustrated: isIllustrated)) + "\n"
  }

  /// A row for each checkpoint.
  private var table: Table {
    let hasLoss = history.entries.contains { $0.training?.loss != nil }
    let hasEvaluation = history.entries.contains { $0.training?.evaluation != nil }
    let isAdapter = history.last?.comparison.modules.isEmpty == false
    var headers = ["Step"]
    if hasLoss { headers.append("Training loss") }
    if hasEvaluation { headers.append("Eval loss") }
    headers += [isAdapter ? "‖ΔW‖" : "‖W‖", "‖change‖", "Change", "Cosine", "Note"]
    var table = Table(headers, sides: headers.map { $0 == "Note" ? .left : .right })
    let best = history.best
    for (index, entry) in history.entries.enumerated() {
      var cells: [Table.Cell] = [.count(entry.step)]
      if hasLoss { cells.append(.figure(entry.training?.loss)) }
      if hasEvaluation {
        var cell = Table.Cell.figure(entry.training?.evaluation)
        if index == best { cell.text += " ★" }
        cells.append(cell)
      }
      cells += [
        .figure(entry.norm), .figure(entry.change?.norm), .percent(entry.change?.relative),
        .fixed(entry.change?.cosine, places: 4), Table.Cell(Self.note(entry)),
      ]
      table.add(cells)
    }
    return table
  }

  /// That the adapter has settled; nil where it has not.
  private var settled: String? {
    history.settled.map { steps in
      "The adapter has settled: from step \(NumberText.count(steps.lowerBound)) on, no save differs from the one before by more than \(NumberText.percent(CheckpointAnalysis.Thresholds.still)). A learning rate that has run down to 0 does that too."
    }
  }

  /// The checkpoint with the least evaluation loss, in words.
  private var keep: String? {
    guard history.entries.count > 1, let best = history.best else { return nil }
    let entry = history.entries[best]
    let isLast = best == history.entries.count - 1
    if let deciding = entry.training?.deciding {
      let tag = ForeignText.visible(deciding.objective.tag)
      return
        "Of these, keep step \(NumberText.count(entry.step)): its \(tag) \(NumberText.significant(deciding.value)) is the best\(isLast ? ", and it is the last." : "; later checkpoints are worse.")"
    }
    guard let value = entry.training?.evaluation else { return nil }
    return
      "Of these, keep step \(NumberText.count(entry.step)): its eval loss \(NumberText.significant(value)) is the lowest\(isLast ? ", and it is the last." : "; later checkpoints are worse.")"
  }

  /// Whether a mean of three saves is worth an evaluation, and why.
  private static func words(_ averaging: SaveAveraging) -> String {
    let steps = averaging.steps.map { NumberText.count($0) }
    let saves = "steps \(steps[0]), \(steps[1]) and \(steps[2])"
    let cosine = NumberText.fixed(averaging.cosine, places: 2)
    let share = NumberText.percent(averaging.share)
    let movement = averaging.isOfAdapter ? "‖ΔW‖" : "the training's whole movement"
    let untold = "Which of them does better only an evaluation tells."
    let how =
      averaging.isOfAdapter
      ? " The mean is one of the ΔW: averaging the factors A and B by themselves makes another." : ""
    switch averaging.verdict {
    case .same:
      return "A mean of \(saves) would hardly differ from the last of them (\(share) of \(movement))."
    case .scattering:
      return
        "A mean of \(saves) is worth an evaluation: the weights go back and forth there (cosine \(cosine) of one movement with the next), and the mean, \(share) of \(movement) from the last, lies nearer to what they scatter around. \(untold)\(how)"
    case .wandering:
      return
        "Nothing speaks for or against a mean of \(saves): the weights neither go one way nor come back there (cosine \(cosine) of one movement with the next; the mean is \(share) of \(movement) from the last)."
    case .travelling:
      return
        "A mean of \(saves) would fall behind: the weights still go one way there (cosine \(cosine) of one movement with the next), and the mean lies \(share) of \(movement) before the last."
    }
  }

  private static func note(_ entry: CheckpointHistory.Entry) -> String {
    if let problem = entry.problem { return problem }
    var notes: [String] = []
    if entry.nonFiniteCount > 0 {
      notes.append("\(NumberText.count(entry.nonFiniteCount)) values are not finite")
    }
    switch entry.change?.movement {
    case .identical: notes.append("same as the one before")
    case .still: notes.append("hardly moved")
    case .growing: notes.append("only grew")
    case .shrinking: notes.append("only shrank")
    case .moving, nil: break
    }
    if let norm = entry.change?.wholeNorm {
      notes.append("trained whole: ‖change‖ \(NumberText.significant(norm))")
    }
    if let type = entry.change?.concentration?.type { notes.append("most in \(type)") }
    return notes.joined(separator: ", ")
  }

  /// The figures under `averaging` in JSON: `steps`, `verdict`, `cosine`, `share`, `distances`, `movement`; null without three
  /// saves.
  var averagingJSON: JSONValue {
    guard let averaging = history.averaging else { return .null }
    return .object([
      "steps": .array(averaging.steps.map { .number($0) }),
      "verdict": .string(averaging.verdict.rawValue),
      "cosine": .number(averaging.cosine),
      "share": .number(averaging.share),
      "distances": .array(averaging.distances.map { .number($0) }),
      "movement": .number(averaging.movement),
    ])
  }

  /// The rows under `checkpoints` in the run's JSON: `step`, `path`, `train_loss`, `eval_loss`, `norm`, `type_norms`,
  /// `change_norm`, `relative_change`, `cosine`, `movement`, `non_finite`, `best`, `problem`.
  var json: JSONValue {
    let best = history.best
    return .array(history.entries.enumerated().map { index, entry in Self.row(entry, isBest: index == best) })
  }

  private static func row(_ entry: CheckpointHistory.Entry, isBest: Bool) -> JSONValue {
    func number(_ value: Double?) -> JSONValue { value.map { .number($0) } ?? .null }
    func text(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }
    return .object([
      "step": .number(entry.step),
      "path": .string(entry.path),
      "train_loss": number(entry.training?.loss),
      "eval_loss": number(entry.training?.evaluation),
      "norm": number(entry.norm),
      "type_norms": .object(entry.typeNorms.map { .init($0.type, .number($0.norm)) }),
      "change_norm": number(entry.change?.norm),
      "relative_change": number(entry.change?.relative),
      "cosine": number(entry.change?.cosine),
      "movement": text(entry.change?.movement?.rawValue),
      "non_finite": .number(entry.nonFiniteCount),
      "best": .bool(isBest),
      "problem": text(entry.problem),
    ])
  }
}
