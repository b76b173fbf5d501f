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

  @Test func `what the trainer wrote at its end is told, with the share of the device's peak`() throws {
    var run = TrainingRun(name: "sft", path: "out/sft", source: .resultsOnly)
    run.results = [
      .init(name: "epoch", value: "3.0"), .init(name: "train_loss", value: "1.25"),
      .init(name: "eval_accuracy", value: "0.875"), .init(name: "eval_runtime", value: "3.5"),
      .init(name: "train_runtime", value: "200"), .init(name: "total_flos", value: "4e15"),
    ]
    let analysis = RunAnalysis(of: run, options: AnalysisOptions(peakOperations: 1e14))
    let page = RunReport(analysis).markdown.split(separator: " ").joined(separator: " ")
    #expect(page.contains("**No logs.** There are the trainer's results, but no logs"))
    #expect(page.contains("| Mean training loss | 1.250 |"))
    #expect(page.contains("| eval_accuracy | 0.8750 |"))
    #expect(page.contains("| FLOPs utilization | 20.0 % |"))
    #expect(!page.contains("| eval_runtime"))
    #expect(try JSONValue(parsing: RunReport(analysis).json)["source"]?.string == "results")
    #expect(
      OverviewReport([analysis, analysis], title: "out").markdown.contains("2 with results and no logs"))
  }

  @Test func `an overview counts those without logs`() {
    let overview = OverviewReport([analysis, analysis], title: "out")
    #expect(overview.markdown.contains("2 runs: 2 with checkpoints and no logs."))
    #expect(overview.terminalText(TerminalStyle()).contains("no logs"))
  }
}
