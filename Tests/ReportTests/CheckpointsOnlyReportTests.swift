import Analysis
import JSON
import RunFolder
import Testing

@testable import Report

/// Reports of runs that left checkpoints and no logs.
struct CheckpointsOnlyReportTests {
  private let analysis: RunAnalysis

  init() {
    var run = TrainingRun(name: "zero3", path: "out/zero3", source: .checkpointsOnly)
    run.checkpoints = [2, 4].map { CheckpointFolder(step: $0, path: "out/zero3/global_step\($0)") }
    run.configuration = [
      ConfigurationSection(
        source: "ds_config", settings: [.init(name: "zero_optimization.stage", value: "3")]),
      ConfigurationSection(
        source: "launch", settings: [.init(name: "framework", value: "DeepSpeed ZeRO-3 over 2 processes")]),
    ]
    analysis = RunAnalysis(of: run)
  }

  private let sentence = "There are checkpoints, but no logs: nothing can be said of the loss."

  @Test func `the page says that there are no logs, and judges nothing`() {
    let page = RunReport(analysis).markdown.split(separator: " ").joined(separator: " ")
    #expect(page.contains("**No logs.** \(sentence)"))
    #expect(page.contains("| Framework | DeepSpeed ZeRO-3 over 2 processes |"))
    #expect(page.contains("| Checkpoints | 2 | steps 2 to 4 |"))
    #expect(!page.contains("No problem found") && !page.contains("## Findings"))
    #expect(!page.contains("every point is drawn"))
    #expect(RunReport(analysis).files.map(\.path) == ["report.md", "report.html", "report.json"])
  }

  @Test func `the terminal and the JSON say it too`() throws {
    let report = RunReport(analysis)
    #expect(report.terminalText(TerminalStyle()).contains("No logs. \(sentence)"))
    let json = try JSONValue(parsing: report.json)
    #expect(json["source"]?.string == "checkpoints")
    #expect(json["verdict"]?["label"]?.string == "No logs")
    #expect(json["checkpoints"]?.array?.compactMap { $0["step"]?.int64 } == [2, 4])
  }

  @Test func `an overview counts those without logs`() {
    let overview = OverviewReport([analysis, analysis], title: "out")
    #expect(overview.markdown.contains("2 runs: 2 with checkpoints and no logs."))
    #expect(overview.terminalText(TerminalStyle()).contains("no logs"))
  }
}
