import Analysis
import EventFile
import JSON
import RunFolder
import Testing

@testable import Report

@Suite struct OverviewReportTests {
  private var runs: [RunAnalysis] {
    (0..<12).map { number in
      var run = Runs.learning(
        "saves/qwen3-4b/lora/sft_lr\(number + 1)e-5", count: 40, end: 1.1 + Double(number) / 20,
        evaluations: number % 4 == 3 ? 0 : 5, seed: UInt64(number))
      run.configuration = [
        ConfigurationSection(
          source: "args/text_summary",
          settings: [
            Setting(name: "learning_rate", value: "\(number + 1)e-5"), Setting(name: "seed", value: "42"),
          ])
      ]
      guard number == 4 else { return Analyses.fixed(run, hasLevel: false) }
      run = Runs.changing(run) { $0 > 30 ? .nan : $1 }
      return Analyses.fixed(
        run, hasLevel: false,
        findings: [
          Finding(
            .nonFinite, .failure, metric: "train/loss", step: 320, lastStep: 400, value: .nan, reference: 1.5,
            count: 9)
        ])
    }
  }

  @Test func `the overview is the one that was kept`() throws {
    let report = OverviewReport(runs, title: "saves/qwen3-4b")
    let files = report.files
    let own = files.filter { !$0.path.contains("/") }
    #expect(own.map(\.path) == ["report.md", "report.html", "overview.svg", "runs.svg", "report.json"])
    for index in own.indices where own[index].path != "report.json" && own[index].path != "report.html" {
      try Golden.check("overview/" + own[index].path) {
        report.files.filter { !$0.path.contains("/") }[index].text
      }
    }
    try Golden.check("overview/terminal.txt") { report.terminalText(TerminalStyle()) }
  }

  @Test func `runs judged by a reward are ordered and headed by it`() {
    let runs = [("a", 0.4), ("b", 0.9), ("c", 0.6)].map { name, end in
      var run = Runs.learning(name, count: 40, end: end)
      let reward = Runs.series("train/reward", every: 10, count: 40) { end * Double($0 + 1) / 40 }
      run.metrics.append(Metric(series: reward))
      return RunAnalysis(of: run)
    }
    let report = OverviewReport(runs, title: "saves")
    let text = report.terminalText(TerminalStyle())
    #expect(text.contains("The highest train/reward is") && text.contains(", of b."), "\(text)")
    #expect(!text.contains("lowest"), "\(text)")
    let rows = text.split(separator: "\n").filter { ["a ", "b ", "c "].contains($0.prefix(2)) }
    #expect(rows.map { $0.prefix(1) } == ["b", "c", "a"])
    #expect(report.files[0].text.contains("Ordered by `train/reward`"))
  }

  @Test func `runs that nothing can be said of are no runs without a problem`() {
    let short = Analyses.fixed(Runs.learning("short", count: 2), hasLevel: false)
    var unjudged = short
    unjudged.searches = [Search(.overfitting, isEssential: true, obstacle: .missing(.trainingLoss))]
    let report = OverviewReport([unjudged, unjudged], title: "saves").terminalText(TerminalStyle())
    #expect(report.contains("2 runs: 2 not judged.") && !report.contains("ok"), "\(report)")
  }

  @Test func `the page as HTML leads to pages as HTML`() throws {
    let page = try #require(OverviewReport(runs, title: "saves").files.first { $0.path == "report.html" })
      .text
    #expect(page.split(separator: "/report.html\">").count == 13 && !page.contains("report.md"))
  }

  @Test func `long names on a terminal stay apart`() {
    let dates = ["Jun29_15-47-12", "Jun29_16-18-34"]
    let runs = dates.map { date in
      Analyses.fixed(
        Runs.learning("experiments/runs/\(date)_llm-custom-dev-bastien", count: 40), hasLevel: false)
    }
    let text = OverviewReport(runs, title: "experiments").terminalText(TerminalStyle())
    for date in dates { #expect(text.contains(date), "\(text)") }
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= 80 })
  }

  @Test func `every run has a folder of its own, and every link leads to one`() throws {
    let files = OverviewReport(runs, title: "saves").files
    let pages = files.map(\.path).filter { $0.hasSuffix("/report.md") }
    #expect(pages.count == 12 && Set(pages).count == 12)
    for page in pages { #expect(files[0].text.contains("](\(page))"), "\(page)") }
    #expect(Set(files.map(\.path)).count == files.count)
  }

  @Test func `runs of one name and hostile names get folders that differ`() {
    let slugs = Slug.unique(["a/b", "a b", "A-B", "../../etc", "", "\u{202e}", ".hidden", "漢字", "a/b"])
    #expect(slugs == ["a-b", "a-b-2", "A-B-3", "etc", "run", "run-2", "hidden", "run-3", "a-b-4"])
  }

  @Test func `the JSON holds each run`() throws {
    let value = try JSONValue(parsing: Array(OverviewReport(runs, title: "saves").json.utf8))
    #expect(value["runs"]?.array?.count == 12)
  }

  @Test func `a hundred runs make pictures in pages`() throws {
    let many = (0..<100).map {
      RunAnalysis(of: Runs.learning("run\($0)", count: 12, evaluations: 0, seed: UInt64($0)))
    }
    let paths = OverviewReport(many, title: "many").files.map(\.path).filter { !$0.contains("/") }
    #expect(
      paths == [
        "report.md", "report.html", "overview.svg", "runs.svg", "runs-2.svg", "runs-3.svg", "report.json",
      ])
  }
}
