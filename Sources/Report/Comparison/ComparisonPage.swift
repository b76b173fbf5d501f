internal import Analysis
internal import EventFile
internal import RunFolder

/// The page of a comparison of runs.
struct ComparisonPage {
  let words: ComparisonWords
  let command: String
  let weights: WeightsSection?
  var values: ValueComparison?

  /// The page.
  ///
  /// - Parameters:
  ///   - picture: the picture; nil for a page without one.
  ///   - isIllustrated: whether the pictures of the weights stand in the page.
  func document(picture: Document.Picture?, isIllustrated: Bool) -> Document {
    let pairs = words.comparison.pairs
    var page = Document([
      .heading(level: 1, InlineText(words.title)),
      .paragraph(.strong(InlineText(Verdict.capitalised(words.headline))).toned(tone)),
    ])
    if let picture { page.add(.picture(picture)) }
    if pairs.count == 1 {
      page.add(pair(pairs[0]))
    } else {
      let overview = ComparisonOverview(words)
      page.add(.table(overview.table))
      if overview.hasOwnSpans { page.add(.bullets([ComparisonOverview.ownSpans])) }
      for (name, pair) in zip(words.names.dropFirst(), pairs) {
        let verdict = InlineText("\(Verdict.capitalised(words.verdict(pair))).")
        page.add([
          .section(InlineText(name)), .paragraph(verdict.toned(.init(words.overallVerdict(pair)))),
        ])
        page.add(self.pair(pair).map(\.deeper))
      }
    }
    if let weights { page.add(weights.blocks(isIllustrated: isIllustrated)) }
    if let values {
      page.add(ValueComparisonSection(comparison: values).blocks(isIllustrated: isIllustrated))
    }
    if pairs.contains(where: { !$0.isWithoutScalars(words.comparison.base) }) {
      page.add([.section("How this was computed"), .bullets(method)])
    }
    page.add([.paragraph("Repeat it with"), .code(command, language: "sh")])
    return page
  }

  private var tone: InlineText.Tone? {
    words.comparison.pairs.count == 1 ? .init(words.overallVerdict(words.comparison.pairs[0])) : nil
  }

  private func pair(_ pair: PairComparison) -> [Document.Block] {
    var blocks = [.section("Configuration")] + configuration(pair)
    if pair.isWithoutScalars(words.comparison.base) { return blocks }
    blocks += [.section("Metrics"), .paragraph("Aligned \(words.alignment(pair)).")]
    if !pair.metrics.isEmpty { blocks.append(.table(words.table(pair.metrics))) }
    let facts = words.facts(pair)
    if !facts.isEmpty { blocks += [.section("Curves"), .bullets(facts.map { InlineText($0) })] }
    return blocks + [.bullets(notes(pair))]
  }

  private func notes(_ pair: PairComparison) -> [InlineText] {
    var notes = [words.pairing(pair), words.evaluationSets(pair), words.selection(pair)].compactMap {
      $0.map { InlineText($0) }
    }
    for (tags, which) in [(pair.onlyBase, "the baseline"), (pair.onlyNew, "the run")] where !tags.isEmpty {
      let shown = tags.prefix(20).map { InlineText.code($0) }.joined(separator: ", ")
      notes.append("only in \(which): \(shown)\(tags.count > 20 ? " and \(tags.count - 20) more" : "")")
    }
    return notes
  }

  private func configuration(_ pair: PairComparison) -> [Document.Block] {
    let hasSettings = !pair.new.configuration.isEmpty && !words.comparison.base.configuration.isEmpty
    guard hasSettings else { return [.paragraph("The files of at least one run tell no settings.")] }
    let (shown, incidental) = words.settings(pair)
    var blocks: [Document.Block] = []
    if shown.isEmpty {
      blocks.append(.paragraph("No setting that matters differs."))
    } else {
      var table = Table(
        ["setting", words.names[0], "new", "from"], sides: [.left, .left, .left, .left])
      for difference in shown.prefix(60) { table.add(Self.cells(difference)) }
      blocks.append(.table(table))
      if shown.count > 60 { blocks.append(.paragraph("and \(shown.count - 60) more.")) }
    }
    if !incidental.isEmpty {
      let names = incidental.prefix(12).map { InlineText.code($0.name) }.joined(separator: ", ")
      blocks.append(
        .paragraph("Different between any two runs: \(names)\(incidental.count > 12 ? ", …" : "")."))
    }
    return blocks
  }

  private static func cells(_ difference: ConfigurationDifference) -> [Table.Cell] {
    func value(_ text: String?) -> Table.Cell {
      text.map { .code(ForeignText.shortened($0, to: 80)) } ?? "—"
    }
    let name = Table.Cell.code(difference.name)
    return [
      difference.weight == .decisive ? name.strong : name, value(difference.base), value(difference.new),
      Table.Cell(difference.source),
    ]
  }

  private func share(_ value: Double) -> String { NumberText.significant(100 * value, trimmed: true) + " %" }

  private var method: [InlineText] {
    let options = words.comparison.options
    return [
      "\(strong: "Mean at the end") (\(code: "final") of a gate) is the mean over the last \(share(options.window)) of the points of the overlap, at least 20; its standard error allows for autocorrelation (effective sample size). A report's final training loss is where the trend of these points ends, which a loss that still falls has only at its last point.",
      "Paired runs are compared step by step, others by Welch's t with effective sample sizes of one autocorrelation time; intervals are two-sided at \(share(options.confidence)).",
      "\(strong: "worse") and \(strong: "better"): the one-sided bound of the difference is beyond 0, and the difference beyond \(share(options.margin)) of the baseline's figure. \(strong: "same"): the bound is within that margin, and the data could have shown twice the margin. \(strong: "inconclusive") otherwise, with the difference that this much data shows in four cases of five.",
      "Average precisions (PR curves) are resampled from the counts between their thresholds, the examples of each run apart; of the same examples the interval would be narrower.",
      "Single evaluations are numbers without a known noise: they are compared as they stand. One training differs from the next by its seed alone; several baselines (\(code: "ftreport calibrate")) tell by how much.",
    ]
  }
}
