internal import Analysis
internal import RunFolder

/// A comparison of runs at a glance: of two in detail, of many as one table.
struct ComparisonSummary {
  let words: ComparisonWords
  let weights: WeightsSection?
  var values: ValueComparison?

  /// The summary.
  var document: Document {
    let pairs = words.comparison.pairs
    let headline = InlineText(Verdict.capitalised(words.headline))
    var summary = Document([
      .heading(level: 1, InlineText(words.title)),
      .paragraph(headline.toned(pairs.count == 1 ? .init(words.overallVerdict(pairs[0])) : nil)),
    ])
    var sentences: [InlineText] = []
    if pairs.count == 1 {
      sentences = detail(pairs[0], in: &summary)
    } else {
      let overview = ComparisonOverview(words)
      summary.add(.table(overview.table))
      if overview.hasOwnSpans { sentences.append(ComparisonOverview.ownSpans) }
      sentences += ["the page shows each run beside the baseline in detail"]
    }
    sentences += (weights?.sentences ?? []).map { InlineText($0) }
    summary.add(.bullets(sentences))
    return summary
  }

  /// Adds settings and metrics of the one pair; what is said below them.
  private func detail(_ pair: PairComparison, in summary: inout Document) -> [InlineText] {
    let (shown, incidental) = words.settings(pair)
    var settings: [InlineText] = shown.prefix(12).map { difference in
      let values = [difference.base, difference.new].map { value in
        value.map { ForeignText.shortened($0, to: 40) } ?? "—"
      }
      return "\(difference.name): \(values[0]) → \(values[1])"
    }
    let others = shown.count - settings.count + incidental.count
    if others > 0 {
      settings.append(
        "\(NumberText.count(others, "further setting")) \(others == 1 ? "differs" : "differ"), of little consequence"
      )
    }
    if !settings.isEmpty { summary.add(.bullets(settings)) }

    if pair.isWithoutScalars(words.comparison.base) {
      if let values {
        summary.add(ValueComparisonSection(comparison: values).blocks(isIllustrated: false))
      }
      return []
    }
    // Run times and counters differ between any two runs; they stand on the page.
    let isSelected = !words.comparison.options.metrics.isEmpty
    let metrics = pair.metrics.filter { isSelected || !$0.isIncidental }
    summary.add(words.table(metrics))
    var sentences: [InlineText] = []
    if pair.metrics.isEmpty { sentences.append("no metric in common") }
    let hidden = pair.metrics.count - metrics.count
    if hidden > 0 {
      sentences.append("\(NumberText.count(hidden, "metric")) of time and throughput stand on the page")
    }
    sentences += words.facts(pair).map { InlineText($0) }
    return sentences
      + [
        "aligned \(words.alignment(pair))", words.pairing(pair), words.evaluationSets(pair),
        words.selection(pair),
      ]
      .compactMap { $0.map { InlineText($0) } }
  }
}
