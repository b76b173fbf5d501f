import Analysis
import EventFile
import RunFolder
import TestSupport
import Testing

@Suite struct OverviewAnalysisTests {
  @Test func `the samples side by side`() throws {
    let folder = try OpenedFolder(opening: Fixture.sample("saves"))
    #expect(folder.runs.count == 4)
    let overview = OverviewAnalysis(of: folder.runs.map { RunAnalysis(of: $0) })
    #expect(overview.rows.map(\.name) == folder.runs.map(\.name))
    let names = overview.rows.map { $0.name.split(separator: "/").last.map(String.init) }
    let worse = try #require(names.firstIndex(of: "sft_lr1e-4"))
    let diverged = try #require(names.firstIndex(of: "sft_diverged"))
    let best = try #require(overview.ranking.bestByLoss)
    #expect(best != worse && best != diverged)
    #expect(overview.ranking.bestByEvaluation.map { $0 != worse && $0 != diverged } == true)
    #expect(overview.rows[diverged].severity == .failure)
    #expect(overview.rows[diverged].gravest.contains { $0.kind == .filteredNaN })
    // What was changed between them is the learning rate; the names of folders are no settings.
    #expect(overview.settings.first == "learning_rate")
    #expect(!overview.settings.contains("output_dir"))
    #expect(overview.rows[worse].settings.first == "0.0001")
  }

  @Test func `one run is not the best of anything`() {
    let run = TrainingRun(
      name: "a", path: "a", metrics: [Metric(series: series("loss", [3, 2, 1, 0.5]))])
    let overview = OverviewAnalysis(of: [RunAnalysis(of: run)])
    #expect(overview.ranking.bestByLoss == nil)
    #expect(overview.settings.isEmpty)
    #expect(overview.rows.first?.segmentCount == 1)
    #expect(OverviewAnalysis(of: []).rows.isEmpty)
  }
}
