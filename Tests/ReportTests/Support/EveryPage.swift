import Analysis
import EventFile
import FileSystem
import GateConfiguration
import JSON
import Report
import RunFolder

/// Takes runs through everything that the product says about runs.
enum EveryPage {
  /// Gates on every figure of a metric by every axis, and on every finding, with every kind of bound.
  static let configuration: String = {
    let bounds = [
      "max: 1.0e+300", "min: -1.0e+300", "max_increase: 2%", "max_decrease: 0.1", "max_increase: seed",
    ]
    var gates: [String] = []
    for statistic in GateStatistic.ofMetrics {
      for axis in AlignmentAxis.allCases {
        let id = "\(statistic.rawValue)-\(axis.rawValue)"
        let bound = bounds[gates.count % bounds.count]
        gates.append("{id: \(id), metric: '*', stat: \(statistic.rawValue), x: \(axis.rawValue), \(bound)}")
      }
    }
    gates += Finding.Kind.allCases.map { "{id: \($0.rawValue), finding: \($0.rawValue), max: 1}" }
    return "version: 1\ngates:\n" + gates.map { "  - \($0)\n" }.joined()
  }()

  /// Reads the event files and makes every page of every subject of them; returns the number of bytes made.
  ///
  /// - Parameter folder: a folder of its own for the files.
  @discardableResult
  static func make(of files: [[UInt8]], in folder: String) throws -> Int {
    var runs: [TrainingRun] = []
    for (index, file) in files.enumerated() {
      let path = "\(folder)/\(index)"
      try Files.makeDirectory(path)
      try FileDescriptor(creating: "\(path)/events.out.tfevents.1").write(unsafe file.span.bytes)
      if let opened = try? OpenedFolder(opening: path) { runs += opened.runs }
    }
    guard let first = runs.first else { return 0 }
    return reports(of: runs) + comparisons(of: runs) + gates(of: first, runs)
  }

  private static func reports(of runs: [TrainingRun]) -> Int {
    let analyses = runs.map { RunAnalysis(of: $0) }
    var count = 0
    for options in ReportOptions.everyAxis {
      for analysis in analyses {
        let report = RunReport(analysis, options: options)
        count += report.files.reduce(0) { $0 + $1.text.utf8.count }
        count += report.terminalText(TerminalStyle()).utf8.count + report.mimeBundle.utf8.count
      }
      let overview = OverviewReport(analyses, title: "runs", options: options)
      count += overview.files.reduce(0) { $0 + $1.text.utf8.count } + overview.mimeBundle.utf8.count
    }
    return count + sweeps(of: runs)
  }

  /// The runs as seeds of two settings, and of one.
  private static func sweeps(of runs: [TrainingRun]) -> Int {
    var count = 0
    for settings in [1, 2] {
      let analyses = (runs + runs).enumerated().map { index, run in
        var run = run
        run.configuration = [
          ConfigurationSection(
            source: "args",
            settings: [
              Setting(name: "r", value: "\(index % settings)"), Setting(name: "seed", value: "\(index)"),
            ])
        ]
        return RunAnalysis(of: run)
      }
      for isFirst in [false, true] {
        guard let sweep = try? SweepAnalysis(of: analyses, options: .init(isHeldAgainstFirst: isFirst)) else {
          continue
        }
        let report = SweepReport(sweep, of: analyses, title: "runs", command: "ftreport compare")
        count += report.files.reduce(0) { $0 + $1.text.utf8.count } + report.mimeBundle.utf8.count
      }
    }
    return count
  }

  private static func comparisons(of runs: [TrainingRun]) -> Int {
    var count = 0
    for axis in AlignmentAxis.allCases {
      let options = ComparisonOptions(
        axis: axis, window: 0.1, margin: 0.01, target: 2, metrics: [], smoothing: nil)
      for (base, new) in [(runs[0], Array(runs.dropFirst())), (runs[runs.count - 1], [runs[0]])] {
        guard !new.isEmpty else { continue }
        let report = RunComparisonReport(
          RunComparison(base: base, new: new, options: options), command: "ftreport compare")
        count += report.files.reduce(0) { $0 + $1.text.utf8.count } + report.mimeBundle.utf8.count
      }
    }
    return count
  }

  private static func gates(of run: TrainingRun, _ runs: [TrainingRun]) -> Int {
    var baselines: [GateBaseline] = [.none, .runs(runs), .runs([run])]
    var count = 0
    if let golden = try? GoldenBaseline(calibrating: runs, window: 0.1, confidence: 0.95) {
      let text = golden.fileText(writtenBy: "ftreport")
      count += text.utf8.count
      if let read = try? GoldenBaseline(parsing: Array(text.utf8), path: "golden.json") {
        baselines.append(.golden(read))
      } else {
        preconditionFailure("a golden file cannot be read back: \(text)")
      }
    }
    let starter = StarterConfiguration.text(RunAnalysis(of: run), baseline: "baseline")
    for text in [configuration, starter] {
      let plan: GatePlan
      do throws(ConfigurationError) {
        plan = try GatePlan(parsing: Array(text.utf8), path: "ftreport.yml")
      } catch {
        preconditionFailure("\(error)\n\(text)")
      }
      for baseline in baselines {
        let report = GateEvaluation(
          run: runs[runs.count - 1], baseline: baseline, weights: .unavailable("none")
        )
        .report(plan: plan)
        let page = GateText(report, strict: true, command: "ftreport gate")
        count += page.markdown(maxBytes: 65_536).utf8.count + page.html.utf8.count
        count += GateJUnit.text(report, strict: true).utf8.count + GateOpenMetrics.text(report).utf8.count
        count += GateJSON.value(report, strict: true).indentedText.utf8.count
        count += page.terminalText(TerminalStyle()).utf8.count
        count += GateAnnotations.lines(report, strict: true, file: "ftreport.yml").count
        let test = GateSelfTest(
          plan: plan, run: run, baseline: baseline, weights: .unavailable("none"), weightsCopy: nil)
        count += GateSelfTestText.text(test, configuration: plan.path).utf8.count
      }
    }
    return count
  }
}

extension ReportOptions {
  /// All metrics on each axis, and on a logarithmic one of steps and of epochs.
  static var everyAxis: [ReportOptions] {
    HorizontalAxis.allCases.flatMap { axis in
      var options = ReportOptions(axis: axis, metricPatterns: ["*"])
      guard axis == .step || axis == .epoch else { return [options] }
      options.isAxisLogarithmic = true
      return [ReportOptions(axis: axis, metricPatterns: ["*"]), options]
    }
  }
}
