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
  /// The steps from one save to the next.
  public var saveInterval: Int64?
  /// The floating-point operations so far, by the trainer's estimate; nil where it made none.
  public var totalOperations: Double?
  /// What `EarlyStoppingCallback` had counted.
  public var earlyStopping: EarlyStopping?
  /// Whether the trainer had been asked to stop: at the planned end, or before it by a callback.
  public var isToldToStop: Bool
  /// What is wrong with the file, where it could be read all the same.
  public var fault: TrainerFileError?

  /// The count of HF's `EarlyStoppingCallback`.
  public struct EarlyStopping: Equatable, Sendable {
    /// The number of evaluations without an improvement after which it stops.
    public var patience: Int64
    /// The evaluations without an improvement so far.
    public var counter: Int64
    /// What counts as an improvement.
    public var threshold: Double?

    /// A count from its parts.
    public init(patience: Int64, counter: Int64, threshold: Double? = nil) {
      self.patience = patience
      self.counter = counter
      self.threshold = threshold
    }

    /// Whether the training was stopped by it.
    public var isExhausted: Bool { patience > 0 && counter >= patience }
  }

  /// The state in `bytes`, which were read from `path`. Of a text that is cut off, the whole entries of its log are
  /// read, and `fault` says so.
  ///
  /// - Throws: `TrainerFileError` where the text is not a JSON object (Python's `NaN` and `Infinity` allowed), has
  ///   no `log_history`, or one that is cut off before its first entry ends.
  public init(parsing bytes: [UInt8], path: String) throws(TrainerFileError) {
    self.path = path
    isToldToStop = false
    do throws(TrainerFileError) {
      let state = try TrainerFileError.parse(TrainerFileError.text(bytes), path: path)
      guard let history = state["log_history"]?.array else {
        throw TrainerFileError(path: path, reason: .notATrainerState)
      }
      series = []
      read(history)
      read(state)
      if history.isEmpty { fault = TrainerFileError(path: path, reason: .emptyLog) }
    } catch {
      guard case .truncated(let offset, _) = error.reason else { throw error }
      let entries = Self.wholeEntries(ofCut: TrainerFileError.text(bytes))
      let fault = TrainerFileError(path: path, reason: .truncated(at: offset, entries: entries.count))
      guard !entries.isEmpty else { throw fault }
      series = []
      read(entries)
      globalStep = entries.compactMap { $0["step"]?.int64 }.max()
      self.fault = fault
    }
  }

  /// Reads the file at `path`.
  public init(reading path: String) throws(TrainerFileError) {
    try self.init(parsing: try TrainerFileError.read(path), path: path)
  }

  private mutating func read(_ state: JSONValue) {
    globalStep = state["global_step"]?.int64
    maxSteps = state["max_steps"]?.int64.flatMap { $0 > 0 ? $0 : nil }
    epoch = state["epoch"]?.double
    bestMetric = state["best_metric"]?.double
    bestStep =
      state["best_global_step"]?.int64 ?? TrainerTag.step(ofCheckpoint: state["best_model_checkpoint"])
    saveInterval = state["save_steps"]?.int64.flatMap { $0 > 0 ? $0 : nil }
    totalOperations = state["total_flos"]?.double.flatMap { $0 > 0 ? $0 : nil }
    let callbacks = state["stateful_callbacks"]
    isToldToStop = callbacks?["TrainerControl"]?["args"]?["should_training_stop"]?.bool ?? false
    if let callback = callbacks?["EarlyStoppingCallback"],
      let patience = callback["args"]?["early_stopping_patience"]?.int64,
      let counter = callback["attributes"]?["early_stopping_patience_counter"]?.int64
    {
      earlyStopping = EarlyStopping(
        patience: patience, counter: counter, threshold: callback["args"]?["early_stopping_threshold"]?.double
      )
    }
  }

  private mutating func read(_ history: [JSONValue]) {
    var columns = SeriesColumns()
    let hasSteps = history.contains { $0["step"]?.int64 != nil }
    // Without a single step, an entry stands at its place among those with a loss.
    var place: Int64 = 0
    for entry in history {
      if !hasSteps, entry["loss"]?.double != nil || place == 0 { place += 1 }
      guard let step = hasSteps ? entry["step"]?.int64 : place else { continue }
      for member in entry.members ?? [] where member.key != "step" {
        guard let value = member.value.double else { continue }
        columns.append(value, to: TrainerTag.tensorBoard(member.key), step: step, wallTime: .nan)
      }
    }
    series = columns.series
    if !hasSteps, !series.isEmpty { fault = TrainerFileError(path: path, reason: .noSteps) }
  }

  /// The entries of `log_history` that end before the text does.
  private static func wholeEntries(ofCut bytes: [UInt8]) -> [JSONValue] {
    let key = Array("\"log_history\"".utf8)
    guard let start = position(of: key, in: bytes) else { return [] }
    var entries: [JSONValue] = []
    var depth = 0
    var begin = 0
    var isString = false
    var isEscaped = false
    for index in start + key.count..<bytes.count {
      let byte = bytes[index]
      if isString {
        if isEscaped {
          isEscaped = false
        } else if byte == 0x5c {
          isEscaped = true
        } else if byte == 0x22 {
          isString = false
        }
        continue
      }
      switch byte {
      case 0x22: isString = true
      case 0x7b:
        if depth == 0 { begin = index }
        depth += 1
      case 0x7d:
        depth -= 1
        guard depth == 0 else { continue }
        guard let entry = try? JSONValue(parsing: Array(bytes[begin...index]), dialect: .python) else {
          return entries
        }
        entries.append(entry)
      case 0x5d where depth == 0: return entries
      default: break
      }
    }
    return entries
  }

  private static func position(of key: [UInt8], in bytes: [UInt8]) -> Int? {
    guard bytes.count >= key.count else { return nil }
    return (0...bytes.count - key.count).first {
      bytes[$0] == key[0] && bytes[$0..<$0 + key.count].elementsEqual(key)
    }
  }
}
