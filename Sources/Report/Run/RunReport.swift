public import Analysis
internal import EventFile
public import JSON
internal import RunFolder

/// The report of one run, in every format.
///
/// The same analysis always gives the same bytes: there is no date of today in it, no locale and no random order.
public struct RunReport: Presentable {
  private let analysis: RunAnalysis
  private let options: ReportOptions
  private let checkpoints: CheckpointSection?
  private let values: ValueSection?

  /// The report of `analysis`, with sections on the run's checkpoints and on what its event files hold beside scalars
  /// where these are given.
  public init(
    _ analysis: RunAnalysis, checkpoints: CheckpointHistory? = nil, values: RunValues? = nil,
    options: ReportOptions = ReportOptions()
  ) {
    self.analysis = analysis
    self.options = options
    self.checkpoints = checkpoints.map(CheckpointSection.init)
    self.values = values.map { ValueSection($0, of: analysis, axis: options.scale) }
  }

  /// The files of the report's folder: `report.md`, the same as `report.html`, its pictures (`rewards.svg`, `loss.svg`,
  /// `metrics.svg`, …, `checkpoints-norms.svg`, …) and `report.json`.
  public var files: [ReportFile] {
    let pictures = pictures
    return pages(page(pictures)) + pictures.map(\.file) + (checkpoints?.pictures.map(\.file) ?? [])
      + (values?.pictures.map(\.file) ?? []) + (values?.media.map(\.file) ?? [])
      + [ReportFile(path: "report.json", value: value)]
  }

  /// The name of the run.
  public var title: String { analysis.run.name }

  /// The page, without its pictures with a chart in characters in their place.
  public func page(isIllustrated: Bool) -> Document { page(isIllustrated ? pictures : nil) }

  /// The page with `pictures`; nil for one without any.
  private func page(_ pictures: [Document.Picture]?) -> Document {
    RunPage(
      analysis, pictures: pictures ?? [], constants: wantedMetrics.filter(MetricsChart.isConstant),
      undrawnCount: isBare ? analysis.run.metrics.count - wantedMetrics.count : 0,
      chart: pictures == nil ? TextChart(analysis, axis: options.scale) : nil,
      checkpoints: checkpoints?.blocks(isIllustrated: pictures != nil) ?? [],
      values: values?.blocks(isIllustrated: pictures != nil)
    ).document
  }

  private var pictures: [Document.Picture] {
    var pictures: [Document.Picture] = []
    if let chart = RewardChart(analysis, axis: options.scale, width: options.picture.width) {
      pictures.append(
        .init(path: "rewards.svg", words: chart.words, svg: chart.document.text, data: chart.data))
    }
    if let chart = LossChart(analysis, axis: options.scale, look: options.picture) {
      let words = "Losses of the run: " + LossWords(analysis).subtitle
      let drawn = chart.illustration
      pictures.append(.init(path: "loss.svg", words: words, svg: drawn.svg, data: drawn.data))
    }
    for (index, chart) in metricCharts.enumerated() {
      let path = index == 0 ? "metrics.svg" : "metrics-\(index + 1).svg"
      let drawn = chart.illustration
      pictures.append(.init(path: path, words: chart.words, svg: drawn.svg, data: drawn.data))
    }
    return pictures
  }

  /// The picture of the losses as an SVG document; nil where the run has none.
  public var lossPicture: String? {
    LossChart(analysis, axis: options.scale, look: options.picture)?.document.text
  }

  /// The picture of the losses.
  public var picture: String? { lossPicture }

  /// The verdict, a chart in characters, the headline and the findings.
  public var summary: Document { RunSummary(analysis, axis: options.scale).document }

  /// The figures and findings.
  public var value: JSONValue { RunJSON(analysis, checkpoints: checkpoints, values: values).value }

  /// The findings as they stand in the JSON text.
  public var findings: [JSONValue] { RunJSON(analysis).value["findings"]?.array ?? [] }

  /// The same on one line, with a line feed at its end.
  public var jsonLine: String { value.text + "\n" }

  private var metricCharts: [MetricsChart] {
    MetricsChart.pages(wantedMetrics, of: analysis, axis: options.scale, width: options.picture.width)
  }

  /// The most metrics that are drawn where nobody asked for any.
  private static let bareLimit = 60

  /// Whether there is no loss to show and nothing was asked for.
  private var isBare: Bool {
    options.metricPatterns.isEmpty && analysis.loss == nil && analysis.evaluation == nil
  }

  /// The metrics that were asked for: those of all patterns, each once, in the order of the run; with no loss to show
  /// and nothing asked for, the first.
  private var wantedMetrics: [Metric] {
    if isBare { return Array(analysis.run.metrics.prefix(Self.bareLimit)) }
    let wanted = Set(options.metricPatterns.flatMap { analysis.run.metrics(matching: $0).map(\.tag) })
    return analysis.run.metrics.filter { wanted.contains($0.tag) }
  }
}
