import Report

/// What a report folder is written from: the report of one run, or of many.
protocol Presentation: Presentable {
  /// The files of the folder.
  var files: [ReportFile] { get }
  /// What a terminal shows; `location` is where the report was written.
  func terminalText(_ style: TerminalStyle, location: String?) -> String
}

extension RunReport: Presentation {}
extension OverviewReport: Presentation {}
extension RunComparisonReport: Presentation {}
extension SweepReport: Presentation {}
