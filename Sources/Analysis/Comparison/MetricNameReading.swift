internal import Bytes

/// What the name of a metric says of which way it is meant to go.
///
/// The last part between slashes that says anything decides, and in it the last word that does: `top5_error` is an error,
/// `rewards/accuracies` an accuracy, `Loss/train` a loss. Words are whole ones, those with a number behind them
/// (`rouge1`, `recall10`, `map50`), and those that begin or end with what is known (`rougeLsum`, `sacrebleu`, `macroF1`).
struct MetricNameReading: Equatable {
  /// Which way is better; neutral too where the name says nothing.
  var direction: MetricDirection
  /// Whether a word says what is measured; a `score` by itself may be anything.
  var isCertain: Bool
  /// Whether it measures something that was learnt, whichever way is better.
  var isMeasured: Bool

  private init(_ direction: MetricDirection, isCertain: Bool = true, isMeasured: Bool = true) {
    (self.direction, self.isCertain, self.isMeasured) = (direction, isCertain, isMeasured)
  }

  /// The reading of `tag`.
  init(of tag: String) {
    let name = tag.lowercased()
    if name.holds("per_sec") {
      self.init(.higher)
      return
    }
    for part in name.unicodeScalars.split(separator: "/").reversed() {
      let words = part.split { !Self.isOfWord($0) }.map { String(Substring($0)) }
      guard let reading = Self.reading(words) else { continue }
      self = reading
      return
    }
    self.init(.neutral, isCertain: false, isMeasured: false)
  }

  /// What one part of a name says; nil where it says nothing.
  private static func reading(_ words: [String]) -> Self? {
    let set = Set(words)
    // A deviation, a norm, a scale, a time of something is not what it is of; lm-evaluation-harness' acc_norm is one.
    let isNormed = set.contains("norm") && set.isDisjoint(with: ["acc", "accuracy"])
    if isNormed || !set.isDisjoint(with: plainWords) || set.isSuperset(of: ["learning", "rate"]) {
      return Self(.neutral, isMeasured: !isNormed && !set.isDisjoint(with: spreadWords))
    }
    // Rewards of either answer are measured; their difference is what is to grow.
    if set.contains("rejected") || set.contains("chosen") {
      if set.isDisjoint(with: ["loss", "accuracy", "accuracies", "margin", "margins"]) {
        return Self(.neutral)
      }
    }
    for index in words.indices.reversed() {
      if let direction = direction(of: words[index], after: words[..<index], before: words[(index + 1)...]) {
        return Self(direction)
      }
    }
    return set.isDisjoint(with: vagueWords) ? nil : Self(.higher, isCertain: false)
  }

  private static func direction(
    of word: String, after before: ArraySlice<String>, before behind: ArraySlice<String>
  ) -> MetricDirection? {
    let last = before.last ?? ""
    switch word {
    case "distance": return last == "edit" ? .lower : nil
    case "entropy": return last == "cross" ? .lower : nil
    case "variance": return last == "explained" ? .higher : nil
    case "squared": return last == "r" ? .higher : nil
    case "top": return behind.first.map { $0.allSatisfy(\.isNumber) } ?? false ? .higher : nil
    case "bits": return behind.first == "per" ? .lower : nil
    case "positive", "positives", "negative", "negatives", "alarm", "alarms":
      return last == "false" ? .lower : nil
    // The phoneme error rate; elsewhere it is the word.
    case "per": return behind.isEmpty && (before.isEmpty || evaluationWords.contains(last)) ? .lower : nil
    default: break
    }
    if let known = known(word) { return known }
    let stem = String(word.reversed().drop { $0.isNumber }.reversed())
    if stem != word {
      if stem == "top" { return .higher }
      if stem.utf8.count > 1, let known = known(stem) { return known }
    }
    if lowerEndings.contains(where: word.hasSuffix) { return .lower }
    if higherEndings.contains(where: word.hasSuffix) || higherBeginnings.contains(where: word.hasPrefix) {
      return .higher
    }
    return nil
  }

  private static func known(_ word: String) -> MetricDirection? {
    higherWords.contains(word) ? .higher : lowerWords.contains(word) ? .lower : nil
  }

  private static func isOfWord(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "a"..."z", "0"..."9": true
    default: scalar.value >= 0x80 && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
    }
  }

  private static let evaluationWords: Set<String> = ["eval", "val", "valid", "validation", "test", "dev"]

  private static let spreadWords: Set<String> = ["std", "stderr", "deviation"]
  private static let plainWords = spreadWords.union(["scale", "lr", "runtime", "time", "timing", "memory"])

  private static let vagueWords: Set<String> = ["score", "scores", "match", "similarity", "quality"]

  private static let higherWords: Set<String> = [
    "accuracy", "accuracies", "acc", "f1", "f2", "fbeta", "fscore", "fmeasure", "bleu", "gleu", "chrf",
    "rouge",
    "meteor", "cider", "spice", "bertscore", "comet", "bleurt", "moverscore", "mauve", "clipscore", "reward",
    "rewards", "margin", "margins", "precision", "recall", "auc", "auroc", "auprc", "ap", "map", "em",
    "exact",
    "correlation", "corr", "pearson", "pearsonr", "spearman", "spearmanr", "kendall", "kendalltau",
    "matthews",
    "mcc", "kappa", "ndcg", "mrr", "win", "wins", "winrate", "pass", "passed", "hit", "hits", "iou", "miou",
    "jaccard", "dice", "dsc", "psnr", "ssim", "r2", "rsquared", "success", "successes", "solve", "solved",
    "resolved", "correct", "elo", "sensitivity", "specificity", "tpr", "tnr", "ppv", "npv", "helpfulness",
  ]
  private static let lowerWords: Set<String> = [
    "loss", "losses", "perplexity", "ppl", "error", "errors", "err", "wer", "cer", "mer", "wil", "ter", "der",
    "eer", "jer", "hter", "mse", "mae", "rmse", "nmse", "nrmse", "msle", "rmsle", "mape", "smape", "wape",
    "mase",
    "nll", "bpb", "bpc", "bpt", "bce", "xent", "crossentropy", "logloss", "brier", "ece", "mce", "fid", "kid",
    "fvd",
    "lpips", "crps", "deviance", "regret", "toxicity", "hallucination", "hallucinations", "violation",
    "violations", "failure", "failures", "fail", "fails", "failed", "fpr", "fnr", "far", "frr", "hausdorff",
    "levenshtein",
  ]
  private static let lowerEndings = ["loss", "error", "perplexity", "ppl", "mse", "mae", "nll", "logloss"]
  private static let higherEndings = [
    "accuracy", "bleu", "iou", "auc", "f1", "precision", "recall", "ndcg", "mrr", "acc", "correlation",
  ]
  private static let higherBeginnings = ["rouge", "bleu", "chrf", "auroc", "auprc", "bertscore"]
}
