public import Analysis
internal import Checkpoint
public import JSON
internal import Weights

/// One checkpoint, or the comparison of two, in each of the forms that a report has.
///
/// The same analysis always gives the same bytes.
public struct CheckpointReport: Presentable {
  /// What is reported.
  public let analysis: CheckpointAnalysis

  /// A report on `analysis`.
  public init(_ analysis: CheckpointAnalysis) { self.analysis = analysis }

  /// The files of the report's folder: `report.md`, `report.html`, its pictures (`norms.svg`, `changes.svg`, `layers.svg`,
  /// `spectrum.svg`) and
  /// `report.json`.
  public var files: [ReportFile] {
    let pictures = Self.pictures(of: analysis)
    return pages(CheckpointPage(analysis, pictures: pictures).document) + pictures.map(\.file)
      + [ReportFile(path: "report.json", value: value)]
  }

  /// The names of both sides.
  public var title: String {
    let labels = CheckpointLabels(analysis)
    return analysis.comparison.isPair ? "\(labels.before) and \(labels.after)" : labels.after
  }

  /// The page; the pictures are in it or missing.
  public func page(isIllustrated: Bool) -> Document {
    CheckpointPage(analysis, pictures: isIllustrated ? Self.pictures(of: analysis) : []).document
  }

  /// A screenful: the headline, the sums by type of module, the gravest findings.
  public var summary: Document { CheckpointPage.summary(analysis) }

  /// The norms by type of module and layer.
  public var picture: String? { HeatMapChart(analysis)?.document.text }

  /// The figures, as `docs/schema/ftreport.checkpoints.json` describes them.
  public var value: JSONValue { CheckpointJSON(analysis: analysis).value }

  /// The pictures, `prefix` before the names of their files.
  static func pictures(of analysis: CheckpointAnalysis, prefix: String = "") -> [Document.Picture] {
    var pictures: [Document.Picture] = []
    func add(_ name: String, _ title: String, _ document: SVGDocument) {
      pictures.append(.init(path: prefix + name, words: title, svg: document.text))
    }
    if let chart = HeatMapChart(analysis) { add("norms.svg", chart.title, chart.document) }
    if !analysis.comparison.modules.isEmpty, let chart = HeatMapChart(analysis, isOfChange: true) {
      add("changes.svg", chart.title, chart.document)
    }
    if let chart = LayerChangeChart(analysis) { add("layers.svg", chart.title, chart.document) }
    if let chart = SpectrumChart(analysis) { add("spectrum.svg", chart.title, chart.document) }
    return pictures
  }
}
