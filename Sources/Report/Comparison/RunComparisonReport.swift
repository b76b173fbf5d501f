public import Analysis
internal import JSON

/// The report of a comparison of runs, in every format.
///
/// The same comparison always gives the same bytes.
public struct RunComparisonReport: Sendable {
  private let comparison: RunComparison
  private let command: String
  private let sections: [String]

  /// - Parameters:
  ///   - comparison: what was found.
  ///   - command: the command line that repeats the comparison.
  ///   - sections: Markdown of further sections, each with its heading, for example on the runs' checkpoints.
  public init(_ comparison: RunComparison, command: String, sections: [String] = []) {
    self.comparison = comparison
    self.command = command
    self.sections = sections
  }

  /// The files of the report's folder: `report.md`, `comparison.svg` where there is a loss to show, `report.json`.
  public var files: [ReportFile] {
    let picture = picture.map { ReportFile(path: "comparison.svg", text: $0) }
    let page = page.markdown(picture: picture?.path, sections: sections)
    return [ReportFile(path: "report.md", text: page)] + [picture].compactMap { $0 }
      + [ReportFile(path: "report.json", text: json)]
  }

  /// The page by itself, without a picture.
  public var markdown: String { page.markdown(picture: nil, sections: sections) }

  /// The overlay and the difference panel as an SVG document; nil where the runs have no loss in common.
  public var picture: String? { ComparisonChart(comparison)?.document.text }

  /// What a terminal shows; `location` is where the report was written.
  public func terminalText(_ style: TerminalStyle, location: String? = nil) -> String {
    let text = ComparisonTerminal.text(comparison, style: style)
    return location.map { text + "\nReport: \(ForeignText.visible($0))\n" } ?? text
  }

  /// All figures as JSON text, indented.
  public var json: String { ComparisonJSON.value(comparison).indentedText }

  /// What a notebook displays: one line of JSON with a member for each MIME type.
  public var mimeBundle: String {
    MIMEBundle(markdown: markdown, picture: picture, text: terminalText(TerminalStyle())).json
  }

  private var page: ComparisonPage { ComparisonPage(words: ComparisonWords(comparison), command: command) }
}
