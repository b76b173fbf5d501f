internal import Bytes

/// A tag in the form in which names of different writers are compared.
struct MetricName {
  /// Lower case, with `_` for spaces and hyphens, and no `/` at either end.
  let normalized: String
  private let parts: [Substring]
  /// What it is a known name for, with its position among the names for that.
  let positions: [MetricRole: Int]
  /// Whether a word of the name says that it is about data that is not trained on.
  let isEvaluation: Bool

  init(_ tag: String) {
    var bytes = Array(tag.lowercased().utf8)
    for place in bytes.indices where bytes[place] == UInt8(ascii: " ") || bytes[place] == UInt8(ascii: "-") {
      bytes[place] = UInt8(ascii: "_")
    }
    let inner = bytes.drop { $0 == UInt8(ascii: "/") }
    let end = inner.lastIndex { $0 != UInt8(ascii: "/") }.map { $0 + 1 } ?? inner.startIndex
    normalized = String(decoding: inner[..<end], as: UTF8.self)
    parts = normalized.utf8.split(whereSeparator: Self.isCut).map { Substring($0) }
    positions = MetricRole.positions[normalized] ?? [:]
    isEvaluation = normalized.utf8.split { Self.isCut($0) || $0 == UInt8(ascii: "_") }
      .contains { Self.evaluationWords.contains(Substring($0)) }
  }

  /// Whether `byte` stands between two parts.
  private static func isCut(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "/") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: ":")
  }

  /// The last of the parts between slashes, dots and colons.
  var last: Substring { parts.last ?? "" }

  /// Whether the name speaks of something made from a loss: Megatron's second axis, a scale, a time, a weight.
  var isDerived: Bool {
    normalized == "train/train_loss" || isDrawnAgainst
      || normalized.hasSuffix("loss_scale") || normalized.hasSuffix("_ppl")
  }

  /// Whether the steps of the metric count something else than steps, as the name says: Megatron's `lm loss vs samples`,
  /// `steps-vs-tokens`, and DeepSpeed's `Train/Samples/lr`.
  var isOnAnotherAxis: Bool {
    isDrawnAgainst || countsSamples
  }

  /// Whether it is one of DeepSpeed's, which are drawn against samples.
  var countsSamples: Bool { normalized.holds("train/samples/") }

  /// Whether the name ends in what the metric is drawn against.
  private var isDrawnAgainst: Bool {
    // Few names have it: one pass over the bytes says so.
    guard normalized.holds("_vs_"), let place = normalized.range(ofLast: "_vs_") else { return false }
    return Self.axes.contains(normalized[place...].split(separator: "_").last ?? "")
  }

  private static let axes: Set<Substring> = [
    "samples", "tokens", "gigatokens", "megatokens", "time", "seconds", "hours", "epoch", "epochs", "flops",
    "sequences", "examples", "bytes",
  ]

  /// Whether `word`, in lower case, says that something is about data that is not trained on.
  static func isEvaluationWord(_ word: String) -> Bool { evaluationWords.contains(Substring(word)) }

  /// Whether the last part, or the one before a name of data, is a loss.
  var isLoss: Bool {
    if last.hasPrefix("dataloader_idx_") {
      return parts.dropLast().last.map { $0 == "loss" || $0.hasSuffix("_loss") } ?? false
    }
    return isNamedLoss
  }

  private var isNamedLoss: Bool {
    // Megatron's `valid lm loss validation`.
    if let cut = last.lastIndex(of: "_"), Self.evaluationWords.contains(last[last.index(after: cut)...]) {
      let stem = last[..<cut]
      if stem == "loss" || stem.hasSuffix("_loss") { return true }
    }
    return last.hasSuffix("_loss") || last.hasPrefix("loss_") || parts.dropLast().contains("loss")
      || parts.dropLast().contains("losses")
  }

  private static let evaluationWords: Set<Substring> = [
    "eval", "evaluation", "val", "valid", "validation", "test", "dev", "heldout", "holdout",
  ]
}
