public import EventFile
internal import FileSystem
internal import JSON

/// What a trainer's log of one JSON object a line says: LLaMA-Factory's `trainer_log.jsonl`, or the `logging.jsonl` of
/// ms-swift (its HF trainers' and its Megatron's).
public struct TrainerLog: Equatable, Sendable {
  /// The path it was read from.
  public var path: String
  /// One series a key in file order, named as HF Trainer's TensorBoard callback names them. The wall times are the
  /// elapsed seconds that the log has, which begin again at 0 with a resume; NaN where it has none.
  public var series: [Series]
  /// For each of `series`, the positions at which another process began to write; empty where one wrote all.
  public var restarts: [[Int]]
  /// The elapsed seconds of all processes together; nil where the log has none.
  public var elapsedSeconds: Double?
  /// The step of the last line.
  public var lastStep: Int64?
  /// The step the training was to end at.
  public var totalSteps: Int64?
  /// Lines that are not JSON objects with a step, by number from 1; a killed run may leave its last line cut.
  public var badLines: [Int]
  /// The number of lines with something in them.
  public var lineCount: Int
  /// Backward steps in the file: one for a resume, many for two writers in one file.
  public var backwardSteps: Int

  /// The names of such files, the first of which a folder has is read.
  public static let names = ["trainer_log.jsonl", "logging.jsonl"]

  /// The name of the file.
  public var fileName: String { Path.name(of: path) }

  /// The log in `bytes`, which were read from `path`. Lines that cannot be read are counted, not thrown.
  public init(parsing bytes: [UInt8], path: String) {
    var columns = SeriesColumns()
    self.path = path
    badLines = []
    backwardSteps = 0
    lineCount = 0
    var number = 0
    var elapsed = -Double.infinity
    var before = 0.0
    var cuts: [[String: Int]] = []
    for line in TrainerFileError.text(bytes).split(
      separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    {
      number += 1
      if line.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0d }) { continue }
      lineCount += 1
      let parsed = try? JSONValue(parsing: Array(line), dialect: .python)
      // ms-swift ends its log with a summary, which has the whole of the trainer's history in it.
      if parsed?["log_history"] != nil { continue }
      guard let value = parsed, let place = Self.place(value) else {
        badLines.append(number)
        continue
      }
      let step = place.step
      let time = value["elapsed_time"]?.string.flatMap(TrainerTag.seconds) ?? .nan
      // A process counts its seconds from its own start, whether or not it repeats steps.
      let goesBack = lastStep.map { step < $0 } ?? false
      if goesBack { backwardSteps += 1 }
      // No training begins so often, with so many tags, that what is noted here grows beyond its log.
      if goesBack || time < elapsed - 1, cuts.count * columns.series.count < 1 << 22 {
        cuts.append(columns.counts)
      }
      if time < elapsed - 1 { before += elapsed }
      if !time.isNaN { elapsed = time }
      lastStep = step
      totalSteps = place.total ?? totalSteps
      for member in value.members ?? [] where !TrainerTag.bookkeeping.contains(member.key) {
        // `throughput` is written as a string.
        guard let value = member.value.double ?? member.value.string.flatMap(Double.init) else { continue }
        columns.append(value, to: TrainerTag.tensorBoard(member.key), step: step, wallTime: time)
      }
    }
    series = columns.series
    elapsedSeconds = elapsed.isFinite ? before + elapsed : nil
    restarts = columns.series.map { series in cuts.map { $0[series.tag] ?? 0 } }
  }

  /// The step of a line and the last that is planned: LLaMA-Factory has a number for each, ms-swift a text such as
  /// `5/93`, whose second number is −1 of a training without a plan.
  private static func place(_ line: JSONValue) -> (step: Int64, total: Int64?)? {
    if let step = line["current_steps"]?.int64 { return (step, line["total_steps"]?.int64) }
    guard let text = (line["global_step/max_steps"] ?? line["iteration"])?.string else { return nil }
    let numbers = text.split(separator: "/", omittingEmptySubsequences: false).map { Int64($0) }
    guard numbers.count == 2, let step = numbers[0] else { return nil }
    return (step, numbers[1].flatMap { $0 > 0 ? $0 : nil })
  }

  /// Reads the file at `path`.
  ///
  /// - Throws: `TrainerFileError` where there is nothing to read, or a Git LFS pointer in its place.
  public init(reading path: String) throws(TrainerFileError) {
    let bytes = try TrainerFileError.read(path)
    if let fault = TrainerFileError.fault(bytes, path: path) { throw fault }
    self.init(parsing: bytes, path: path)
  }

  /// What is wrong with the lines: the last one alone may be cut where the process was killed.
  public var fault: TrainerFileError? {
    badLines.isEmpty ? nil : TrainerFileError(path: path, reason: .badLines(badLines))
  }
}
