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
    let words = Set(name.split { !$0.isLetter && !$0.isNumber }.map(String.init))
    if name.contains("per_second") || name.contains("per_sec") {
      self = .higher
    } else if name.contains("runtime") || words.contains("norm") || words.contains("rate") {
      self = name.contains("error_rate") ? .lower : .neutral
    } else if !words.isDisjoint(with: Self.higherWords) {
      self = .higher
    } else if !words.isDisjoint(with: Self.lowerWords) {
      self = .lower
    } else {
      self = .neutral
    }
  }

  /// Whether `tag` measures time, which depends on the machine, and nothing that is good or bad of the model.
  public static func isTiming(_ tag: String) -> Bool {
    tag.holds("runtime") || tag.holds("per_second") || tag.hasSuffix("throughput")
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
