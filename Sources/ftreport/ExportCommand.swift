import ArgumentParser
import Bytes
import EventFile
import RunFolder

/// `ftreport export`: every point for other programs.
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Prints every point as it stands in the files, in file order.",
    discussion: """
      A line has the run, file, tag, step, wall time (seconds since 1970) and value. Points that a resumed run wrote \
      again later, and those of another training in the same folder, are marked as superseded; a point that repeats a \
      step which stands as it was first written, as a final evaluation does, as duplicate. NaN and infinities are "NaN", "Infinity" and "-Infinity". A run without \
      event files gives the points of its trainer_state.json or trainer_log.jsonl.

        ftreport export saves/a | grep '"train/loss"'
        ftreport export --metric 'eval/*' --format csv saves >eval.csv
        ftreport export saves/a | jq -c 'select((.superseded or .duplicate)|not)|[.step,.value]'
      """)

  @Argument(
    help: "A run folder, an event file, a trainer's output folder, or a folder of many.", completion: .file())
  var path: String

  @Option(help: "How the points are written.")
  var format = PointWriter.Format.ndjson

  @Option(help: ArgumentHelp("Only tags that fit the pattern; can be repeated.", valueName: "glob"))
  var metric: [String] = []

  @Flag(
    help: """
      In CSV, leave names that begin like a formula (=, +, -, @) as they are; without it an apostrophe before them keeps \
      spreadsheets from calculating them.
      """)
  var rawNames = false

  func run() throws {
    let folder = try Opening.open(path)
    let selection = try Opening.selection(metric, in: folder.runs)
    let writer = PointWriter(format, keepsFormulas: rawNames)
    for (index, run) in folder.runs.enumerated() {
      var replaced = MarkedPoints(run)
      let tags = selection.tags[index]
      if run.source == .eventFiles {
        for file in run.eventFiles { try write(file.path, of: run, tags, &replaced, to: writer) }
      } else {
        try writeTrainerFile(of: run, tags, &replaced, to: writer)
      }
    }
    try writer.flush()
    Opening.tellFaults(of: folder.runs)
  }

  private func write(
    _ file: String, of run: TrainingRun, _ tags: Set<String>?, _ replaced: inout MarkedPoints,
    to writer: PointWriter
  ) throws {
    // What a line of each of the file's series begins with; nil where the tag is not wanted.
    var openings: [[UInt8]?] = []
    var failure: SystemError?
    var rest = replaced
    let isForeign = run.otherTrainings.contains { $0.files.contains(file) }
    try EventFileContents.visitPoints(of: file) { point in
      while openings.count <= point.series { openings.append([]) }
      if openings[point.series]?.isEmpty == true {
        let isWanted = tags?.contains(point.tag) ?? true
        openings[point.series] = isWanted ? writer.opening(run: run.name, file: file, tag: point.tag) : nil
      }
      guard failure == nil, let opening = openings[point.series] else { return }
      let value = Point(step: point.step, wallTime: point.wallTime, value: point.value)
      do throws(SystemError) {
        let mark = isForeign ? .superseded : rest.take(value, of: point.tag)
        try writer.write(value, mark, after: opening)
      } catch {
        failure = error
      }
    }
    replaced = rest
    if let failure { throw failure }
  }

  /// Writes the points of the trainer's own file, which a run without event files was made from.
  private func writeTrainerFile(
    of run: TrainingRun, _ tags: Set<String>?, _ replaced: inout MarkedPoints, to writer: PointWriter
  ) throws {
    let isLog = run.source == .trainerLog
    guard let path = isLog ? run.trainerLog?.path : run.trainerState?.path,
      let columns = isLog ? run.trainerLog?.series : run.trainerState?.series
    else { return }
    for series in columns where tags?.contains(series.tag) ?? true {
      let opening = writer.opening(run: run.name, file: path, tag: series.tag)
      for point in series {
        try writer.write(point, replaced.take(point, of: series.tag), after: opening)
      }
    }
  }
}

extension PointWriter.Format: ExpressibleByArgument {}

/// The points of a run that do not stand, to be recognised in its files.
struct MarkedPoints {
  private struct Key: Hashable {
    var step: Int64
    var wallTime: UInt64
    var value: UInt64
  }

  /// For each tag with such points, how often each occurs.
  private var superseded: [String: [Key: Int]] = [:]
  private var duplicates: [String: [Key: Int]] = [:]

  init(_ run: TrainingRun) {
    for metric in run.metrics {
      if !metric.superseded.isEmpty { superseded[metric.tag] = Self.counts(metric.superseded) }
      if !metric.duplicates.isEmpty { duplicates[metric.tag] = Self.counts(metric.duplicates) }
    }
  }

  /// How `point` is marked; each of them is found once.
  mutating func take(_ point: Point, of tag: String) -> PointWriter.Mark? {
    if superseded.isEmpty && duplicates.isEmpty { return nil }
    let key = Self.key(point)
    if Self.take(key, tag, &superseded) { return .superseded }
    return Self.take(key, tag, &duplicates) ? .duplicate : nil
  }

  private static func take(_ key: Key, _ tag: String, _ counts: inout [String: [Key: Int]]) -> Bool {
    guard let count = counts[tag]?[key] else { return false }
    counts[tag]?[key] = count > 1 ? count - 1 : nil
    return true
  }

  private static func counts(_ series: Series) -> [Key: Int] {
    series.reduce(into: [:]) { $0[key($1), default: 0] += 1 }
  }

  private static func key(_ point: Point) -> Key {
    Key(step: point.step, wallTime: point.wallTime.bitPattern, value: point.value.bitPattern)
  }
}
