internal import Bytes
internal import Checkpoint
public import EventFile
internal import JSON

/// What `trainer_state.json` says.
public struct TrainerState: Equatable, Sendable {
  /// The path it was read from.
  public var path: String
  /// The log history in file order, one series a key, named as HF Trainer's TensorBoard callback names them. The file
  /// has no times: all wall times are NaN.
  public var series: [Series]
  /// The step the state was written at.
  public var globalStep: Int64?
  /// The step the training was to end at.
  public var maxSteps: Int64?
  /// Epochs at `globalStep`.
  public var epoch: Double?
  /// The best metric by the trainer's own count.
  public var bestMetric: Double?
  /// The step of the best metric.
  public var bestStep: Int64?

  /// The state in `bytes`, which were read from `path`.
  ///
  /// - Throws: `TrainerFileError` where the text is not a JSON object (Python's `NaN` and `Infinity` allowed), or has
  ///   no `log_history`.
  public init(parsing bytes: [UInt8], path: String) throws(TrainerFileError) {
    let state = try TrainerFileError.parse(bytes, path: path)
    guard let history = state["log_history"]?.array else {
      throw TrainerFileError(path: path, reason: .notATrainerState)
    }
    var columns = SeriesColumns()
    for entry in history {
      guard let step = entry["step"]?.int64 else { continue }
      for member in entry.members ?? [] where member.key != "step" {
        guard let value = member.value.double else { continue }
        columns.append(value, to: TrainerTag.tensorBoard(member.key), step: step, wallTime: .nan)
      }
    }
    self.path = path
    series = columns.series
    globalStep = state["global_step"]?.int64
    maxSteps = state["max_steps"]?.int64.flatMap { $0 > 0 ? $0 : nil }
    epoch = state["epoch"]?.double
    bestMetric = state["best_metric"]?.double
    bestStep =
      state["best_global_step"]?.int64 ?? TrainerTag.step(ofCheckpoint: state["best_model_checkpoint"])
  }

  /// Reads the file at `path`.
  public init(reading path: String) throws(TrainerFileError) {
    try self.init(parsing: try TrainerFileError.read(path), path: path)
  }
}

/// What LLaMA-Factory's `trainer_log.jsonl` says.
public struct TrainerLog: Equatable, Sendable {
  /// The path it was read from.
  public var path: String
  /// One series a key in file order, named as HF Trainer's TensorBoard callback names them. The wall times are the
  /// elapsed seconds that the log tells, which begin again at 0 with a resume; NaN where it tells none.
  public var series: [Series]
  /// The step of the last line.
  public var lastStep: Int64?
  /// The step the training was to end at.
  public var totalSteps: Int64?
  /// Lines that are not JSON objects with a step, by number from 1; a killed run may leave its last line cut.
  public var badLines: [Int]
  /// Backward steps in the file: one for a resume, many for two writers in one file.
  public var backwardSteps: Int

  /// The log in `bytes`, which were read from `path`. Lines that cannot be read are counted, not thrown.
  public init(parsing bytes: [UInt8], path: String) {
    var columns = SeriesColumns()
    self.path = path
    badLines = []
    backwardSteps = 0
    var number = 0
    for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      number += 1
      if line.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0d }) { continue }
      guard let value = try? JSONValue(parsing: Array(line), dialect: .python),
        let step = value["current_steps"]?.int64
      else {
        badLines.append(number)
        continue
      }
      if let lastStep, step < lastStep { backwardSteps += 1 }
      lastStep = step
      totalSteps = value["total_steps"]?.int64 ?? totalSteps
      let time = value["elapsed_time"]?.string.flatMap(TrainerTag.seconds) ?? .nan
      for member in value.members ?? [] where !TrainerTag.bookkeeping.contains(member.key) {
        // `throughput` is written as a string.
        guard let value = member.value.double ?? member.value.string.flatMap(Double.init) else { continue }
        columns.append(value, to: TrainerTag.tensorBoard(member.key), step: step, wallTime: time)
      }
    }
    series = columns.series
  }

  /// Reads the file at `path`.
  public init(reading path: String) throws(TrainerFileError) {
    self.init(parsing: try TrainerFileError.read(path), path: path)
  }
}

/// Why a file that a trainer left behind cannot be read.
public struct TrainerFileError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What is wrong.
  public enum Reason: Equatable, Sendable {
    /// The system did not let the file be read; in its words.
    case system(String)
    /// The text is not JSON, where and why.
    case notJSON(String)
    /// The JSON is not an object.
    case notAnObject
    /// The object has no `log_history` array.
    case notATrainerState
  }

  /// The path of the file.
  public var path: String
  /// What is wrong.
  public var reason: Reason

  /// An error from its parts.
  public init(path: String, reason: Reason) {
    self.path = path
    self.reason = reason
  }

  /// `path: what`.
  public var description: String {
    switch reason {
    case .system(let words): "\(path): \(words)"
    case .notJSON(let words): "\(path): \(words)"
    case .notAnObject: "\(path): not a JSON object"
    case .notATrainerState: "\(path): no log_history in it"
    }
  }

  static func read(_ path: String) throws(TrainerFileError) -> [UInt8] {
    do { return try Files.read(path) } catch {
      throw TrainerFileError(path: path, reason: .system("cannot \(error.operation): \(error.reason)"))
    }
  }

  static func parse(_ bytes: [UInt8], path: String) throws(TrainerFileError) -> JSONValue {
    let value: JSONValue
    do { value = try JSONValue(parsing: bytes, dialect: .python) } catch {
      throw TrainerFileError(path: path, reason: .notJSON(error.description))
    }
    guard value.members != nil else { throw TrainerFileError(path: path, reason: .notAnObject) }
    return value
  }
}

/// Series under construction, in the order in which their tags first appear.
struct SeriesColumns {
  private(set) var series: [Series] = []
  private var indices: [String: Int] = [:]

  mutating func append(_ value: Double, to tag: String, step: Int64, wallTime: Double) {
    let index: Int
    if let known = indices[tag] {
      index = known
    } else {
      index = series.count
      indices[tag] = index
      series.append(Series(tag: tag))
    }
    series[index].append(Point(step: step, wallTime: wallTime, value: value))
  }
}

/// The names of a trainer's files in the words of its event files.
enum TrainerTag {
  /// Keys of a line of `trainer_log.jsonl` that are not measurements.
  static let bookkeeping: Set<String> = [
    "current_steps", "total_steps", "percentage", "elapsed_time", "remaining_time",
  ]

  /// The tag that HF Trainer's TensorBoard callback gives to `key`: `eval_x` → `eval/x`, `test_x` → `test/x`, else
  /// `train/x`; LLaMA-Factory's `lr` and `total_tokens` by the names that HF has for them.
  static func tensorBoard(_ key: String) -> String {
    if key.hasPrefix("eval_") { return "eval/" + key.dropFirst(5) }
    if key.hasPrefix("test_") { return "test/" + key.dropFirst(5) }
    switch key {
    case "lr": return "train/learning_rate"
    case "total_tokens": return "train/num_input_tokens_seen"
    default: return "train/" + key
    }
  }

  /// The seconds in the text of a Python `timedelta`: `0:01:02`, `1 day, 2:03:04`, `9 days, 21:39:23.5`.
  static func seconds(_ text: String) -> Double? {
    var days = 0.0
    var clock = Substring(text)
    if let comma = text.firstIndex(of: ",") {
      let words = text[..<comma].split(separator: " ")
      guard words.count == 2, words[1].hasPrefix("day"), let count = Double(words[0]) else { return nil }
      days = count
      clock = text[text.index(after: comma)...].drop { $0 == " " }
    }
    let parts = clock.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 3, let hours = Double(parts[0]), let minutes = Double(parts[1]),
      let seconds = Double(parts[2])
    else { return nil }
    return days * 86400 + hours * 3600 + minutes * 60 + seconds
  }

  /// The N of a path that ends in `checkpoint-N`.
  static func step(ofCheckpoint value: JSONValue?) -> Int64? {
    value?.string.flatMap { CheckpointName.step(of: Path.name(of: $0)) }
  }
}
