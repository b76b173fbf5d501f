import Analysis
import JSON
import RunFolder
import TestSupport
import Testing

@testable import Report

@Suite struct SweepReportTests {
  /// A sweep of two learning rates by two ranks with three seeds each, of which one diverged.
  static var runs: [RunAnalysis] {
    var runs: [RunAnalysis] = []
    for rate in ["1e-5", "0.0001"] {
      for rank in [8, 16] {
        for seed in 0..<3 {
          let end = 1.1 + (rate == "1e-5" ? 0.1 : 0) + (rank == 8 ? 0.02 : 0) + Double(seed) / 200
          var run = Runs.learning(
            "qwen_lr\(rate)_r\(rank)_seed\(seed)_mix", count: 40, end: end, noise: 0.01,
            evaluations: 5, seed: UInt64(runs.count))
          run.configuration = [
            ConfigurationSection(
              source: "adapter_config.json",
              settings: [
                Setting(name: "r", value: "\(rank)"), Setting(name: "lora_alpha", value: "\(2 * rank)"),
              ])
          ]
          if runs.count == 4 { run = Runs.changing(run) { $0 > 30 ? .nan : $1 } }
          runs.append(RunAnalysis(of: run))
        }
      }
    }
    return runs
  }

  @Test func `an overview of a sweep is the one that was kept`() throws {
    let runs = Self.runs
    let report = OverviewReport(runs, sweep: try SweepAnalysis(of: runs), title: "sweep")
    let own = report.files.filter { !$0.path.contains("/") }
    #expect(
      own.map(\.path) == [
        "report.md", "report.html", "groups.svg", "settings.svg", "parallel.svg", "overview.svg", "runs.svg",
        "groups.csv", "report.json",
      ])
    for file in own where ["report.md", "groups.svg", "settings.svg", "parallel.svg"].contains(file.path) {
      try Golden.check("sweep/" + file.path) { file.text }
    }
    try Golden.check("sweep/terminal.txt") { report.terminalText(TerminalStyle()) }
  }

  @Test func `a comparison of groups is the one that was kept`() throws {
    let runs = Self.runs
    let sweep = try #require(try SweepAnalysis(of: runs, options: .init(isHeldAgainstFirst: true)))
    let report = SweepReport(sweep, of: runs, title: "sweep", command: "ftreport compare sweep")
    try Golden.check("sweep/comparison.md") { report.files[0].text }
    try Golden.check("sweep/comparison.txt") { report.terminalText(TerminalStyle()) }
    #expect(try JSONSchema.faults(inText: report.json) == [])
    #expect(
      try JSONSchema.faults(inText: OverviewReport(runs, sweep: sweep, title: "sweep").json) == [])
  }

  @Test func `the reduced steps have a row for each group, tag and step`() throws {
    let runs = Self.runs
    let sweep = try #require(try SweepAnalysis(of: runs))
    let rows = SweepTableText(sweep, of: runs).text.split(separator: "\n").map(String.init)
    #expect(rows[0] == "group,tag,step,n,mean,std,min,max,median")
    let losses = rows.filter { $0.contains(",train/loss,") }
    #expect(losses.count == 4 * 40)
    // Of the group with a failed run two count.
    #expect(losses.count { $0.contains(",train/loss,10,2,") } == 1)
    #expect(losses.count { $0.contains(",train/loss,10,3,") } == 3)
  }

  @Test func `groups are no better for being many`() throws {
    let seeds = (0..<12).map { seed in
      RunAnalysis(of: Runs.learning("run_seed\(seed)", count: 40, evaluations: 5, seed: UInt64(seed)))
    }
    let sweep = try #require(try SweepAnalysis(of: seeds, options: .init(isHeldAgainstFirst: true)))
    let text = SweepReport(sweep, of: seeds, title: "runs", command: "c").terminalText(TerminalStyle())
    #expect(text.contains("12 runs of one setting") && !text.contains("better"))
  }

  @Test func `hostile names and values stay text`() throws {
    let runs = (0..<8).map { index -> RunAnalysis in
      var run = Runs.learning("a<b>|\u{202e}\(index)", count: 20, evaluations: 2, seed: UInt64(index))
      run.configuration = [
        ConfigurationSection(
          source: "args",
          settings: [
            Setting(name: "optim", value: index % 2 == 0 ? "<script>|`x`\n" : "\u{1b}[31m\",x"),
            Setting(name: "learning_rate", value: "nan"), Setting(name: "seed", value: "\(index)"),
          ])
      ]
      return RunAnalysis(of: run)
    }
    let sweep = try #require(try SweepAnalysis(of: runs))
    let report = OverviewReport(runs, sweep: sweep, title: "x")
    for file in report.files where file.path.hasSuffix(".svg") { _ = try XMLChecker.root(of: file.text) }
    #expect(
      !report.html.contains("<script>|") && !report.terminalText(TerminalStyle()).contains("\u{1b}[31m"))
    let rows = SweepTableText(sweep, of: runs).text.split(separator: "\n")
    #expect(rows.allSatisfy { $0.contains(",") })
  }
}

@Suite struct TellingNamesTests {
  @Test func `what all begin and end with is dropped, and no number is cut`() {
    let names = ["1e-05", "2e-05"].flatMap { rate in
      (0..<2).map { "qwen3-4b_lora_lr\(rate)_r8_seed\($0)_alpaca-mix" }
    }
    #expect(
      ShortNames.suffixes(names) == [
        "lr1e-05_r8_seed0", "lr1e-05_r8_seed1", "lr2e-05_r8_seed0", "lr2e-05_r8_seed1",
      ])
    #expect(ShortNames.telling(["x_lr_1e-5_y", "x_lr_2e-5_y"]) == ["lr_1e-5", "lr_2e-5"])
    #expect(ShortNames.telling(["a/0.1/b", "a/0.25/b"]) == ["a/0.1", "a/0.25"])
    #expect(ShortNames.telling(["same", "same"]) == ["same", "same"])
    #expect(Set(ShortNames.telling(["a_b", "a_b_c", "a"])).count == 3)
  }
}
