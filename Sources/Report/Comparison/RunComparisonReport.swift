public import Analysis
public import JSON

/// The report of a comparison of runs, in every format.
///
/// The same comparison always gives the same bytes.
public struct RunComparisonReport: Presentable {
  private let comparison: RunComparison
  private let command: String
  private let weights: CheckpointAnalysis?
  private let values: ValueComparison?
  private let look: PictureOptions

  /// - Parameters:
  ///   - comparison: what was found.
  ///   - command: the command line that repeats the comparison.
  ///   - weights: the comparison of the last weights of two runs, where both have some.
  ///   - values: the comparison of what two runs' event files hold beside scalars.
  ///   - look: how the picture of the losses looks.
  public init(
    _ comparison: RunComparison, command: String, weights: CheckpointAnalysis? = nil,
    values: ValueComparison? = nil, look: PictureOptions = PictureOptions()
  ) {
    self.comparison = comparison
    self.command = command
    self.weights = weights
    self.values = values
    self.look = look
  }

  /// The files of the report's folder: `report.md`, `report.html`, `comparison.svg` where there is a loss to show, `weights-*.svg`
  /// where there are weights, `report.json`.
  public var files: [ReportFile] {
    pages(page(isIllustrated: true))
      + ([illustration].compactMap { $0 } + (section?.pictures ?? [])).map(\.file)
      + (values.map { ValueComparisonSection(comparison: $0).media.map(\.file) } ?? [])
      + [ReportFile(path: "report.json", value: value)]
  }

  /// Which run is held against which.
  public var title: String { ComparisonWords(comparison).title }

  /// The page.
  public func page(isIllustrated: Bool) -> Document {
    ComparisonPage(words: ComparisonWords(comparison), command: command, weights: section, values: values)
      .document(picture: isIllustrated ? illustration : nil, isIllustrated: isIllustrated)
  }

  /// The overlay and the difference panel as an SVG document; nil where the runs have no loss in common.
  public var picture: String? { ComparisonChart(comparison, look: look)?.document.text }

  /// Of two runs what differs, of many one table.
  public var summary: Document {
    ComparisonSummary(words: ComparisonWords(comparison), weights: section, values: values).document
  }

  /// All figures.
  public var value: JSONValue { ComparisonJSON.value(comparison, weights: weights, values: values) }

  private var section: WeightsSection? { weights.map(WeightsSection.init) }

  private var illustration: Document.Picture? {
    ComparisonChart(comparison, look: look).map { chart in
      Document.Picture(
        path: "comparison.svg", words: ComparisonWords(comparison).headline, svg: chart.document.text,
        data: chart.chart.data())
    }
  }
}
