import Report

/// What can be presented in every format of the command: the report of one run, or of many.
protocol Presentation {
  /// The files of the report's folder.
  var files: [ReportFile] { get }
  /// The page by itself.
  var markdown: String { get }
  /// Figures and findings.
  var json: String { get }
  /// What a notebook displays.
  var mimeBundle: String { get }
  /// What a terminal shows; `location` is where the report was written.
  func terminalText(_ style: TerminalStyle, location: String?) -> String
}

extension RunReport: Presentation {}
extension OverviewReport: Presentation {}
