import Analysis
import EventFile
import JSON
import RunFolder
import Testing

@testable import Report

@Suite struct RunReportTests {
  @Test func `the report of a run with everything is the one that was kept`() throws {
    let report = RunReport(Analyses.complete, options: ReportOptions(metricPatterns: ["*grad*", "epoch"]))
    #expect(
      report.files.map(\.path) == ["report.md", "report.html", "loss.svg", "metrics.svg", "report.json"])
    // The page as HTML holds the same document, the same pictures and the script, which has tests of its own.
    for index in report.files.indices where report.files[index].path != "report.html" {
      try Golden.check("complete/" + report.files[index].path) { report.files[index].text }
    }
    try Golden.check("complete/terminal.txt") {
      report.terminalText(TerminalStyle(), location: "sft.report/report.md")
    }
  }

  @Test func `the report of a filtered NaN is the one that was kept`() throws {
    let report = RunReport(Analyses.filtered)
    for index in report.files.indices where report.files[index].path != "report.html" {
      try Golden.check("filtered/" + report.files[index].path) { report.files[index].text }
    }
    try Golden.check("filtered/terminal-colour.txt") {
      report.terminalText(TerminalStyle(width: 100, isColoured: true))
    }
  }

  @Test func `every picture is sound XML, whatever the run`() throws {
    let runs = [
      Runs.learning(count: 1, evaluations: 1), Runs.learning(count: 2, evaluations: 0),
      Runs.changing(Runs.learning()) { _, _ in .nan }, Runs.changing(Runs.learning()) { _, _ in 0 },
      Runs.changing(Runs.learning()) { $0 % 2 == 0 ? 1e308 : -$1 * 1e307 },
      Runs.changing(Runs.learning()) { $1 * .leastNonzeroMagnitude * 1e9 },
      Runs.changing(Runs.learning()) { $0 == 3 ? .infinity : $1 - 2 },
      Runs.learning("<&\"'\u{0}\u{202e}]]>", count: 30),
      TrainingRun(name: "", path: ""),
    ]
    for run in runs {
      for options in ReportOptions.everyAxis {
        let report = RunReport(RunAnalysis(of: run), options: options)
        for file in report.files where file.path.hasSuffix(".svg") {
          let root = try XMLChecker.root(of: file.text)
          #expect(!file.text.contains("nan") && !file.text.contains("inf\""), "\(run.name) \(file.path)")
          #expect(root.attributes["role"] == "img" && !root.all("desc").isEmpty)
        }
        #expect(!report.terminalText(TerminalStyle()).isEmpty)
      }
    }
  }

  @Test func `of a run without a loss and with very many metrics the first are drawn, and the page says so`()
  {
    var run = TrainingRun(name: "norms", path: "norms")
    run.metrics = (0..<95).map { number in
      Metric(
        series: Series(
          tag: "layer/\(number)", steps: [1, 2], wallTimes: [1, 2], values: [1, Double(number)]))
    }
    let report = RunReport(RunAnalysis(of: run))
    #expect(report.files.filter { $0.path.hasPrefix("metrics") }.count == 6)
    #expect(report.text(in: .md).contains("The first 60 of 95 metrics are drawn."))
    let all = RunReport(RunAnalysis(of: run), options: ReportOptions(metricPatterns: ["*"]))
    #expect(all.files.filter { $0.path.hasPrefix("metrics") }.count == 10)
    #expect(!all.text(in: .md).contains("metrics are drawn"))
  }

  @Test func `a run of hostile steps and times is drawn all the same`() throws {
    var run = Runs.learning(count: 5, evaluations: 0)
    run.metrics[0].series.steps = [.min, -1, 0, 1, .max]
    run.metrics[0].series.wallTimes = [1e300, -1e300, .nan, .infinity, 0]
    for options in ReportOptions.everyAxis {
      for file in RunReport(RunAnalysis(of: run), options: options).files
      where file.path.hasSuffix(".svg") {
        _ = try XMLChecker.root(of: file.text)
      }
    }
  }

  @Test func `a run without losses shows its other metrics`() {
    var run = Runs.learning()
    run.metrics = [run.metrics[1], run.metrics[2]]
    #expect(
      RunReport(RunAnalysis(of: run)).files.map(\.path) == [
        "report.md", "report.html", "metrics.svg", "report.json",
      ])
  }

  @Test func `no file of a picture loads, runs or names anything`() throws {
    let picture = try #require(RunReport(Analyses.complete).lossPicture)
    for word in ["<script", "href", "url(", "@import", "@font", "style=\"", " id=\"", "var("] {
      #expect(!picture.contains(word), "\(word)")
    }
  }

  @Test func `the notebook bundle holds the three formats`() throws {
    let report = RunReport(Analyses.complete)
    let bundle = try JSONValue(parsing: Array(report.mimeBundle.utf8))
    #expect(bundle.members?.map(\.key) == ["text/html", "image/svg+xml", "text/markdown", "text/plain"])
    #expect(bundle["image/svg+xml"]?.string == report.lossPicture)
    let markdown = try #require(bundle["text/markdown"]?.string)
    #expect(markdown == report.markdown && !markdown.contains("]("))
    #expect(bundle["text/plain"]?.string?.contains("\u{1b}") == false)
    #expect(report.mimeBundle.count { $0 == "\n" } == 1)
  }

  @Test func `the JSON has what the page says, and nothing that is no JSON`() throws {
    let value = try JSONValue(parsing: Array(RunReport(Analyses.filtered).json.utf8))
    #expect(value["schema"]?["name"]?.string == "ftreport.run")
    #expect(value["verdict"]?["severity"]?.string == "failure")
    #expect(value["findings"]?.array?.first?["kind"]?.string == "filtered_nan")
    #expect(
      value["metrics"]?.array?.first { $0["tag"]?.string == "train/grad_norm" }?["non_finite"]?.int64 == 69)
    #expect(value["evaluation"]?["best"]?["step"]?.int64 == 1000)
    #expect(value["metrics"]?.array?[1]["last"]?["value"]?.string == "NaN")
  }
}
