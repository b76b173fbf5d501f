import Analysis
import ArgumentParser
import Experiment
import FileSystem
import Process
import Report
import RunFolder

/// `ftreport` itself: a page and pictures of a run, or of many.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Writes a report of a run, or of many, and prints a summary.",
    discussion: """
      This is the default: 'ftreport PATH' is 'ftreport report PATH'. A path is a folder of event files, an event \
      file, a trainer's output folder (with runs/, trainer_state.json, trainer_log.jsonl, checkpoint-*/), or a folder \
      of any number of them, which gets an overview and a page for each run. A folder with checkpoints and no logs \
      gets a page on its checkpoints, one with pictures, texts or histograms and no scalars a page of these.

        ftreport runs/Jan08_host            writes Jan08_host.report/ here
        ftreport -o docs saves/a            writes docs/a.report/
        ftreport --format md saves/a >a.md  the page alone, on standard output
        ftreport --metric 'eval/*' --x epoch saves/a
        ftreport saves/a saves/b            an overview of both, a page for each
        find . -name 'run-*' | ftreport --format ndjson --paths-from -
        ssh host cat run/events.out.tfevents.1 | ftreport -

      Runs that differ by their seed alone are one group: its row has the mean, the spread and the range over the seeds, \
      groups.csv in the report folder its steps. The page also says what each setting explains. --group-by \
      learning_rate,r groups by those settings alone.

      HF Trainer logs into <output_dir>/runs/<date>_<host>: such a folder, given alone, is reported with the \
      checkpoints and the trainer's files of its output folder where they are its own.

      svg and png are the picture of the losses alone; png is made by rsvg-convert, where that is installed.

      ndjson is for many runs: a line of JSON for each, and for a path that cannot be read a line with its "path" and \
      the "error"; the exit status is then 3, with every line written.

      What the system does not let be read is listed on the page; the exit status is then 3, with everything written.

      A report folder is replaced by the next report; files that you put into it stay. A folder that ftreport did not \
      write is never touched.
      """)

  @OptionGroup var arguments: PathArguments

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The folder to put the report folder into.", valueName: "folder"),
    completion: .directory)
  var output: String?

  @Option(help: "Print the report in this format, and write no file.")
  var format: ReportFormat?

  @Option(help: ArgumentHelp("Further metrics to draw, by their tags; can be repeated.", valueName: "glob"))
  var metric: [String] = []

  @Option(name: .customLong("x"), help: "What the horizontal axes count.")
  var axis = HorizontalAxis.step

  @Flag(help: "Make the horizontal axes logarithmic, of steps or epochs.")
  var logx = false

  @OptionGroup(title: "Options for pictures of losses") var look: PictureArguments
  @Option(
    help: ArgumentHelp(
      "The most bytes of pictures and sounds of the training's own in a report.", valueName: "bytes"))
  var maxMedia = ByteCount(4 << 20)

  @Option(
    help: ArgumentHelp(
      "The training loss that is wanted by the planned end: the forecast of an unfinished run says whether it will reach it.",
      valueName: "loss"))
  var target: Double?

  @OptionGroup var grouping: GroupingArguments
  @OptionGroup var analysis: AnalysisArguments
  @OptionGroup var colours: ColourArguments
  @OptionGroup var redaction: RedactionArguments

  @Flag(help: "Look into the weights of checkpoints also for ndjson, as the page of one run does.")
  var weights = false

  @Flag(name: .shortAndLong, help: "Print nothing but what went wrong.")
  var quiet = false

  func validate() throws {
    guard format == nil || output == nil else {
      throw ValidationError("--format prints to standard output, -o writes a folder: choose one of them")
    }
    guard !logx || axis == .step || axis == .epoch else {
      throw ValidationError("--logx goes with --x step or epoch: times have no logarithmic axis")
    }
  }

  /// How the runs are examined.
  var examination: AnalysisOptions {
    var options = analysis.options
    options.target = target
    return options
  }

  func run() throws {
    if format == .ndjson { return try writeLines() }
    let folders = try Opening.open(try arguments.all(), acceptsCheckpoints: true, acceptsValues: true)
    var runs = folders.flatMap(\.runs)
    TrainingRun.tellApart(&runs)
    _ = try Opening.selection(metric, in: runs)
    let clean = colours.fixing(redaction.cleaner(for: runs))
    let target = ReportFolder(on: clean(name(of: folders)), in: output ?? "")
    if format == nil { try target.check() }
    // Only the pages of a folder, or the one page, have room for checkpoints.
    let detailed = runs.count == 1 || format == nil ? runs : []
    let histories = concurrentMap(count: detailed.count) { CheckpointHistory(of: detailed[$0]) }
    let report = try presentation(of: runs, histories, folders)
    if format == .svg || format == .png {
      guard let picture = report.picture else {
        throw Failure(status: .unreadable, message: "there is no loss to draw")
      }
      return try PictureArguments.write(clean(picture), asPNG: format == .png)
    }
    if let format {
      // Lines were printed above, of one run at a time: what is left is a format of every verb.
      try report.print(in: PageFormat(rawValue: format.rawValue) ?? .json, clean)
    } else {
      try target.write(parts: report.partCount, cleaning: clean) { report.files(ofPart: $0) }
      if !quiet {
        let page = Path.join(target.path, "report.md")
        try StandardStream.output.write(clean(report.terminalText(.current, location: page)))
      }
    }
    Opening.tellFaults(of: runs)
    let isRefused = Opening.tellRefusals(in: histories)
    if isRefused || !folders.allSatisfy(\.isReadWhole) { throw ExitStatus.unreadable }
  }

  private func presentation(
    of runs: [TrainingRun], _ histories: [CheckpointHistory?], _ folders: [OpenedFolder]
  ) throws(Failure) -> any Presentation {
    let examination = self.examination
    let analyses = concurrentMap(count: runs.count) {
      RunAnalysis(of: runs[$0], options: examination)
        .considering(histories.indices.contains($0) ? histories[$0] : nil)
    }
    var options = ReportOptions(axis: axis, metricPatterns: metric)
    options.isAxisLogarithmic = logx
    options.picture = look.options
    // What a picture shows cannot be redacted.
    let limits = ValueLimits(mediaByteCount: redaction.redact ? 0 : maxMedia.count)
    let values = histories.isEmpty ? [] : runs.map { RunValues(of: $0, limits: limits) }
    if analyses.count == 1 {
      return RunReport(analyses[0], checkpoints: histories[0], values: values[0], options: options)
    }
    let sweep = try grouping.sweep(of: analyses)
    return OverviewReport(
      analyses, checkpoints: histories, values: values, sweep: sweep, title: name(of: folders),
      problems: folders.flatMap(\.problems),
      sessions: HyperparameterTable(of: runs, skipped: folders.flatMap(\.skipped)), options: options)
  }

  /// What the report is named after: the run, or the folder of the runs.
  private func name(of folders: [OpenedFolder]) -> String {
    let runs = folders.flatMap(\.runs)
    if runs.count == 1 { return Path.name(of: runs[0].name) }
    guard folders.count == 1 else { return "runs" }
    let path = folders[0].path
    return Path.name(of: (try? Files.realPath(of: path)) ?? path)
  }
}

/// The formats of a report for standard output: those of every verb, and a line of JSON for each run.
enum ReportFormat: String, CaseIterable, FormatWord {
  case md, html, term, json, mimebundle, ndjson, svg, png
}
