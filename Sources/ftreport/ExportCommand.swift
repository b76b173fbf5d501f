import ArgumentParser
import FileSystem
import Report
import RunFolder
import SQLite

/// `ftreport export`: every point for other programs.
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Prints every point as it stands in the files, in file order; with --kind, other data too.",
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

        ftreport export --kind histograms saves/a | jq -c '[.tag,.step,.counts]'
        ftreport export --kind images --media pictures saves/a >pictures.ndjson
        ftreport export --kind hparams --format latex saves >sessions.tex
        ftreport export --kind all --format sqlite -o history.db saves

      With --kind, the values of TensorBoard's other plugins are printed: track by track, by their steps, those that a \
      resumed run wrote again last and marked. Pictures and sounds are given by type, size and checksum; --media puts \
      them into a folder under their checksums, with a list, except what is no picture or sound, or claims to be too \
      large.

      Hparams as csv or latex are one table of all sessions: their hyperparameters, the last values of the metrics that \
      they are judged by, and how they ended.

      Sqlite is a database of runs, tags, points, settings, findings, checkpoints and tensors, written in one \
      transaction; a run that is exported again takes its own place, all others stay. docs/plugins.md has its tables.

      Arrow is an IPC stream with the same columns: run, file and tag as dictionaries, step as int64, wall_time and \
      value as float64, superseded and duplicate as bool. pyarrow, polars, DuckDB and pandas read it.

      Of many paths the unreadable ones are named on standard error, and the others are printed.

      Exit status: 0, 2 for wrong usage, or 3 where a path is no run or unreadable.
      """)

  @OptionGroup var arguments: PathArguments

  @Option(help: "How the points are written.")
  var format = Format.ndjson

  @Option(help: "What is exported, scalars where nothing is said; can be repeated.")
  var kind: [ExportKind] = []

  @Option(
    help: ArgumentHelp("The folder that pictures and sounds are put into.", valueName: "folder"),
    completion: .directory)
  var media: String?

  @Option(help: ArgumentHelp("The most bytes of pictures and sounds in that folder.", valueName: "bytes"))
  var maxMedia = ByteCount(1 << 30)

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The database that sqlite writes.", valueName: "file"),
    completion: .file())
  var output: String?

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
    case ndjson, csv, arrow, sqlite, latex
  }

  func validate() throws {
    guard (format == .sqlite) == (output != nil) else {
      throw ValidationError("--format sqlite writes a file: name it with -o; other formats print")
    }
    let (scalars, values) = ExportKind.wanted(kind)
    switch format {
    case .arrow where !values.isEmpty: throw ValidationError("--format arrow has scalars alone")
    case .latex where scalars || values != [.hparams]:
      throw ValidationError("--format latex is for --kind hparams alone")
    case .csv where !values.isEmpty:
      let isTable = values == [.hparams] || ValueTableWriter.columns(values[0]) != nil
      guard !scalars, values.count == 1, isTable else {
        throw ValidationError(
          "--format csv has one kind at a time: scalars, histograms, images, audio, text, pr-curves, hparams or graphs"
        )
      }
    default: break
    }
  }

  func run() throws {
    let results = Opening.results(
      try arguments.all(), acceptsValues: !ExportKind.wanted(kind).values.isEmpty)
    if results.count == 1 { _ = try results[0].get() }
    var runs: [TrainingRun] = []
    var status = ExitStatus.success
    for result in results {
      do throws(Failure) {
        let folder = try Opening.told(result)
        runs += folder.runs
        if !folder.isReadWhole { status = .unreadable }
      } catch {
        try StandardStream.error.write(error.text)
        status = .unreadable
      }
    }
    if runs.isEmpty { throw status }
    TrainingRun.tellApart(&runs)
    try write(runs)
    Opening.tellFaults(of: runs)
    if status != .success { throw status }
  }

  private func write(_ runs: [TrainingRun]) throws {
    let (scalars, kinds) = ExportKind.wanted(kind)
    let wanted = try Opening.selection(metric, in: runs, kinds: kinds).tags
    let folder = try media.map { try MediaFolder($0, limit: maxMedia.count) }
    if format == .sqlite {
      try writeDatabase(runs, wanted, scalars: scalars, ValueWriter(kinds, media: folder))
    } else {
      if scalars { try writePoints(runs, wanted) }
      if format == .latex {
        try StandardStream.output.write(HyperparameterTableWriter.latex(runs))
      } else if format == .csv, kinds == [.hparams] {
        try StandardStream.output.write(HyperparameterTableWriter.csv(runs, keepsFormulas: rawNames))
      } else if format == .csv, let kind = kinds.first {
        let table = try ValueTableWriter(kind, media: folder, keepsFormulas: rawNames)
        for (run, wanted) in zip(runs, wanted) { try table.write(run, wanted: wanted) }
      } else if !kinds.isEmpty {
        let values = ValueWriter(kinds, media: folder)
        for (run, wanted) in zip(runs, wanted) { try values.write(run, wanted: wanted) }
      }
    }
    try folder?.finish()
    if let folder, folder.omittedCount > 0 {
      let words = Words.count(folder.omittedCount, "media file")
      try StandardStream.error.write("\(words) left out: --max-media is \(maxMedia)\n")
    }
  }

  private func writePoints(_ runs: [TrainingRun], _ wanted: [Set<String>?]) throws {
    let exported = zip(runs, wanted).map(ExportedRun.init)
    let sink: any PointSink =
      switch format {
      case .csv: PointWriter(.csv, keepsFormulas: rawNames)
      case .arrow:
        try ArrowPointWriter(
          runs: exported.map(\.name), files: exported.flatMap(\.paths), tags: exported.flatMap(\.tags))
      case .ndjson, .sqlite, .latex: PointWriter(.ndjson)
      }
    for run in exported { try run.write(to: sink) }
    try sink.finish()
  }

  private func writeDatabase(
    _ runs: [TrainingRun], _ wanted: [Set<String>?], scalars: Bool, _ values: ValueWriter
  ) throws {
    var writer: DatabaseWriter?
    do {
      let database = try DatabaseWriter(output ?? "")
      writer = database
      for (run, wanted) in zip(runs, wanted) {
        try database.begin(run)
        if scalars { try ExportedRun(run, wanted: wanted).write(to: database) }
        try database.add(values, of: run, wanted: wanted)
      }
      if let failure = database.failure { throw failure }
      try database.finish()
    } catch {
      throw Failure(status: .usage, message: "\(writer?.failure ?? (error as? SQLiteError) ?? error)")
    }
  }
}
