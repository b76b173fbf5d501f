import Analysis
import ArgumentParser
import FileSystem
import GateConfiguration
import Report
import RunFolder

/// `ftreport calibrate`: the figures of several good runs.
struct CalibrateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "calibrate",
    abstract: "Turns good runs into one small golden file for 'ftreport gate'.",
    discussion: """
      The file has the figures of every metric, their spread between the runs (the seeds), a curve of at most 64 places \
      by which a failing gate tells where a run left them, and where they come from. With two runs or more, gates can \
      take the margin 'seed'; with three or more, a run fails only beyond what one more run of the same kind would show.

        ftreport calibrate saves/seed1 saves/seed2 saves/seed3 -o golden/sft.json
      """)

  @Argument(help: "The good runs.", completion: .file())
  var paths: [String]

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The golden file; standard output without it.", valueName: "file")
  )
  var output: String?

  @Option(
    help: ArgumentHelp(
      "The share of the points, from the end, that levels are computed over; 10% without it.",
      valueName: "share"),
    transform: Share.init(argument:))
  var window = Share(0.1)

  @OptionGroup var redaction: RedactionArguments

  func run() throws {
    let runs = try Opening.open(paths).flatMap(\.runs)
    var golden: GoldenBaseline
    do throws(GoldenBaseline.Failure) {
      golden = try GoldenBaseline(calibrating: runs, window: window.value, confidence: 0.95)
    } catch {
      throw Failure(status: .unreadable, message: Self.words(error))
    }
    Opening.tellFaults(of: runs)
    try Opening.requireAll(of: runs)
    try tellDifferences(of: runs)
    // The file leads to its runs from where it lies.
    let folder = output.map { Path.parent(of: $0) } ?? ""
    for index in golden.runs.indices {
      golden.runs[index].path = Files.relativePath(of: golden.runs[index].path, from: folder)
    }
    let text = redaction.cleaner(for: runs)(golden.fileText(writtenBy: "ftreport \(Version.current)"))
    guard let output else { return try StandardStream.output.write(text) }
    try OutputFile.write(text, to: output)
    let seeds = golden.runs.count < 2 ? "; one run has no spread, so the margin 'seed' will find no data" : ""
    try StandardStream.error.write(
      "\(ForeignText.line(output)): \(Words.count(golden.metrics.count, "metric")) of \(Words.count(golden.runs.count, "run"))\(seeds)\n"
    )
  }

  /// Says in what the runs differ beside their seeds: their spread is then not that of seeds alone.
  private func tellDifferences(of runs: [TrainingRun]) throws {
    let settings = VaryingSettings(of: runs).settings.filter { $0.origin != .name }
    guard !settings.isEmpty else { return }
    let names = settings.prefix(8).map { setting in
      "\(setting.name) (\(setting.levels.prefix(4).joined(separator: ", "))\(setting.levels.count > 4 ? ", …" : ""))"
    }
    try StandardStream.error.write(
      "note: the runs differ in more than their seeds, so that their spread is not that of seeds alone: "
        + ForeignText.line(names.joined(separator: "; ")) + "\n")
  }

  private static func words(_ failure: GoldenBaseline.Failure) -> String {
    switch failure {
    case .noRuns: "no run was given"
    case .noMetrics(let run): "\(run): has no metric"
    case .badRun(let run, let kind, let step):
      "\(run): is no good run: \(Words.finding(kind, step))"
    case .sameRun(let run, let other):
      "\(run): has the same points as \(other); a golden file wants runs of other seeds"
    case .outlier(let run, let metric, let distance):
      "\(run): is not of the other runs' kind: its \(metric) is \((distance * 1000).rounded() / 10) % from their mean; leave it out, or look at what differs"
    case .nothingInCommon: "the runs have no metric in common that can be compared"
    }
  }
}
