import ArgumentParser
import Bytes
import Report
import RunFolder

/// `ftreport export`: every point for other programs.
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Prints every point as it stands in the files, in file order.",
    discussion: """
      A line has the run, file, tag, step, wall time (seconds since 1970) and value. Points that a resumed run wrote \
      again later, and those of another training in the same folder, are marked as superseded; a point that repeats a \
      step which stands as it was first written, as a final evaluation does, as duplicate. NaN and infinities are \
      "NaN", "Infinity" and "-Infinity". A run without event files gives the \
      points of its trainer_state.json or trainer_log.jsonl, which have no wall times.

        ftreport export saves/a | grep '"train/loss"'
        ftreport export --metric 'eval/*' --format csv saves >eval.csv
        ftreport export saves/a | jq -c 'select((.superseded or .duplicate)|not)|[.step,.value]'
        ftreport export --format arrow saves >points.arrows
        find . -name 'run-*' | ftreport export --paths-from - --format arrow

      Arrow is an IPC stream with the same columns: run, file and tag as dictionaries, step as int64, wall_time and \
      value as float64, superseded and duplicate as bool. pyarrow, polars, DuckDB and pandas read it.

      Of many paths the unreadable ones are told on standard error, and the others are printed.

      Exit status: 0, 2 for wrong usage, or 3 where a path is no run or unreadable.
      """)

  @OptionGroup var arguments: PathArguments

  @Option(help: "How the points are written.")
  var format = Format.ndjson

  @Option(help: ArgumentHelp("Only tags that fit the pattern; can be repeated.", valueName: "glob"))
  var metric: [String] = []

  @Flag(
    help: """
      In CSV, leave names that begin like a formula (=, +, -, @) as they are; without it an apostrophe before them keeps \
      spreadsheets from calculating them.
      """)
  var rawNames = false

  /// How points are written.
  enum Format: String, CaseIterable, ExpressibleByArgument {
    case ndjson, csv, arrow
  }

  func run() throws {
    let results = Opening.results(try arguments.all())
    if results.count == 1 { _ = try results[0].get() }
    var runs: [TrainingRun] = []
    var status = ExitStatus.success
    for result in results {
      do throws(Failure) {
        runs += try Opening.told(result).runs
      } catch {
        try StandardStream.error.write(error.text)
        status = .unreadable
      }
    }
    if runs.isEmpty { throw status }
    TrainingRun.tellApart(&runs)
    let selection = try Opening.selection(metric, in: runs)
    let exported = zip(runs, selection.tags).map(ExportedRun.init)
    let sink: any PointSink =
      switch format {
      case .ndjson: PointWriter(.ndjson)
      case .csv: PointWriter(.csv, keepsFormulas: rawNames)
      case .arrow:
        try ArrowPointWriter(
          runs: exported.map(\.name), files: exported.flatMap(\.paths), tags: exported.flatMap(\.tags))
      }
    for run in exported { try run.write(to: sink) }
    try sink.finish()
    Opening.tellFaults(of: runs)
    if status != .success { throw status }
  }
}
