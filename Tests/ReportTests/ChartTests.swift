import Analysis
import EventFile
import RunFolder
import Testing

@testable import Report

@Suite struct LossChartTests {
  private func texts(_ analysis: RunAnalysis) throws -> [String] {
    let document = try #require(LossChart(analysis, axis: .step)).document
    return try XMLChecker.root(of: document.text).all("text").map(\.text)
  }

  @Test func `what is beyond the axis is marked with its value`() throws {
    let run = Runs.changing(Runs.learning(count: 1000)) { $0 == 700 ? 42.42 : $1 }
    #expect(try texts(Analyses.fixed(run)).contains("42.42"))
  }

  @Test func `lines are labelled at their ends with name and value`() throws {
    let words = try texts(Analyses.fixed(Runs.learning()))
    #expect(words.contains("train 1.180") && words.contains("eval 1.205"))
  }

  @Test func `a resume and a divergence are named where they are`() throws {
    #expect(try texts(Analyses.complete).contains("resumed at 510"))
    let diverged = Analyses.fixed(
      Runs.learning(), findings: [Finding(.diverged, .failure, metric: "train/loss", step: 570)])
    #expect(try texts(diverged).contains("diverges at 570"))
  }

  @Test func `a filtered NaN is no level and no smoothed line`() throws {
    let words = try texts(Analyses.filtered)
    #expect(words.contains("train NaN") && words.contains("NaN, logged as 0.0, from 320"))
    #expect(!words.contains { $0.hasPrefix("smoothed") })
  }

  @Test func `the axis is logarithmic only for losses that ask for it, and says so`() throws {
    let steep = Runs.changing(Runs.learning(count: 200, evaluations: 0)) { index, _ in 5 / Double(1 + index) }
    #expect(try texts(Analyses.fixed(steep)).contains("loss, logarithmic"))
    #expect(try texts(Analyses.fixed(Runs.learning())).contains("loss"))
  }

  @Test func `a picture of a million points stays small`() throws {
    let run = RunAnalysis(of: Runs.learning(count: 300_000, every: 1, noise: 0.2, evaluations: 100))
    let text = try #require(LossChart(run, axis: .step)).document.text
    #expect(text.utf8.count < 150_000)
  }
}

@Suite struct OverlayChartTests {
  @Test func `past the eighth, runs stand in grey behind the best`() throws {
    let runs = (0..<20).map { number in
      RunAnalysis(of: Runs.learning("run-\(number)", end: 1 + Double(number) / 10, seed: UInt64(number)))
    }
    let chart = try #require(OverlayChart(runs, names: runs.map(\.run.name), title: "t", axis: .step)).chart
    #expect(chart.rows[0].labels.count == 8)
    #expect(chart.rows[0].labels.contains { $0.lines[0].hasPrefix("run-0 ") })
    #expect(chart.rows[0].lines.prefix(12).allSatisfy { $0.paint == .quiet })
    // Colour is not the only cue: no two of the eight share a dash pattern.
    let dashes = chart.rows[0].lines.suffix(8).map { $0.dash ?? "solid" }
    #expect(Set(dashes).count == 8)
  }

  @Test func `runs are ranked by evaluation, and lost ones come last`() {
    let good = RunAnalysis(of: Runs.learning(end: 1.0))
    let worse = RunAnalysis(of: Runs.learning(end: 1.5))
    let lost = RunAnalysis(of: Runs.changing(Runs.learning(end: 0.5)) { $0 > 50 ? .nan : $1 })
    #expect(RunRanking(of: [lost, worse, good]).ranks == [2, 1, 0])
  }
}
