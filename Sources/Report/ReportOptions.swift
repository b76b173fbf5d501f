public import JSON

/// What a report shows, beyond how its run was examined.
public struct ReportOptions: Equatable, Sendable {
  /// What the horizontal axes of the pictures count.
  public var axis: HorizontalAxis
  /// Whether horizontal axes of steps and epochs are logarithmic.
  public var isAxisLogarithmic = false
  /// The tags whose metrics get pictures of their own: globs, or known names such as `loss`.
  public var metricPatterns: [String]
  /// How the pictures of losses look.
  public var picture = PictureOptions()

  /// Options with the defaults of the command.
  public init(axis: HorizontalAxis = .step, metricPatterns: [String] = []) {
    self.axis = axis
    self.metricPatterns = metricPatterns
  }

  /// What the horizontal axes count, and how.
  var scale: HorizontalScale { HorizontalScale(axis: axis, isLogarithmic: isAxisLogarithmic) }
}

/// How the pictures of losses look, beyond their own choice.
public struct PictureOptions: Equatable, Sendable {
  /// The values at the foot and the head of the panel of losses; nil for those that fit.
  public var least: Double?, greatest: Double?
  /// The width in pixels.
  public var width: Double

  /// The usual look.
  public init(least: Double? = nil, greatest: Double? = nil, width: Double = 800) {
    self.least = least
    self.greatest = greatest
    self.width = width
  }

  /// `chart` with this look.
  func applied(to chart: StackedChart) -> StackedChart {
    var chart = chart
    chart.width = width
    guard !chart.rows.isEmpty, least != nil || greatest != nil else { return chart }
    let domain = chart.rows[0].domain
    let (low, high) = (least ?? domain.lowerBound, greatest ?? domain.upperBound)
    guard low < high else { return chart }
    chart.rows[0].domain = low...high
    if low <= 0 { chart.rows[0].kind = .linear }
    return chart
  }
}

/// A file of a report: where it belongs, and what it says.
public struct ReportFile: Equatable, Sendable {
  /// The path relative to the report's folder.
  public var path: String
  /// What stands in it.
  public var content: Content

  /// What a file holds.
  public enum Content: Equatable, Sendable {
    case text(String)
    /// Figures, whose text is made as it is written.
    case value(JSONValue)
    /// What is no text, such as a picture of the training's own.
    case bytes([UInt8])
  }

  /// The whole text; empty for a file that is none.
  public var text: String {
    switch content {
    case .text(let text): text
    case .value(let value): value.indentedText
    case .bytes: ""
    }
  }

  /// The bytes of a file that is no text; nil for a text.
  public var bytes: [UInt8]? {
    guard case .bytes(let bytes) = content else { return nil }
    return bytes
  }

  /// A text from its parts.
  public init(path: String, text: String) {
    self.path = path
    content = .text(text)
  }

  /// Figures as JSON from their parts.
  public init(path: String, value: JSONValue) {
    self.path = path
    content = .value(value)
  }

  /// A file that is no text from its parts.
  public init(path: String, bytes: [UInt8]) {
    self.path = path
    content = .bytes(bytes)
  }

  /// The same file in a folder.
  func within(_ folder: String) -> ReportFile {
    var file = self
    file.path = folder + "/" + path
    return file
  }
}

extension Presentable {
  /// The files of a folder of its own: `report.md`, the same as `report.html`, and `report.json`.
  public var reportFiles: [ReportFile] {
    pages(page(isIllustrated: true)) + [ReportFile(path: "report.json", value: value)]
  }

  /// A page as the two files that a folder has of it; `other` is the page as HTML where its links lead elsewhere.
  func pages(_ page: Document, html other: Document? = nil) -> [ReportFile] {
    [
      ReportFile(path: "report.md", text: MarkdownWriter.text(page)),
      ReportFile(path: "report.html", text: HTMLWriter.text(other ?? page, title: title)),
    ]
  }
}

extension Document.Picture {
  /// The file that the picture stands in.
  var file: ReportFile { ReportFile(path: path, text: svg) }
}

extension Document {
  /// The same summary, with a last line that says where the report was written, where it was.
  func with(location: String?) -> Document {
    guard let location else { return self }
    return Document(blocks + [.paragraph("Report: \(location)")])
  }
}
