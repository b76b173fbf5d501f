internal import Analysis

/// The part of a page that tells of groups and of what their settings explain.
struct SweepPage {
  let words: SweepWords
  private let tables: SweepTables

  init(_ sweep: SweepAnalysis) {
    words = SweepWords(sweep: sweep)
    tables = SweepTables(words: words)
  }

  private var groups: RunGroups { words.groups }

  /// The sections, with `pictures` of `SweepPictures`.
  func blocks(pictures: [Document.Picture]) -> [Document.Block] {
    var blocks: [Document.Block] = []
    if groups.hasRepeats || groups.groups.count < groups.runCount {
      blocks += [.section("Settings over seeds"), .table(tables.groupTable)]
      blocks.append(.paragraph(InlineText(groupNote)))
    }
    blocks += pictures.filter { $0.path == SweepPictures.bandPath }.map { .picture($0) }
    if let importance = words.sweep.importance {
      blocks += [.section("What the settings explain"), .table(tables.importanceTable(importance))]
      let notes = tables.importanceNotes(importance)
      if !notes.isEmpty { blocks.append(.bullets(notes)) }
      blocks.append(.paragraph(importanceNote(importance)))
    }
    blocks += pictures.filter { $0.path != SweepPictures.bandPath }.map { .picture($0) }
    return blocks
  }

  /// How a terminal sees it.
  func summary(limit: Int) -> [Document.Block] {
    var blocks: [Document.Block] = []
    if groups.hasRepeats || groups.groups.count < groups.runCount {
      blocks.append(.table(tables.shortTable(limit: limit)))
      let rest = groups.groups.count - limit
      if rest > 0 { blocks.append(.paragraph("And \(NumberText.count(rest, "further setting")).")) }
    }
    if let importance = words.sweep.importance {
      let shares = importance.settings.prefix(4).compactMap { share -> InlineText? in
        share.share.map {
          "\(groups.settings[share.setting].name) explains \(number: NumberText.percent($0))"
        }
      }
      if !shares.isEmpty {
        var text: InlineText = "Of the differences between runs " + shares.joined(separator: ", ")
        // Settings that do little by themselves may decide together.
        if let pair = importance.decidingPair {
          let names = pair.settings.map { groups.settings[$0].name }
          text += ", and \(names[0]) with \(names[1]) together \(number: NumberText.percent(pair.share)) more"
        }
        blocks.append(.paragraph(text + "."))
      }
    }
    return blocks
  }

  /// How the table of groups came about.
  private var groupNote: String {
    var text = "Each figure is the \(words.figureName) of one run; "
    if groups.seedNames.isEmpty {
      text += "runs of one row have the same settings"
    } else {
      var isGiven = false
      if case .by = groups.options.rule { isGiven = true }
      let names = groups.seedNames.prefix(4).map { ForeignText.visible($0) }.joined(separator: ", ")
      text += "runs of one row differ in \(names)\(isGiven ? "" : " alone")"
    }
    text += ", sd has n − 1 in the divisor."
    guard groups.groups.contains(where: { $0.effect != nil }) else { return text }
    let margin = NumberText.significant(100 * groups.options.margin, trimmed: true)
    let base = groups.options.isHeldAgainstFirst ? "the baseline" : "the best row"
    text +=
      " Rows are held against \(base) by Welch's test over the seeds, those with one seed by the spread of all rows;"
    text +=
      " a difference of up to \(margin) % counts as none, and the chance that any row is called worse or better"
    text +=
      " wrongly is at most \(NumberText.significant(100 * (1 - groups.options.confidence), trimmed: true)) %"
    return text + " (Bonferroni)."
  }

  private func importanceNote(_ importance: SettingImportance) -> InlineText {
    var text: InlineText =
      "“Explains” is Kelley's ε² over \(NumberText.count(importance.count, "run")): the share of the variance of the \(words.figureName) between the values of a setting, less what chance puts there; on a full grid the share of functional ANOVA. Where settings were not crossed, a share of one may belong to another."
    if importance.settings.contains(where: { $0.levels.contains { $0.first != $0.last } }) {
      text += " Numbers with many values were taken in ranges of as many runs each."
    }
    return text
  }
}
