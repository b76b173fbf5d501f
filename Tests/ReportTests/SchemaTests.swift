import Analysis
import JSON
import TestSupport
import Testing

@testable import Report

/// Every document for machines keeps to its schema in `docs/schema`.
@Suite struct SchemaTests {
  @Test func `a run, whatever it holds`() throws {
    let runs = [
      Analyses.complete, Analyses.filtered, RunAnalysis(of: Runs.learning(count: 1, evaluations: 1)),
      RunAnalysis(of: Runs.changing(Runs.learning()) { _, _ in .nan }),
    ]
    for run in runs { #expect(try JSONSchema.faults(inText: RunReport(run).json) == []) }
    #expect(try JSONSchema.faults(inText: OverviewReport(runs, title: "runs").json) == [])
  }

  @Test func `a comparison`() throws {
    let worse = Runs.changing(Runs.learning(end: 1.5, seed: 2)) { $0 > 90 ? .nan : $1 }
    let comparison = RunComparison(base: Runs.learning(), new: [Runs.learning(seed: 3), worse])
    #expect(try JSONSchema.faults(inText: RunComparisonReport(comparison, command: "c").json) == [])
  }

  @Test func `a gate`() throws {
    let value = GateJSON.value(GateFormatTests.report(), strict: true)
    #expect(try JSONSchema.faults(inText: value.indentedText) == [])
  }

  @Test func `what does not keep to its schema is found`() throws {
    let report = RunReport(Analyses.complete).json
    for (word, other) in [("\"points\": 100", "\"points\": 1.5"), ("\"label\"", "\"Label\"")] {
      #expect(report.contains(word))
      #expect(try JSONSchema.faults(inText: report.replacing(word, with: other)) != [])
    }
  }
}
