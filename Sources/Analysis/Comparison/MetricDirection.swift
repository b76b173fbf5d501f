internal import Bytes

/// Which way a metric is meant to go.
public enum MetricDirection: String, Sendable {
  /// Less is better, as for a loss.
  case lower
  /// More is better, as for an accuracy or a throughput.
  case higher
  /// Neither is better in itself, or nothing tells which: a learning rate, a gradient norm, a number of steps.
  case neutral

  /// The direction of the metric `tag`, by the words of its name.
  public init(ofTag tag: String) { self = MetricNameReading(of: tag).direction }

  /// Whether `tag` measures time, which depends on the machine, and nothing that is good or bad of the model.
  public static func isTiming(_ tag: String) -> Bool {
    tag.holds("runtime") || tag.holds("per_second") || tag.hasSuffix("throughput")
  }
}
