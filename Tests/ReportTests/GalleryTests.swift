import Analysis
import EventFile
import FileSystem
import Process
import RunFolder
import TestSupport
import Testing

@testable import Report

/// Draws every kind of picture into the folder that `FTREPORT_GALLERY` names, for people to look at.
@Suite(.enabled(if: Environment["FTREPORT_GALLERY"] != nil))
struct GalleryTests {
  private let folder = Environment["FTREPORT_GALLERY"] ?? ""

  private func draw(
    _ name: String, _ run: TrainingRun, axis: HorizontalScale = .step, smoothing: Double = 0.6
  )
    throws
  {
    try Files.makeDirectory(folder)
    let chart = try #require(
      LossChart(RunAnalysis(of: run, options: .init(smoothing: smoothing)), axis: axis))
    let text = chart.document.text
    _ = try XMLChecker.root(of: text)
    try Files.write(text, to: "\(folder)/\(name).svg")
  }

  @Test func `runs of all shapes`() throws {
    let plain = Runs.learning()
    try draw("plain", plain)
    for axis in HorizontalAxis.allCases {
      try draw("axis-\(axis.rawValue)", plain, axis: HorizontalScale(axis: axis))
    }
    try draw("axis-log", plain, axis: HorizontalScale(axis: .step, isLogarithmic: true))
    try draw("unsmoothed", plain, smoothing: 0)
    try draw("ten", Runs.learning(count: 10, evaluations: 2))
    try draw("one", Runs.learning(count: 1, evaluations: 1))
    try draw("one-evaluation", Runs.learning(evaluations: 1))
    try draw("million", Runs.learning(count: 1_000_000, every: 1, noise: 0.1, evaluations: 200))
    try draw("resumed", Runs.resumed(plain, at: 510, interruptedAt: 600))
    try draw("nan-end", Runs.changing(plain) { $0 > 60 ? .nan : $1 })
    try draw("nan-some", Runs.changing(plain) { $0 % 17 == 3 ? .nan : $1 })
    try draw("nan-all", Runs.changing(plain) { _, _ in .nan })
    try draw("spikes", Runs.changing(plain) { $0 == 55 || $0 == 80 ? $1 * 6 : $1 })
    try draw("diverged", Runs.changing(plain) { $0 > 55 ? $1 * 3 : $1 })
    try draw("negative", Runs.changing(plain) { $1 - 2 })
    try draw("constant", Runs.changing(Runs.learning(evaluations: 0)) { _, _ in 2.5 })
    try draw("huge", Runs.changing(Runs.learning(evaluations: 0)) { $1 * 1e12 })
    try draw("small", Runs.changing(Runs.learning(evaluations: 0)) { $1 * 1e-9 })
    try draw("log", Runs.changing(Runs.learning(count: 400, evaluations: 0)) { 3 / (1 + Double($0)) * $1 })
    try draw("long-name", Runs.learning(String(repeating: "a very long name/", count: 12) + "<b>&\u{202e}"))
  }

  private func save(_ document: SVGDocument, _ name: String) throws {
    _ = try XMLChecker.root(of: document.text)
    try Files.makeDirectory(folder)
    try Files.write(document.text, to: "\(folder)/\(name).svg")
  }

  @Test(arguments: [1, 3, 8, 40]) func `many runs`(count: Int) throws {
    let runs = (0..<count).map { number in
      var run = Runs.learning(
        "saves/qwen3-4b/lora/sft_lr\(number + 1)e-5_r\(8 << (number % 3))", count: 60 + number % 5 * 10,
        end: 1.1 + Double((number * 7) % count) / 30, evaluations: number % 4 == 3 ? 0 : 8,
        seed: UInt64(number))
      if number == 5 { run = Runs.changing(run) { $0 > 30 ? .nan : $1 } }
      if number == 6 { run = Runs.changing(run) { $0 > 40 ? $1 * 2.5 : $1 } }
      return RunAnalysis(of: run)
    }
    let names = ShortNames.suffixes(runs.map(\.run.name))
    try save(
      try #require(OverlayChart(runs, names: names, title: "saves", axis: .step)).document, "overlay-\(count)"
    )
    try save(
      SmallMultiples.pages(runs, names: names, title: "saves", axis: .step)[0].document, "multiples-\(count)")
  }

  @Test func `an overview`() throws {
    let runs = (0..<6).map { number -> RunAnalysis in
      var run = Runs.learning(
        "saves/qwen3-4b/lora/sft_lr\(number + 1)e-5", end: 1.1 + Double(number) / 20, seed: UInt64(number))
      run.configuration = [
        ConfigurationSection(
          source: "args/text_summary",
          settings: [
            .init(name: "learning_rate", value: "\(number + 1)e-5"), .init(name: "seed", value: "42"),
          ])
      ]
      return RunAnalysis(of: number == 4 ? Runs.changing(run) { $0 > 60 ? .nan : $1 } : run)
    }
    let report = OverviewReport(runs, title: "saves/qwen3-4b")
    for file in report.files {
      try Files.makeDirectory(Path.parent(of: "\(folder)/overview.report/\(file.path)"))
      try Files.write(file.text, to: "\(folder)/overview.report/\(file.path)")
    }
    try Files.write(
      report.terminalText(TerminalStyle(), location: "overview.report/report.md"),
      to: "\(folder)/overview.txt")
  }

  @Test func `further metrics`() throws {
    let run = RunAnalysis(of: Runs.resumed(Runs.learning(), at: 510, interruptedAt: 600))
    try save(MetricsChart.pages(run.run.metrics, of: run, axis: .step)[0].document, "metrics")
  }

  private func report(_ name: String, _ run: TrainingRun) throws {
    let report = RunReport(RunAnalysis(of: run))
    for file in report.files {
      try Files.makeDirectory("\(folder)/\(name).report")
      try Files.write(file.text, to: "\(folder)/\(name).report/\(file.path)")
    }
    try Files.write(
      report.terminalText(TerminalStyle(), location: "\(name).report/report.md"), to: "\(folder)/\(name).txt")
    try Files.write(
      report.terminalText(TerminalStyle(width: 100, isColoured: true), location: "\(name).report/report.md"),
      to: "\(folder)/\(name).ansi")
  }

  @Test func `whole reports`() throws {
    try report("learning", Runs.resumed(Runs.learning(), at: 510, interruptedAt: 600))
    try report("failed", Runs.changing(Runs.learning()) { $0 > 60 ? .nan : $1 })
    try report(
      "spiky",
      Runs.changing(Runs.learning("a|b`c<script>\u{1b}[31m@user #1")) { $0 == 55 || $0 == 80 ? $1 * 6 : $1 })
    if let shared = Fixture.shared {
      for name in ["ddp_lora_sft", "ddp_lora_nan_filtered"] {
        try report("lab-" + name, try Runs.read(shared + "/data/lab/runs/" + name, name: name))
      }
    }
  }

  /// Every run of a folder, and their overview.
  private func open(_ path: String, as name: String) throws {
    let runs = try OpenedFolder(opening: path).runs.map { RunAnalysis(of: $0) }
    let files =
      runs.count == 1 ? RunReport(runs[0]).files : OverviewReport(runs, title: name).files
    for file in files {
      let target = "\(folder)/\(name).report/\(file.path)"
      try Files.makeDirectory(Path.parent(of: target))
      try Files.write(file.text, to: target)
      if file.path.hasSuffix(".svg") { _ = try XMLChecker.root(of: file.text) }
    }
    let text =
      runs.count == 1
      ? RunReport(runs[0]).terminalText(TerminalStyle())
      : OverviewReport(runs, title: name).terminalText(TerminalStyle())
    try Files.write(text, to: "\(folder)/\(name).txt")
  }

  @Test func `the samples`() throws {
    try open(Fixture.sample("saves"), as: "samples")
  }

  @Test(.enabled(if: Fixture.shared != nil)) func `everything that is there`() throws {
    let shared = try #require(Fixture.shared)
    for group in ["lab/runs", "lab/tb_writers", "public"] {
      for name in try Files.names(in: "\(shared)/data/\(group)") {
        let path = "\(shared)/data/\(group)/\(name)"
        guard Files.kind(of: path) == .directory else { continue }
        do { try open(path, as: "real-" + name) } catch let error as RunFolderError {
          try Files.write(error.description + "\n", to: "\(folder)/real-\(name).txt")
        }
      }
    }
    try open(shared + "/data/lab/runs", as: "real-all")
  }
}
