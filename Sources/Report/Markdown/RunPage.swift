internal import Analysis
internal import EventFile
internal import RunFolder

/// The page of one run.
struct RunPage {
  private let analysis: RunAnalysis
  private let pictures: [Picture]
  private let textChart: String?
  private let checkpoints: String

  /// A picture of the page.
  struct Picture {
    /// The path of its file relative to the page.
    var path: String
    /// What it shows, for those who cannot see it.
    var words: String
  }

  /// The page of `analysis` with links to `pictures`, or with `textChart` where there are no files to link to.
  ///
  /// - Parameter checkpoints: the section on the run's checkpoints.
  init(_ analysis: RunAnalysis, pictures: [Picture], textChart: String? = nil, checkpoints: String = "") {
    self.checkpoints = checkpoints
    self.analysis = analysis
    self.pictures = pictures
    self.textChart = textChart
  }

  /// The whole page.
  var text: String {
    let verdict = Verdict(analysis)
    var page = "# Training run \(MarkdownText.code(analysis.run.name))\n\n"
    page += "**\(verdict.label).** \(MarkdownText.plain(verdict.sentence))\n\n"
    page += headline
    for picture in pictures {
      page += "![\(MarkdownText.plain(picture.words))](\(MarkdownText.link(picture.path)))\n\n"
    }
    if let textChart { page += "```text\n\(textChart)```\n\n" }
    page += findings + evaluations + checkpoints + metrics + configuration
    page += DataQualitySection(analysis).text
    page += MethodSection(analysis).text
    return page
  }

  private var headline: String {
    var table = MarkdownTable(["Figure", "Value", "Note"], sides: [.left, .right, .left])
    for row in Headline(analysis).rows { table.add([row.name, row.value, MarkdownText.plain(row.note)]) }
    return table.isEmpty ? "" : table.text + "\n"
  }

  private var findings: String {
    guard !analysis.findings.isEmpty else {
      if analysis.run.source == .checkpointsOnly { return "" }
      return """
        ## Findings

        None. The run was searched for NaN and infinities, divergence, spikes, a dead gradient, overfitting, a plateau, \
        contradictions between its files, and damage.


        """
    }
    var text = "## Findings\n\n"
    for (index, finding) in analysis.findings.enumerated() {
      let words = FindingWords(finding)
      let name = Verdict.capitalised(FindingWords.name(of: finding.severity))
      text += "\(index + 1). **\(name): \(MarkdownText.plain(words.title)).**\n"
      text += "   \(MarkdownText.plain(words.paragraph))\n"
    }
    return text + "\n"
  }

  // MARK: Evaluations

  /// The most rows of the evaluation table.
  private static let evaluationLimit = 40

  private var evaluations: String {
    guard let evaluation = analysis.evaluation, !evaluation.rows.isEmpty else { return "" }
    let hasEpochs = evaluation.rows.contains { $0.epoch != nil }
    let hasLoss = evaluation.rows.contains { $0.trainLoss != nil }
    var headers = ["Step"]
    if hasEpochs { headers.append("Epoch") }
    if hasLoss { headers.append("Training loss") }
    headers += evaluation.columns.map { MarkdownText.code($0, inTable: true) }
    var table = MarkdownTable(headers, sides: headers.map { _ in .right })
    let shown = Self.chosen(evaluation.rows.count, limit: Self.evaluationLimit) {
      evaluation.rows[$0].step == evaluation.best?.step
    }
    for index in shown {
      let row = evaluation.rows[index]
      let isBest = row.step == evaluation.best?.step
      var cells = [NumberText.count(row.step)]
      if hasEpochs { cells.append(row.epoch.map { NumberText.fixed($0, places: 2) } ?? "") }
      if hasLoss { cells.append(row.trainLoss.map { NumberText.significant($0) } ?? "") }
      for (column, value) in row.values.enumerated() {
        let text = value.map { NumberText.significant($0) } ?? ""
        cells.append(column == 0 && isBest ? "**\(text)**" : text)
      }
      table.add(cells)
    }
    let more =
      shown.count < evaluation.series.count
      ? " \(shown.count) of \(NumberText.count(evaluation.series.count)) are shown." : ""
    return "## Evaluations\n\n\(table.text)\nThe best is in bold.\(more)\n\n"
  }

  /// Indices of at most `limit` of `count` rows: evenly spread, with the last and those that are wanted.
  static func chosen(_ count: Int, limit: Int, wanted: (Int) -> Bool) -> [Int] {
    guard count > limit else { return Array(0..<count) }
    let stride = (count + limit - 2) / (limit - 1)
    return (0..<count).filter { $0 % stride == 0 || $0 == count - 1 || wanted($0) }
  }

  // MARK: Metrics and configuration

  private static let metricLimit = 200

  private var metrics: String {
    guard !analysis.metrics.isEmpty else { return "" }
    var table = MarkdownTable(
      ["Metric", "Points", "First", "Last", "Least", "Greatest", "Mean", "Not finite"],
      sides: [.left, .right, .right, .right, .right, .right, .right, .right])
    func text(_ point: Point?) -> String { point.map { NumberText.significant($0.value) } ?? "" }
    for metric in analysis.metrics.prefix(Self.metricLimit) {
      table.add([
        MarkdownText.code(metric.tag, inTable: true), NumberText.count(metric.count), text(metric.first),
        text(metric.last), text(metric.least), text(metric.greatest), NumberText.significant(metric.mean),
        metric.nonFiniteCount == 0 ? "" : NumberText.count(metric.nonFiniteCount),
      ])
    }
    let rest = analysis.metrics.count - Self.metricLimit
    let more = rest > 0 ? "\nAnd \(NumberText.count(rest, "further metric")).\n" : ""
    return "## Metrics\n\n\(table.text)\(more)\n"
  }

  private static let settingLimit = 400

  private var configuration: String {
    let sections = (analysis.run.configuration + results).filter { !$0.settings.isEmpty }
    guard !sections.isEmpty else { return "" }
    var text = "## Configuration\n\n" + KeySettings(analysis.run.configuration).text
    for section in sections {
      var table = MarkdownTable(["Setting", "Value"], sides: [.left, .left])
      for setting in section.settings.prefix(Self.settingLimit) {
        let value = ForeignText.shortened(setting.value, to: 300)
        table.add([MarkdownText.code(setting.name, inTable: true), MarkdownText.code(value, inTable: true)])
      }
      let count = NumberText.count(section.settings.count, "setting")
      text += "<details>\n<summary>\(MarkupText.escaped(section.source)) (\(count))</summary>\n\n"
      text += table.text
      if section.settings.count > Self.settingLimit {
        text += "\nThe first \(Self.settingLimit) are shown.\n"
      }
      text += "\n</details>\n\n"
    }
    return text
  }

  private var results: [ConfigurationSection] {
    analysis.run.results.isEmpty
      ? []
      : [ConfigurationSection(source: "Results as the trainer wrote them", settings: analysis.run.results)]
  }
}
