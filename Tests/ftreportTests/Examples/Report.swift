import Report

/// The page of a run in every format that a report has.
func pages(of path: String) throws -> [PageFormat: String] {
  let run = try OpenedFolder(opening: path).runs[0]
  let report = RunReport(RunAnalysis(of: run))
  return Dictionary(uniqueKeysWithValues: PageFormat.allCases.map { ($0, report.text(in: $0)) })
}
