internal import Analysis
internal import EventFile
internal import RunFolder

/// The page of one run.
struct RunPage {
  private let analysis: RunAnalysis
  private let pictures: [Document.Picture]
  private let chart: TextChart?
  private let checkpoints: [Document.Block]
  private let constants: [Metric]
  private let undrawnCount: Int
  private let values: [Document.Block]?

  /// The page of `analysis` with `pictures`, or with `chart` where there is no place for pictures.
  ///
  /// - Parameters:
  ///   - constants: metrics that were asked for and have one value: a sentence, no picture.
  ///   - undrawnCount: how many metrics are not drawn for their number.
  ///   - checkpoints: the section on the run's checkpoints.
  ///   - values: the sections on what the event files hold beside scalars; nil where nobody read it.
  init(
    _ analysis: RunAnalysis, pictures: [Document.Picture], constants: [Metric] = [],
    undrawnCount: Int = 0, chart: TextChart? = nil, checkpoints: [Document.Block] = [],
    values: [Document.Block]? = nil
  ) {
    self.checkpoints = checkpoints
    self.constants = constants
    self.undrawnCount = undrawnCount
    self.values = values
    self.analysis = analysis
    self.pictures = pictures
    self.chart = chart
  }

  /// The whole page.
  var document: Document {
    var page = Document([.heading(level: 1, "Training run \(code: analysis.run.name)"), .paragraph(verdict)])
    page.add(Headline(analysis).table)
    page.add(pictures.map { .picture($0) })
    if let chart { page.add(.chart(chart)) }
    if !constants.isEmpty {
      let each = constants.map { metric -> InlineText in
        "\(code: metric.tag) is \(NumberText.significant(metric.series.values.first ?? .nan))"
      }
      page.add(.paragraph("The same at every point: " + each.joined(separator: ", ") + "."))
    }
    if undrawnCount > 0 {
      let drawn = NumberText.count(analysis.run.metrics.count - undrawnCount)
      page.add(
        .paragraph("The first \(drawn) of \(NumberText.count(analysis.run.metrics.count)) metrics are drawn.")
      )
    }
    page.add(findings + evaluations + checkpoints + (values ?? []) + metrics + configuration)
    page.add(DataQualitySection(analysis, hasValues: values != nil).blocks + MethodSection(analysis).blocks)
    return page
  }

  private var verdict: InlineText {
    let verdict = Verdict(analysis)
    let label = InlineText.strong("\(verdict.label).").toned(.init(verdict.severity))
    return "\(label) \(verdict.sentence)"
  }

  private var findings: [Document.Block] {
    guard !analysis.findings.isEmpty else {
      if !analysis.run.source.isLogged { return [] }
      return [.section("Findings"), .paragraph("None.")] + searched
    }
    let items = analysis.findings.map { finding in
      let words = FindingWords(finding)
      let title = "\(Verdict.capitalised(finding.severity.name)): \(words.title)."
      var item = Document.Item(
        InlineText.strong(InlineText(title)).toned(finding.severity > .note ? .init(finding.severity) : nil),
        InlineText(words.paragraph))
      item.place = place(of: finding)
      return item
    }
    return [.section("Findings"), .list(isNumbered: true, items)] + searched
  }

  /// The steps of a finding, in the picture of the losses; nil where that is not about them.
  private func place(of finding: Finding) -> Document.Place? {
    guard let step = finding.step, let picture = pictures.first(where: { $0.path == "loss.svg" }) else {
      return nil
    }
    return Document.Place(picture: picture.name, steps: step...max(finding.lastStep ?? step, step))
  }

  /// What was searched for, and what could not be and why.
  private var searched: [Document.Block] {
    var sentences: [String] = []
    if let objective = analysis.objective?.objective {
      sentences.append("The run is \(ObjectiveWords(objective).sentence).")
    }
    let done = analysis.searches.filter { $0.obstacle == nil }.map { SearchWords.name($0.kind) }
    if !done.isEmpty { sentences.append("It was searched for \(done.joined(separator: ", ")).") }
    let obstacles = SearchWords.obstacles(analysis.searches)
    if !obstacles.isEmpty {
      sentences.append("It could not be searched for \(obstacles.joined(separator: "; ")).")
    }
    return sentences.isEmpty ? [] : [.paragraph(InlineText(sentences.joined(separator: " ")))]
  }

  // MARK: Evaluations

  /// The most rows of the evaluation table.
  private static let evaluationLimit = 40

  private var evaluations: [Document.Block] {
    guard let evaluation = analysis.evaluation, !evaluation.rows.isEmpty else { return [] }
    let hasEpochs = evaluation.rows.contains { $0.epoch != nil }
    let hasLoss = evaluation.rows.contains { $0.trainLoss != nil }
    var columns: [Table.Column] = [.init("Step", .right)]
    if hasEpochs { columns.append(.init("Epoch", .right)) }
    if hasLoss { columns.append(.init("Training loss", .right)) }
    // How long an evaluation took stands among all metrics.
    let kept = evaluation.columns.indices.filter { index in
      !["runtime", "per_second"].contains { evaluation.columns[index].contains($0) }
    }
    columns += kept.map { .init(.code(evaluation.columns[$0]), .right) }
    var table = Table(columns)
    // The best is that of what decides, where the table has it.
    let deciding = analysis.objective.flatMap { course in
      evaluation.columns.firstIndex(of: course.objective.tag).map { (column: $0, step: course.best?.step) }
    }
    let best = deciding ?? (column: 0, step: evaluation.best?.step)
    let shown = Self.chosen(evaluation.rows.count, limit: Self.evaluationLimit) {
      evaluation.rows[$0].step == best.step
    }
    for index in shown {
      let row = evaluation.rows[index]
      let isBest = row.step == best.step
      var cells: [Table.Cell] = [.count(row.step)]
      if hasEpochs {
        cells.append(row.epoch.map { Table.Cell(NumberText.fixed($0, places: 2), value: $0) } ?? "")
      }
      if hasLoss { cells.append(.significant(row.trainLoss)) }
      for column in kept {
        let value = row.values[column]
        cells.append(
          column == best.column && isBest ? Table.Cell.significant(value).strong : .significant(value))
      }
      table.add(cells)
    }
    let name: InlineText = best.column == 0 ? "" : " \(code: evaluation.columns[best.column])"
    let more =
      shown.count < evaluation.series.count
      ? " \(shown.count) of \(NumberText.count(evaluation.series.count)) are shown." : ""
    return [.section("Evaluations"), .table(table), .paragraph("The best\(name) is in bold.\(more)")]
  }

  /// Indices of at most `limit` of `count` rows: evenly spread, with the last and those that are wanted.
  static func chosen(_ count: Int, limit: Int, wanted: (Int) -> Bool) -> [Int] {
    guard count > limit else { return Array(0..<count) }
    let stride = (count + limit - 2) / (limit - 1)
    return (0..<count).filter { $0 % stride == 0 || $0 == count - 1 || wanted($0) }
  }

  // MARK: Metrics and configuration

  private static let metricLimit = 200

  private var metrics: [Document.Block] {
    guard !analysis.metrics.isEmpty else { return [] }
    var table = Table(
      ["Metric", "Points", "First", "Last", "Least", "Greatest", "Mean", "Not finite"],
      sides: [.left, .right, .right, .right, .right, .right, .right, .right])
    for metric in analysis.metrics.prefix(Self.metricLimit) {
      table.add([
        .code(metric.tag), .count(metric.count), .significant(metric.first.value),
        .significant(metric.last.value), .significant(metric.least?.value),
        .significant(metric.greatest?.value), .significant(metric.mean),
        metric.nonFiniteCount == 0 ? "" : .count(metric.nonFiniteCount),
      ])
    }
    return [
      .fold(
        summary: "All \(NumberText.count(analysis.metrics.count, "metric"))",
        [.table(table)] + DataQualitySection.further(analysis.metrics.count - table.rows.count, "metric"))
    ]
  }

  private static let settingLimit = 400

  private var configuration: [Document.Block] {
    let sections = (analysis.run.configuration + results).filter { !$0.settings.isEmpty }
    guard !sections.isEmpty else { return [] }
    let key = KeySettings(analysis.run.configuration).table
    return [.section("Configuration")] + (key.isEmpty ? [] : [.table(key)]) + sections.map(Self.fold)
  }

  private static func fold(_ section: ConfigurationSection) -> Document.Block {
    let rows = section.settings.prefix(settingLimit).map { setting in
      [Table.Cell.code(setting.name), .code(ForeignText.shortened(setting.value, to: 300))]
    }
    var blocks: [Document.Block] = [
      .table(.facts(["Setting", "Value"], sides: [.left, .left], rows: rows))
    ]
    if section.settings.count > settingLimit {
      blocks.append(.paragraph("The first \(settingLimit) are shown."))
    }
    let count = NumberText.count(section.settings.count, "setting")
    return .fold(summary: "\(section.source) (\(count))", blocks)
  }

  private var results: [ConfigurationSection] {
    analysis.run.results.isEmpty
      ? []
      : [ConfigurationSection(source: "Results as the trainer wrote them", settings: analysis.run.results)]
  }
}
