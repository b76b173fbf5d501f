import Analysis
import EventFile
import RunFolder
import TestSupport
import Testing

@testable import Report

/// What pictures must not say wrongly.
@Suite struct PictureTests {
  @Test func `a label stands at the value that it prints`() throws {
    let analysis = Analyses.fixed(Runs.learning())
    let row = try #require(LossChart(analysis, axis: .step)).chart.rows[0]
    let label = try #require(row.labels.first { $0.lines[0].hasPrefix("train") })
    #expect(label.value == analysis.loss?.final?.level)
    for label in row.labels {
      let printed = try #require(Double(label.lines[0].split(separator: " ").last ?? ""))
      #expect(abs(printed - label.value) <= 5e-4 * label.value)
    }
  }

  @Test func `rounding fills no panel, and no tick repeats`() {
    let domain = ValueRange.padded(7.62461...7.62463, by: 0.05)
    #expect(domain.upperBound - domain.lowerBound >= 0.0762)
    for range in [7.62461...7.62463, 1...1.0000001, 1e9...(1e9 + 1)] {
      for count in 2...8 {
        let labels = NiceTicks.linear(range, count: count).map(\.label)
        #expect(Set(labels).count == labels.count, "\(labels)")
      }
    }
    // What really moves keeps its range.
    #expect(
      ValueRange.padded(1...2, by: 0) == 1...2 && ValueRange.padded(-0.01...0.01, by: 0) == -0.01...0.01)
  }

  @Test func `a line breaks at a resume, and its trend does`() throws {
    let analysis = RunAnalysis(of: Runs.resumed(Runs.learning(), at: 510, interruptedAt: 600))
    let row = try #require(LossChart(analysis, axis: .step)).chart.rows[0]
    let raw = try #require(row.lines.first { $0.name == "training loss" })
    #expect(raw.breaks == [510])
    let pieces = LineReduction(x: raw.x, y: raw.y, domain: 0...1000, columns: 700).broken(at: raw.breaks)
      .pieces
    #expect(pieces.count == 2 && pieces[0].last?.x == 500 && pieces[1].first?.x == 510)
    let trend = try #require(row.lines.first { $0.isSmoothed })
    #expect(zip(trend.x, trend.y).contains { $0 == 510 && $1.isNaN })
  }

  @Test func `schedules are not smoothed`() throws {
    let analysis = RunAnalysis(of: Runs.learning())
    let chart = try #require(MetricsChart.pages(analysis.run.metrics, of: analysis, axis: .step).first).chart
    for row in chart.rows {
      let isSmoothed = row.lines.contains(where: \.isSmoothed)
      #expect(
        isSmoothed == !["train/learning_rate", "train/epoch"].contains(row.name ?? ""), "\(row.name ?? "")")
    }
  }

  @Test func `evaluation sets share the panel, each with its name`() throws {
    var run = Runs.learning(evaluations: 0)
    for (index, name) in ["code", "math"].enumerated() {
      let level = 1.2 + Double(index) / 10
      run.metrics.append(
        Metric(series: Runs.series("eval/\(name)_loss", every: 100, count: 10) { level - Double($0) / 100 }))
    }
    let analysis = RunAnalysis(of: run)
    #expect(analysis.otherEvaluations.count == 1)
    let row = try #require(LossChart(analysis, axis: .step)).chart.rows[0]
    #expect(Set(row.lines.compactMap(\.name)) == ["training loss", "eval code", "eval math"])
    #expect(row.labels.contains { $0.lines[0].hasPrefix("eval math ") })
    #expect(Set(row.lines.map(\.paint)).count == 3)
  }

  @Test func `rewards have a picture with their spread, and preferences one with both sides`() throws {
    var run = Runs.learning(evaluations: 0)
    for (tag, value) in [("train/reward", 0.5), ("train/reward_std", 0.1), ("train/kl", 0.02)] {
      run.metrics.append(
        Metric(series: Runs.series(tag, every: 10, count: 60) { value + Double($0 % 7) / 100 }))
    }
    let rewards = try #require(RewardChart(RunAnalysis(of: run), axis: .step)).chart
    #expect(rewards.rows.map(\.name) == ["reward", "distance from the reference model, nats"])
    let band = try #require(rewards.rows[0].bands.first)
    #expect(abs(band.upper[3] - 0.66) < 1e-9 && abs(band.lower[3] - 0.40) < 1e-9)
    #expect(
      rewards.rows[0].marks.contains { $0.marker == .star && $0.points == [ChartPoint(x: 70, y: 0.56)] })

    var pairs = Runs.learning(evaluations: 0)
    for (tag, sign) in [
      ("train/rewards/chosen", 1.0), ("train/rewards/rejected", -1.0), ("train/rewards/margins", 2),
    ] {
      pairs.metrics.append(Metric(series: Runs.series(tag, every: 10, count: 60) { sign * Double($0) / 60 }))
    }
    let preference = try #require(RewardChart(RunAnalysis(of: pairs), axis: .step)).chart
    #expect(preference.rows.map(\.name) == ["reward", "margin"])
    #expect(Set(preference.rows[0].lines.compactMap(\.name)) == ["chosen", "rejected"])
    #expect(RewardChart(RunAnalysis(of: Runs.learning()), axis: .step) == nil)
    let paths = RunReport(RunAnalysis(of: pairs)).files.map(\.path)
    #expect(paths.contains("rewards.svg"))
  }

  @Test func `a constant metric is a sentence`() {
    var run = Runs.learning()
    run.metrics.append(Metric(series: Runs.series("train/loss_scale", every: 10, count: 50) { _ in 65536 }))
    let report = RunReport(RunAnalysis(of: run), options: ReportOptions(metricPatterns: ["train/loss_scale"]))
    #expect(report.files[0].text.contains("The same at every point: `train/loss_scale` is 65,536."))
    #expect(!report.files.map(\.path).contains("metrics.svg"))
  }
}
