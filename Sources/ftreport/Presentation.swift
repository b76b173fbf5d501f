import Report

/// What a report folder is written from: the report of one run, or of many.
protocol Presentation: Presentable {
  /// The number of parts that the files of the folder come in, none of which knows another: the page of a run is one.
  var partCount: Int { get }
  /// The files of a part of the folder.
  func files(ofPart part: Int) -> [ReportFile]
  /// What a terminal shows; `location` is where the report was written.
  func terminalText(_ style: TerminalStyle, location: String?) -> String
}

/// A presentation whose files all belong together.
protocol WholePresentation: Presentation {
  /// The files of the folder.
  var files: [ReportFile] { get }
}

extension WholePresentation {
  var partCount: Int { 1 }
  func files(ofPart part: Int) -> [ReportFile] { files }
}

extension RunReport: WholePresentation {}
extension OverviewReport: Presentation {}
extension RunComparisonReport: WholePresentation {}
extension SweepReport: WholePresentation {}
