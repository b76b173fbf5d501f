public import EventFile
internal import JSON

/// What LLaMA-Factory's `trainer_log.jsonl` says.
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
      guard let value = try? JSONValue(parsing: Array(line), dialect: .python),
        let step = value["current_steps"]?.int64
      else {
        badLines.append(number)
        continue
      }
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
      totalSteps = value["total_steps"]?.int64 ?? totalSteps
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
