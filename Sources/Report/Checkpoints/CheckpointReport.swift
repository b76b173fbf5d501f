public import Analysis
internal import JSON

/// One checkpoint, or the comparison of two, in each of the forms that a report has.
///
/// The same analysis always gives the same bytes.
public struct CheckpointReport: Sendable {
  /// What is reported.
  public let analysis: CheckpointAnalysis

  /// A report on `analysis`.
  public init(_ analysis: CheckpointAnalysis) { self.analysis = analysis }

  /// The files of the report's folder: `report.md`, its pictures (`norms.svg`, `layers.svg`, `spectrum.svg`) and
  /// `report.json`.
  public var files: [ReportFile] {
    let pictures = Self.pictures(of: analysis)
    let page = CheckpointPage(analysis, pictures: pictures.map(\.picture)).text
    return [ReportFile(path: "report.md", text: page)] + pictures.map(\.file)
      + [ReportFile(path: "report.json", text: json)]
  }

  /// The page by itself, without pictures.
  public var markdown: String { CheckpointPage(analysis, pictures: []).text }

  /// The figures as indented JSON, under the keys that `CheckpointJSON` documents.
  public var json: String { CheckpointJSON(analysis: analysis).value.indentedText }

  /// A screenful for a terminal.
  public func terminalText(_ style: TerminalStyle = TerminalStyle()) -> String {
    CheckpointTerminal(analysis, style: style).text
  }

  /// The pictures with their files, `prefix` before the names.
  static func pictures(
    of analysis: CheckpointAnalysis, prefix: String = ""
  ) -> [(picture: RunPage.Picture, file: ReportFile)] {
    var pictures: [(picture: RunPage.Picture, file: ReportFile)] = []
    func add(_ name: String, _ title: String, _ document: SVGDocument) {
      let path = prefix + name
      pictures.append((.init(path: path, words: title), ReportFile(path: path, text: document.text)))
    }
    if let chart = HeatMapChart(analysis) { add("norms.svg", chart.title, chart.document) }
    if let chart = LayerChangeChart(analysis) { add("layers.svg", chart.title, chart.document) }
    if let chart = SpectrumChart(analysis) { add("spectrum.svg", chart.title, chart.document) }
    return pictures
  }
}
