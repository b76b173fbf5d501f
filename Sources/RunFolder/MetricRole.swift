/// What a tag measures, whatever its writer calls it.
public enum MetricRole: String, CaseIterable, Sendable {
  /// The training loss at a step or over the few steps since the last logging.
  case trainLoss = "train/loss"
  /// The loss over an evaluation set.
  case evalLoss = "eval/loss"
  /// The learning rate of the (first) parameter group.
  case learningRate = "train/learning_rate"
  /// The norm of the gradient of all parameters, before clipping.
  case gradientNorm = "train/grad_norm"
  /// Epochs so far.
  case epoch = "train/epoch"
  /// The mean of the training loss over the whole run, which HF Trainer writes once at the end.
  case meanTrainLoss = "train/train_loss"
  /// Tokens so far.
  case tokens = "train/num_input_tokens_seen"

  /// The role of `tag` by the names that writers are known to use, or nil.
  ///
  /// Case, spaces and hyphens do not matter: `Loss/train`, `lm loss` and `learning-rate` are known, among others.
  public static func role(of tag: String) -> MetricRole? { TagMeaning.of(tag).role }

  /// Whether `tag` is a loss, of the training or over an evaluation set.
  public static func isLoss(_ tag: String) -> Bool {
    let meaning = TagMeaning.of(tag)
    return meaning.rank(for: .trainLoss) != nil || meaning.rank(for: .evalLoss) != nil
  }

  /// The role that `name` is a known name of, or nil: what a user asks for is not guessed, so that a slip of the pen
  /// (`evel/loss`) finds nothing instead of another metric.
  public init?(named name: String) {
    let name = MetricName(name).normalized
    guard let role = Self.allCases.first(where: { $0.names.contains(name) }) else { return nil }
    self = role
  }

  /// The name of the evaluation set that the loss `tag` is over, as the tag spells it: `code` of `eval/code_loss`,
  /// `eval/code/loss` and `eval_code/loss`, `test` of `test/loss`, `1` of Lightning's `val_loss/dataloader_idx_1`; nil
  /// where the tag has no name for it, or is no evaluation loss.
  public static func evaluationSet(of tag: String) -> String? {
    guard role(of: tag) == .evalLoss else { return nil }
    if let place = tag.range(ofLast: "dataloader_idx_") { return String(tag[place...]) }
    var parts = tag.split(separator: "/").map(String.init)
    guard let last = parts.popLast() else { return nil }
    let name = MetricName(last).normalized
    for ending in ["loss_epoch", "loss_step", "loss"] where name.hasSuffix(ending) {
      let rest = last.dropLast(ending.utf8.count)
      parts.append(String(rest.hasSuffix("_") ? rest.dropLast() : rest))
      break
    }
    let words = parts.flatMap { part -> [String] in
      // `eval_code`: the word for an evaluation before the name.
      guard let cut = part.firstIndex(where: { $0 == "_" || $0 == "-" }),
        MetricName.isEvaluationWord(part[..<cut].lowercased())
      else { return [part] }
      return [String(part[..<cut]), String(part[part.index(after: cut)...])]
    }
    let plain: Set<String> = ["", "loss", "samples", "metrics", "epoch", "lm", "total"]
    let kept = words.filter { word in
      let lower = word.lowercased()
      return !plain.contains(lower) && (lower == "test" || !MetricName.isEvaluationWord(lower))
    }
    return kept.isEmpty ? nil : kept.joined(separator: "/")
  }

  /// How good a name for this role `tag` is, 0 being the best; nil where it is none.
  public func rank(of tag: String) -> Int? { TagMeaning.of(tag).rank(for: self) }

  /// How good a name for this role `name` is, as ``rank(of:)`` says it of a tag.
  func rank(of name: MetricName) -> Int? {
    if let position = name.positions[self] { return position }
    let rank = names.count
    switch self {
    case .trainLoss:
      if name.isEvaluation || name.isDerived { return nil }
      if name.last == "loss" { return rank }
      // A named loss of an unknown trainer, such as `train/dpo_loss`, `losses/total`.
      return name.isLoss ? rank + 1 : nil
    case .evalLoss:
      guard name.isEvaluation, !name.isDerived else { return nil }
      if name.last == "loss" { return rank }
      // HF Trainer with several evaluation sets: `eval/<set>_loss`; Lightning's: `val_loss/dataloader_idx_0`.
      return name.isLoss ? rank + 1 : nil
    case .learningRate:
      // Lightning's LearningRateMonitor: `lr-AdamW`, `lr-AdamW/pg1`.
      return name.normalized.hasPrefix("lr_") || name.normalized.hasPrefix("lr/") ? rank : nil
    case .gradientNorm:
      // Lightning's grad_norm: `grad_2.0_norm_total`, `grad_2.0_norm/…` a layer.
      return name.normalized.hasPrefix("grad_") && name.normalized.hasSuffix("_norm_total") ? rank : nil
    case .epoch, .meanTrainLoss, .tokens: return nil
    }
  }

  /// The positions of each known name among those of the roles that it is a name for.
  static let positions: [String: [MetricRole: Int]] = {
    var positions: [String: [MetricRole: Int]] = [:]
    for role in allCases {
      for (position, name) in role.names.enumerated().reversed() {
        positions[name, default: [:]][role] = position
      }
    }
    return positions
  }()

  /// The known names, normalized, the most telling first.
  private var names: [String] {
    switch self {
    case .trainLoss:
      [
        "train/loss", "train_loss", "train_loss_step", "train/loss_step", "loss/train", "loss", "lm_loss",
        "train/lm_loss", "training/loss", "training_loss", "reduced_train_loss", "train/samples/train_loss",
        "loss_metrics/global_avg_loss", "train/total_loss", "total_loss", "train_loss_epoch",
        "train/loss_epoch",
        "epoch_loss", "batch_loss",
      ]
    case .evalLoss:
      [
        "eval/loss", "eval_loss", "val_loss", "val/loss", "validation/loss", "validation_loss", "valid/loss",
        "valid_loss", "loss/val", "loss/eval", "loss/valid", "loss/validation", "lm_loss_validation",
        "validation/lm_loss", "val_loss_epoch", "val/loss_epoch", "validation_metrics/loss",
        "eval/samples/eval_loss", "dev/loss", "dev_loss", "evaluation_loss", "test/loss", "test_loss",
        "loss/test", "epoch_val_loss",
      ]
    case .learningRate:
      [
        "train/learning_rate", "learning_rate", "lr", "train/lr", "train/samples/lr", "optim/lr",
        "training/lr",
        "training/learning_rate", "charts/learning_rate", "epoch_learning_rate", "optimizer/lr", "actor/lr",
        "lr/param_group_0",
      ]
    case .gradientNorm:
      [
        "train/grad_norm", "grad_norm", "train/gradient_norm", "gradient_norm", "train/gradnorm", "gradnorm",
        "train/global_grad_norm", "global_grad_norm", "optim/grad_norm", "training/grad_norm",
        "total_grad_norm", "actor/grad_norm", "train/samples/grad_norm",
      ]
    case .epoch: ["train/epoch", "epoch", "trainer/epoch", "training/epoch"]
    case .meanTrainLoss: ["train/train_loss"]
    case .tokens:
      [
        "train/num_input_tokens_seen", "num_input_tokens_seen", "train/num_tokens", "train/total_tokens",
        "train/tokens", "total_tokens", "tokens", "tokens_seen", "consumed_tokens",
      ]
    }
  }
}

extension String {
  /// The index after the last occurrence of `text`.
  func range(ofLast text: String) -> Index? {
    var place = endIndex
    while place > startIndex {
      if self[..<place].hasSuffix(text) { return place }
      place = index(before: place)
    }
    return nil
  }
}
