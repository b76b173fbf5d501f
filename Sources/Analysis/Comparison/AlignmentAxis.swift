/// What two runs are held against each other by.
public enum AlignmentAxis: String, CaseIterable, Sendable {
  /// Tokens where both runs tell them, else epochs, else steps; steps where these say the same for both runs.
  case automatic = "auto"
  /// The global step.
  case step
  /// Epochs, from `train/epoch`.
  case epoch
  /// Tokens seen, from `train/num_input_tokens_seen`.
  case tokens
  /// Seconds of training since the first event, pauses between segments left out.
  case time
}
