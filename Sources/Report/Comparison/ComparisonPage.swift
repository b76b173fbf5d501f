internal import Analysis
internal import EventFile
internal import RunFolder

/// The page of a comparison of runs.
struct ComparisonPage {
  let words: ComparisonWords
  let command: String
  let weights: WeightsSection?

  /// The page as Markdown.
  ///
  /// - Parameters:
  ///   - picture: the path of the picture as the page names it; nil for a page without one.
  ///   - isIllustrated: whether the pictures of the weights stand beside the page.
  func markdown(picture: String?, isIllustrated: Bool) -> String {
    let comparison = words.comparison
    let headline = Verdict.capitalised(words.headline)
    var text = "# \(MarkdownText.plain(words.title))\n\n**\(MarkdownText.plain(headline))**\n"
    if let picture {
      text += "\n![\(MarkdownText.plain(words.headline))](\(picture))\n"
    }
    if comparison.pairs.count > 1 {
      let overview = ComparisonOverview(words)
      let rows = overview.rows.map { $0.map(MarkdownText.plain) }
      text += "\n" + MarkdownTable(overview.headers, sides: overview.sides, rows: rows).text
    }
    for (index, pair) in comparison.pairs.enumerated() {
      if comparison.pairs.count > 1 {
        text +=
          "\n## \(MarkdownText.plain(words.names[index + 1]))\n\n"
          + "\(MarkdownText.plain(Verdict.capitalised(words.verdict(pair)))).\n"
      }
      text += self.pair(pair, level: comparison.pairs.count > 1 ? "###" : "##")
    }
    if let weights { text += "\n" + weights.text(isIllustrated: isIllustrated) }
    text += "\n## How this was computed\n\n" + method
    text += "\nRepeat it with\n\n```sh\n\(ForeignText.visible(command))\n```\n"
    return text
  }

  private func pair(_ pair: PairComparison, level: String) -> String {
    var text = "\n\(level) Configuration\n\n" + configuration(pair)
    text += "\n\(level) Metrics\n\n"
    text += "Aligned \(MarkdownText.plain(words.alignment(pair))).\n\n"
    if !pair.metrics.isEmpty {
      text +=
        MarkdownTable(
          ["metric", MarkdownText.plain(words.names[0]), "new", "Δ", "Δ %", "verdict"],
          sides: [.left, .right, .right, .right, .right, .left],
          rows: pair.metrics.map { words.cells($0).map(MarkdownText.plain) }
        ).text
    }
    let facts = words.facts(pair)
    if !facts.isEmpty {
      text += "\n\(level) Curves\n\n" + facts.map { "- \(MarkdownText.plain($0))\n" }.joined()
    }
    let notes = [words.pairing(pair), words.evaluationSets(pair)].compactMap { $0 }
    text += "\n" + notes.map { "- \(MarkdownText.plain($0))\n" }.joined()
    for (tags, which) in [(pair.onlyBase, "the baseline"), (pair.onlyNew, "the run")] where !tags.isEmpty {
      let shown = tags.prefix(20).map { MarkdownText.code($0) }.joined(separator: ", ")
      text += "- only in \(which): \(shown)\(tags.count > 20 ? " and \(tags.count - 20) more" : "")\n"
    }
    return text
  }

  private func configuration(_ pair: PairComparison) -> String {
    let hasSettings = !pair.new.configuration.isEmpty && !words.comparison.base.configuration.isEmpty
    guard hasSettings else { return "The files of at least one run tell no settings.\n" }
    let (shown, incidental) = words.settings(pair)
    var text = "No setting that matters differs.\n"
    if !shown.isEmpty {
      let rows = shown.prefix(60).map { difference in
        [
          (difference.weight == .decisive ? "**" : "") + MarkdownText.code(difference.name, inTable: true)
            + (difference.weight == .decisive ? "**" : ""),
          difference.base.map { MarkdownText.code(ForeignText.shortened($0, to: 80), inTable: true) } ?? "—",
          difference.new.map { MarkdownText.code(ForeignText.shortened($0, to: 80), inTable: true) } ?? "—",
          MarkdownText.plain(difference.source),
        ]
      }
      text =
        MarkdownTable(
          ["setting", MarkdownText.plain(words.names[0]), "new", "from"],
          sides: [.left, .left, .left, .left], rows: Array(rows)
        ).text
      if shown.count > 60 { text += "\nand \(shown.count - 60) more.\n" }
    }
    if !incidental.isEmpty {
      let names = incidental.prefix(12).map { MarkdownText.code($0.name) }.joined(separator: ", ")
      text += "\nDiffering by nature: \(names)\(incidental.count > 12 ? ", …" : "").\n"
    }
    return text
  }

  private func share(_ value: Double) -> String { NumberText.significant(100 * value, trimmed: true) + " %" }

  private var method: String {
    let options = words.comparison.options
    return """
      - Levels (`final`) are means over the last \(share(options.window)) of the points of the overlap, at \
      least 20; their standard errors allow for autocorrelation (effective sample size).
      - Paired runs are compared step by step, others by Welch's t with effective sample sizes of one \
      autocorrelation time; intervals are two-sided at \(share(options.confidence)).
      - *worse* and *better*: the one-sided bound of the difference is beyond 0, and the difference beyond \
      \(share(options.margin)) of the baseline's figure. *same*: the bound is within that margin, and the \
      data could have shown twice the margin. *inconclusive* otherwise, with the difference that this much data shows \
      in four cases of five.
      - Single evaluations are numbers without a known noise: they are compared as they stand. One training differs \
      from the next by its seed alone; several baselines (`ftreport calibrate`) tell by how much.

      """
  }
}
