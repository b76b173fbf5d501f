import Analysis
import ArgumentParser
import EventFile
import FileSystem
import Process
import Report
import RunFolder

/// `ftreport watch`: a run, or a folder of runs, as it grows.
struct WatchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "watch",
    abstract: "Shows a run, or a folder of runs, as it grows.",
    discussion: """
      The summary of 'ftreport PATH', drawn again within a second of new records. Nothing is written. Ctrl-C ends it.

        ftreport watch saves/qwen3/lora/sft
        ftreport watch --until non_finite,diverged,overfitting saves/a && echo fine
        ftreport watch --notify 'notify-send "$FTREPORT_RUN" "$FTREPORT_TEXT"' saves
        ftreport watch --once --until diverged saves/a      for cron

      --until ends with status 1 as soon as a run has one of these findings, so that a script can stop the training. \
      --notify runs a command of the shell once for every finding that is a warning or a failure, with FTREPORT_RUN, \
      FTREPORT_FINDING, FTREPORT_STEP and FTREPORT_TEXT in its environment.

      A run that is being written has not stopped early: that finding is left out.
      """)

  @Argument(
    help: "A run folder, an event file, a trainer's output folder, or a folder of runs.", completion: .file())
  var path: String

  @Option(
    help: ArgumentHelp(
      "End with status 1 at one of these findings, with commas between them.", valueName: "kinds"),
    transform: Self.kinds)
  var until: [Finding.Kind] = []

  @Option(help: ArgumentHelp("Run this for every new warning or failure.", valueName: "command"))
  var notify: String?

  @Flag(help: "Look once, and end.")
  var once = false

  @OptionGroup var analysis: AnalysisArguments

  func run() throws {
    var state: FolderState?
    var style: TerminalStyle?
    var told: Set<String> = []
    let files = FollowedEventFiles()
    var analyses: [RunAnalysis] = []
    if StandardStream.output.isTerminal, !once { try StandardStream.output.write("\u{1b}[2J") }
    let clock = ContinuousClock()
    while true {
      let start = clock.now
      var watch = ChangeWatch()
      let (now, wanted) = (FolderState(of: path, &watch), TerminalStyle.current)
      if now != state || wanted != style {
        (state, style) = (now, wanted)
        let found = try draw(wanted, isThere: !now.isEmpty, files, &analyses)
        for (run, finding) in found { tell(finding, of: run, told: &told) }
        if let (run, finding) = found.first(where: { until.contains($0.finding.kind) }) {
          throw Failure(status: .failed, message: "\(ForeignText.line(run)): \(finding.kind.rawValue)")
        }
      }
      if once { return }
      // A big folder takes long to read: no more than a twentieth of the time goes into that.
      Shell.pause(milliseconds: max(400, 19 * Int((clock.now - start) / .milliseconds(1))))
      // What is not there yet, and what other machines write to, is looked at again; the rest tells by itself, and is
      // looked at now and then all the same, should it stand on a file system that keeps silent.
      if watch.isWhole, !now.isEmpty { watch.wait(milliseconds: 10_000) }
    }
  }

  /// Draws what is there, and returns its findings.
  ///
  /// - Parameters:
  ///   - files: the event files as they were read before.
  ///   - analyses: what was drawn before, which holds for runs that are as they were.
  private func draw(
    _ style: TerminalStyle, isThere: Bool, _ files: FollowedEventFiles, _ analyses: inout [RunAnalysis]
  ) throws -> [(run: String, finding: Finding)] {
    var text = ""
    var found: [(run: String, finding: Finding)] = []
    do throws(RunFolderError) {
      let runs = try OpenedFolder(
        opening: path, acceptsCheckpoints: true, longestRecord: LongestRecord.current, following: files
      ).runs
      let options = analysis.options
      let known = Dictionary(analyses.map { ($0.run.path, $0) }) { first, _ in first }
      analyses = concurrentMap(count: runs.count) { index in
        if let before = known[runs[index].path], before.run == runs[index] { return before }
        return RunAnalysis(of: runs[index], options: options)
      }
      for index in analyses.indices { analyses[index].findings.removeAll { $0.kind == .stoppedEarly } }
      found = analyses.flatMap { analysis in analysis.findings.map { (analysis.run.name, $0) } }
      text =
        analyses.count == 1
        ? RunReport(analyses[0]).terminalText(style)
        : OverviewReport(analyses, title: path).terminalText(style)
    } catch {
      // The first records of a run may not be there yet.
      guard !once else { throw Failure(status: .unreadable, lines: error.lines) }
      text = (["\(path): waiting for a run"] + (isThere ? error.lines : [])).map {
        ForeignText.line($0) + "\n"
      }.joined()
    }
    guard StandardStream.output.isTerminal, !once else {
      try StandardStream.output.write(text + (once ? "" : "\n"))
      return found
    }
    // From the upper left, each line up to its end, and what is below it cleared: nothing flickers, nothing scrolls.
    let rows = max((StandardStream.output.rows ?? 50) - 1, 5)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).prefix(rows)
    try StandardStream.output.write("\u{1b}[H\(lines.joined(separator: "\u{1b}[K\n"))\u{1b}[J")
    return found
  }

  /// Runs the command for a finding that was not told before.
  private func tell(_ finding: Finding, of run: String, told: inout Set<String>) {
    guard let notify, finding.severity >= .warning else { return }
    let name = "\(run)\n\(finding.kind.rawValue)\n\(finding.metric)"
    guard told.insert(name).inserted else { return }
    let step = finding.step.map { "\($0)" } ?? ""
    Shell.run(
      notify,
      variables: [
        ("FTREPORT_RUN", run), ("FTREPORT_FINDING", finding.kind.rawValue), ("FTREPORT_STEP", step),
        ("FTREPORT_TEXT", FindingText.sentence(finding)),
      ])
  }

  private static func kinds(_ text: String) throws -> [Finding.Kind] {
    try text.split(separator: ",").map { name in
      guard let kind = Finding.Kind(rawValue: String(name)) else {
        let names = Finding.Kind.allCases.map(\.rawValue)
        let nearest = Suggestion.nearest(to: String(name), among: names).map { "; did you mean \($0)?" } ?? ""
        throw ValidationError("'\(name)' is no finding\(nearest)")
      }
      return kind
    }
  }
}
