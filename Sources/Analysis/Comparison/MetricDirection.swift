internal import Bytes

/// Which way a metric is meant to go.
public enum MetricDirection: String, Sendable {
  /// Less is better, as for a loss.
  case lower
  /// More is better, as for an accuracy or a throughput.
  case higher
  /// Neither is better in itself: a learning rate, a gradient norm, a number of steps.
  case neutral

  /// The direction of the metric `tag`, by the words of its name.
  public init(ofTag tag: String) {
    let name = tag.lowercased()
    let words = name.unicodeScalars.split { !Self.isOfWord($0) }.map { String(Substring($0)) }
    if name.holds("per_sec") {
      self = .higher
    } else if name.holds("runtime") || words.contains("norm") || words.contains("rate") {
      self = name.holds("error_rate") ? .lower : .neutral
    } else if words.contains(where: Self.higherWords.contains) {
      self = .higher
    } else if words.contains(where: Self.lowerWords.contains) {
      self = .lower
    } else {
      self = .neutral
    }
  }

  /// Whether `tag` measures time, which depends on the machine, and nothing that is good or bad of the model.
  public static func isTiming(_ tag: String) -> Bool {
    tag.holds("runtime") || tag.holds("per_second") || tag.hasSuffix("throughput")
  }

  private static func isOfWord(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "a"..."z", "0"..."9": true
    default: scalar.value >= 0x80 && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
    }
  }

  private static let higherWords: Set<String> = [
    "accuracy", "accuracies", "acc", "f1", "bleu", "rouge", "rouge1", "rouge2", "rougel", "reward", "rewards",
    "margins",
    "precision", "recall", "auc", "map", "meteor", "score", "pass", "em", "correlation", "pearson",
    "spearman",
    "spearmanr", "kappa", "mcc", "exact_match", "match", "ndcg", "mrr", "win", "winrate",
  ]
  private static let lowerWords: Set<String> = [
    "loss", "losses", "perplexity", "ppl", "error", "wer", "cer", "mse", "mae", "rmse", "nll", "bpb",
  ]
}
