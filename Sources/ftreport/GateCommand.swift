import Analysis
import ArgumentParser
import Experiment
import FileSystem
import GateConfiguration
import JSON
import Process
import Report
import RunFolder

/// `ftreport gate`: a verdict on a run for continuous integration.
struct GateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gate",
    abstract: "Holds a run against the gates of a configuration, for continuous integration.",
    discussion: """
      The gates are in ftreport.yml, of this folder or the nearest one above it ('ftreport init' writes one from a good \
      run). A baseline is a run, several runs, or a golden file of 'ftreport calibrate', by its path or by its tag in \
      the folder that the configuration calls 'goldens'; --baseline takes the place of the one that the configuration \
      names.

        ftreport gate saves/new --baseline saves/good
        ftreport gate saves/new --baseline sft-v3
        ftreport gate saves/new --config ci/ftreport.yml --junit gate.xml
        ftreport gate saves/new --baseline saves/good -o docs
        ftreport gate saves/good --self-test

      The last one puts faults into copies of the baseline, and proves that each gate fires. \
      In GitHub Actions the report is added to the step summary, and annotations show on the gates' own lines.

      Exit status: 0 pass, warning or inconclusive; 1 a gate failed; 2 wrong usage or configuration; 3 data missing or \
      unreadable; 4 inconclusive under --strict.
      """)

  @Argument(help: "The run: its folder, an event file, or a trainer's output folder.", completion: .file())
  var path: String

  @Option(
    help: ArgumentHelp(
      "A run, a golden file or its tag to hold it against; can be repeated.", valueName: "path"),
    completion: .file())
  var baseline: [String] = []

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "The configuration; the nearest ftreport.yml of this folder and those above it without it.",
      valueName: "file"),
    completion: .file())
  var config: String?

  @Flag(help: "Fail (exit status 4) where a gate is inconclusive.")
  var strict = false

  @Flag(help: "Put faults into copies of the baseline, and prove that each gate that should fail does.")
  var selfTest = false

  @Option(help: "What is printed.")
  var format = GateFormat.term

  @Option(help: ArgumentHelp("Write JUnit XML too.", valueName: "file"), completion: .file())
  var junit: String?

  @Option(help: ArgumentHelp("Write OpenMetrics text too.", valueName: "file"), completion: .file())
  var openmetrics: String?

  @Option(help: ArgumentHelp("Write SARIF too, for code scanning.", valueName: "file"), completion: .file())
  var sarif: String?

  @Option(
    help: ArgumentHelp(
      "Write Markdown too, with a picture of each gate that did not pass in an SVG file beside it.",
      valueName: "file"),
    completion: .file())
  var markdown: String?

  @Option(
    help: ArgumentHelp("Write Markdown for a comment too, its charts in characters.", valueName: "file"),
    completion: .file())
  var comment: String?

  @Option(help: ArgumentHelp("Write JSON too.", valueName: "file"), completion: .file())
  var json: String?

  @Option(help: ArgumentHelp("The most bytes of Markdown; failures are never left out.", valueName: "bytes"))
  var maxBytes = 65_536

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "The folder to put a report folder into: Markdown, HTML, pictures, JSON.", valueName: "folder"),
    completion: .directory)
  var output: String?

  @Flag(name: .shortAndLong, help: "Print nothing but what went wrong.")
  var quiet = false

  @OptionGroup var colours: ColourArguments
  @OptionGroup var redaction: RedactionArguments

  func validate() throws {
    guard maxBytes >= 256 else { throw ValidationError("--max-bytes wants at least 256") }
    guard output == nil || !selfTest else { throw ValidationError("--self-test makes no report for -o") }
  }

  func run() throws {
    let plan = try GateConfigurationFile.plan(at: config)
    let origin = self.baseline.isEmpty ? "\(plan.path): baseline" : "--baseline"
    let baselines: [String]
    do throws(UnknownBaseline) {
      baselines = try plan.baselinePaths(named: self.baseline)
    } catch {
      throw Failure(status: .unreadable, message: "\(origin): \(error)")
    }
    let (run, baseline) = try BaselineOpening.open(path, against: baselines, namedBy: origin)
    var runs = [run]
    if case .runs(let others) = baseline { runs += others }
    defer { Opening.tellFaults(of: runs) }
    let wantsWeights = plan.gates(forRunAt: run.path, named: run.name).enabled.contains { gate in
      if case .weights = gate.subject { true } else { false }
    }
    let weights =
      wantsWeights
      ? WeightsEvidence(of: run, baseline: baseline) : .unavailable("no gate asks for the weights")
    if selfTest { return try proveGates(plan, run, baseline, weights) }

    let report = GateEvaluation(run: run, baseline: baseline, weights: weights).report(plan: plan)
    let page = GateText(
      report, strict: strict, command: ShellText.command(PathBytes.arguments), run: run,
      baseline: baseline)
    try write(report, page, colours.fixing(redaction.cleaner(for: [run])))
    let status = ExitStatus(report.verdict(strict: strict))
    // A verdict on a part of the data is none.
    try Opening.requireAll(of: runs)
    if status != .success { throw status }
  }

  private func proveGates(
    _ plan: GatePlan, _ run: TrainingRun, _ baseline: GateBaseline, _ weights: WeightsEvidence
  ) throws {
    // The baseline's own data where there are curves, else the run that was given.
    let subject: TrainingRun
    if case .runs(let runs) = baseline, let first = runs.first { subject = first } else { subject = run }
    let test = GateSelfTest(
      plan: plan, run: subject, baseline: baseline, weights: weights,
      weightsCopy: GateSelfTest.weightsCopy(of: run, baseline: baseline))
    if !quiet || !test.isProven {
      try StandardStream.output.write(GateSelfTestText.text(test, configuration: plan.path, style: .current))
    }
    if !test.isProven { throw ExitStatus.failed }
  }

  private func write(_ report: GateReport, _ page: GateText, _ clean: @Sendable (String) -> String) throws {
    let file = Self.pathInRepository(report.configuration)
    let sarifText = clean(GateSARIF.text(report, strict: strict, file: file, version: Version.current))
    if let junit { try OutputFile.write(clean(GateJUnit.text(report, strict: strict)), to: junit) }
    if let openmetrics { try OutputFile.write(clean(GateOpenMetrics.text(report)), to: openmetrics) }
    if let sarif { try OutputFile.write(sarifText, to: sarif) }
    if let comment { try OutputFile.write(clean(page.markdown(maxBytes: maxBytes)), to: comment) }
    if let markdown {
      let folder = Path.parent(of: markdown)
      for file in page.files(name: Path.name(of: markdown), maxBytes: maxBytes) {
        try OutputFile.write(clean(file.text), to: Path.join(folder, file.path))
      }
    }
    if let json {
      try OutputFile.write(clean(GateJSON.value(report, strict: strict).indentedText), to: json)
    }

    let folder = output.map {
      ReportFolder(on: clean(Path.name(of: report.runName) + "-gate"), in: $0)
    }
    let files = folder == nil ? [] : page.reportFiles
    try folder?.write(cleaning: clean) { _ in files }

    let annotations = GateAnnotations.lines(report, strict: strict, file: file).map(clean)
    let isInGitHub = Environment["GITHUB_ACTIONS"] == "true"
    if let summary = Environment["GITHUB_STEP_SUMMARY"], !summary.isEmpty {
      do throws(SystemError) {
        try Files.append(clean(page.markdown(maxBytes: maxBytes)) + "\n", to: summary)
      } catch {
        // A verdict is worth more than its summary.
        try? StandardStream.error.write("\(ForeignText.line("\(error)"))\n")
      }
    }
    if !quiet || ExitStatus(report.verdict(strict: strict)) != .success {
      switch format {
      case .term:
        let location = folder.map { Path.join($0.path, "report.md") }
        try StandardStream.output.write(clean(page.terminalText(.current, location: location)))
      case .md: try StandardStream.output.write(clean(page.markdown(maxBytes: maxBytes)))
      case .html: try StandardStream.output.write(clean(page.html))
      case .mimebundle: try StandardStream.output.write(clean(page.mimeBundle))
      case .json:
        try StandardStream.output.write(clean(GateJSON.value(report, strict: strict).indentedText))
      case .junit: try StandardStream.output.write(clean(GateJUnit.text(report, strict: strict)))
      case .sarif: try StandardStream.output.write(sarifText)
      case .openmetrics: try StandardStream.output.write(clean(GateOpenMetrics.text(report)))
      case .github: try StandardStream.output.write(annotations.map { $0 + "\n" }.joined())
      }
    }
    // GitHub reads its commands from both streams; a document on the output stays whole.
    if isInGitHub, format != .github, !annotations.isEmpty {
      try (format == .term ? StandardStream.output : .error).write(annotations.map { $0 + "\n" }.joined())
    }
  }

  /// The path of the configuration as the repository knows it, where GitHub says where that lies.
  private static func pathInRepository(_ config: String) -> String {
    guard let workspace = Environment["GITHUB_WORKSPACE"], let root = try? Files.realPath(of: workspace),
      let real = try? Files.realPath(of: config), real.hasPrefix(root + "/")
    else { return config }
    return String(real.dropFirst(root.count + 1))
  }
}

/// What `ftreport gate` can print.
enum GateFormat: String, CaseIterable, FormatWord {
  case term, md, html, json, mimebundle, junit, openmetrics, sarif, github
}
