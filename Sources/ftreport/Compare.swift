import ArgumentParser
import Checkpoint
import Experiment
import FileSystem
import Report
import RunFolder

/// `ftreport compare`: what differs, and by how much.
struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Compares runs with the first of them, two checkpoints, or the saves of one training.",
    discussion: """
      Runs are held against the first one over the part that all have: settings that differ, each metric with its \
      difference, interval and verdict, where the curves part, and how long each took to the same loss. Runs that saw \
      the same data in the same order are compared step by step. The last weights of two runs are compared too.

      Of three runs or more, those that differ by their seed alone are one group, and groups are held against that of the \
      first run by the spread of their seeds; --group-by none compares run by run.

      Of checkpoints, adapters are compared by the change ΔW that they make to each module, other weights element by \
      element. Where trainer_state.json stands beside the checkpoints, the losses at both steps are shown too. Saves of \
      one training are taken in the order of their steps; three or more are a history, each held against the one before.

        ftreport compare saves/base saves/new
        ftreport compare -o docs --x epoch saves/a saves/b saves/c
        ftreport compare --format svg --width 1200 saves/a saves/b >ab.svg
        ftreport compare a/checkpoint-500 a/checkpoint-1000
        ftreport compare a/checkpoint-*
        ftreport compare --alpha 16 fsdp/checkpoint-500 fsdp/checkpoint-1000
        ftreport compare --base Qwen3-4B a/checkpoint-500 a/checkpoint-1000
        ftreport compare --merge a/adapter b/adapter
        ftreport compare --format json old.safetensors new.safetensors

      Exit status: 0, 2 for wrong usage, or 3 where a path is nothing to compare or broken.
      """)

  @Argument(
    help: "Runs, the one that the others are held against first; or checkpoints.", completion: .file())
  var paths: [String]

  @Option(
    help: ArgumentHelp(
      "The α of adapters whose adapter_config.json is missing, as FSDP's shards are saved.",
      valueName: "number"))
  var alpha: Double?

  @Option(help: ArgumentHelp("The model that adapters were trained on (checkpoints).", valueName: "model"))
  var base: String?

  @Flag(
    help: "Say how adapters would merge: conflicts of signs, cosines, what a mean, a sum and TIES would keep."
  )
  var merge = false

  @Option(help: "Print the comparison in this format, and write no file.")
  var format: ComparisonFormat?

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The folder to put a report folder with pictures into.", valueName: "folder"),
    completion: .directory)
  var output: String?

  @OptionGroup(title: "Options for runs") var runs: RunComparisonArguments
  @OptionGroup(title: "Options for pictures of losses") var look: PictureArguments
  @OptionGroup var colours: ColourArguments
  @OptionGroup var redaction: RedactionArguments

  func validate() throws {
    guard format == nil || output == nil else {
      throw ValidationError("--format prints to standard output, -o writes a folder: choose one of them")
    }
  }

  func run() throws {
    if merge { return try mergeAdapters() }
    let kinds = paths.map { (path: $0, recognised: Save.recognition(of: $0)) }
    let saves = kinds.compactMap { kind in kind.recognised.map { (path: kind.path, recognised: $0) } }
    guard let save = saves.first?.path else { return try compareRuns() }
    if let other = kinds.first(where: { $0.recognised == nil })?.path {
      // What is neither a checkpoint nor a run says so itself.
      _ = try Opening.open(other)
      throw Failure(
        status: .usage,
        message: "\(save) is a checkpoint and \(other) is a run: compare two checkpoints, or runs")
    }
    let clean = colours.fixing(redaction.cleaner(for: []))
    try CompareSaves(saves, base: base, alpha: alpha).run(
      format: try format.map { try page($0, "checkpoints have no picture of losses") }, output: output, clean)
  }

  private func mergeAdapters() throws {
    guard paths.count >= 2, output == nil, base == nil else {
      throw Failure(status: .usage, message: "--merge takes two adapters or more, and neither -o nor --base")
    }
    let report: MergeReport
    do throws(CheckpointError) {
      var saves: [Save] = []
      for path in paths { saves.append(try Save(opening: path, alpha: alpha)) }
      report = MergeReport(
        try AdapterMerge(of: saves.map(\.checkpoint), configurations: saves.map(\.configuration)))
    } catch {
      throw Failure(status: .unreadable, message: error.description)
    }
    let format = try format.map { try page($0, "--merge draws no picture") }
    try report.print(in: format ?? .term)
  }

  /// The format of a page; a failure that says why for that of a picture.
  private func page(_ format: ComparisonFormat, _ reason: String) throws(Failure) -> PageFormat {
    guard let page = format.page else {
      throw Failure(
        status: .usage,
        message: "--format \(format.rawValue): \(reason); take md, html, term, json or mimebundle")
    }
    return page
  }

  private func compareRuns() throws {
    let (report, runs) = try CompareRuns.report(
      // What a picture shows cannot be redacted.
      paths, self.runs, look: look.options, keepsPictures: !redaction.redact)
    defer { Opening.tellFaults(of: runs) }
    let clean = colours.fixing(redaction.cleaner(for: runs))
    try write(report, name: CompareRuns.name(runs), clean)
    try Opening.requireAll(of: runs)
  }

  private func write(
    _ report: any Presentation, name: String, _ clean: @Sendable (String) -> String
  ) throws {
    if let format {
      guard let page = format.page else {
        guard let picture = report.picture else {
          throw Failure(status: .unreadable, message: "there is no loss to draw that the runs have in common")
        }
        return try PictureArguments.write(clean(picture), asPNG: format == .png)
      }
      return try report.print(in: page, clean)
    }
    guard let output else { return try StandardStream.output.write(clean(report.terminalText(.current))) }
    let folder = ReportFolder(on: clean(name), in: output)
    try folder.write(parts: report.partCount, cleaning: clean) { report.files(ofPart: $0) }
    try StandardStream.output.write(
      clean(report.terminalText(.current, location: Path.join(folder.path, "report.md"))))
  }
}
