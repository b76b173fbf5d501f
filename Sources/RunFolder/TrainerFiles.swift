public import EventFile

/// What `trainer_state.json` says.
public struct TrainerState: Equatable, Sendable {
  /// The path it was read from.
  public var path: String
  /// The log history, one series a key, named as HF Trainer's TensorBoard callback names them.
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
}

/// What LLaMA-Factory's `trainer_log.jsonl` says.
public struct TrainerLog: Equatable, Sendable {
  /// The path it was read from.
  public var path: String
  /// One series a key, named as HF Trainer's TensorBoard callback names them.
  public var series: [Series]
  /// The step the training was to end at.
  public var totalSteps: Int64?
  /// Lines that are not JSON objects, by number from 1.
  public var badLines: [Int]
  /// Backward steps in the file: one for a resume, many for two writers in one file.
  public var backwardSteps: Int
}
