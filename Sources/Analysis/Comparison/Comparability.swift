internal import Bytes
internal import RunFolder

/// What two trainings do not have in common and what their figures stand or fall with: the base model, the data, the
/// tokens that a loss is over, its formula.
///
/// Only what both runs tell is known to differ. Nobody is called better by a loss that is over other tokens, or by an
/// evaluation of which nothing tells that it is over the same data.
public struct Comparability: Equatable, Sendable {
  /// The differences, those that matter most first.
  public var differences: [Difference]
  /// Whether the evaluations of both are known to be over the same data, or are not known to be over others.
  public var sharesEvaluationData: Bool
  /// Whether the evaluations of both are parts of their training data, which are not the same.
  public var evaluatesOtherSplits: Bool

  /// A difference.
  public struct Difference: Equatable, Sendable {
    /// What it touches.
    public var kind: Kind
    /// The setting that differs.
    public var setting: String
    /// Its value in the baseline, and in the run, as the files tell it.
    public var base: String, new: String
  }

  /// What a difference touches.
  public enum Kind: String, CaseIterable, Sendable {
    /// The base model, and with it perhaps the tokenizer: losses a token are over other tokens.
    case baseModel = "base_model"
    /// Another base model with the same vocabulary: losses are over the same tokens.
    case modelOfFamily = "model_of_family"
    /// The tokenizer.
    case tokenizer
    /// The data that was trained on.
    case trainingData = "training_data"
    /// Which tokens of an example the loss is over: the template, masks.
    case tokens
    /// The formula of the loss.
    case lossFormula = "loss_formula"
    /// How examples are cut and packed: the same loss with other weights of its tokens.
    case packing
  }
}

extension Comparability {
  /// Nothing is known to differ.
  static let whole = Comparability(
    differences: [], sharesEvaluationData: true, evaluatesOtherSplits: false)

  /// What two runs tell of themselves that is not the same.
  init(base: ComparedSettings, new: ComparedSettings) {
    var differences: [Difference] = []
    if let model = ComparedSettings.model(base, new) { differences.append(model) }
    for (kind, settings) in ComparedSettings.kinds {
      for setting in settings {
        guard let difference = ComparedSettings.difference(kind, setting, base, new) else { continue }
        differences.append(difference)
      }
    }
    self.differences = differences
    let isOtherData = differences.contains { $0.kind == .trainingData }
    sharesEvaluationData = !isOtherData || ComparedSettings.shareEvaluations(base, new)
    evaluatesOtherSplits = !sharesEvaluationData && base.isSplit && new.isSplit
  }

  /// Why figures of the metric `tag` cannot be held against each other; nil where they can.
  ///
  /// - Parameter isPerToken: whether the losses of the trainings are means over tokens.
  func obstacle(for tag: String, isPerToken: Bool) -> Kind? {
    let isEvaluation = MetricAligner.isEvaluation(tag)
    let has = { (kind: Kind) in self.differences.contains { $0.kind == kind } }
    let isOfTokens = Self.isOfTokens(tag)
    if isPerToken, isOfTokens {
      if has(.baseModel) { return .baseModel }
      if has(.tokenizer) { return .tokenizer }
    }
    if has(.trainingData), !MetricDirection.isTiming(tag),
      isEvaluation ? !sharesEvaluationData : MetricNameReading(of: tag).isMeasured
    {
      return .trainingData
    }
    if isOfTokens {
      if has(.tokens) { return .tokens }
      if has(.lossFormula), !tag.lowercased().holds("accurac") { return .lossFormula }
    } else if has(.lossFormula), MetricNames.plain(tag).hasPrefix("rewards/"),
      !MetricNames.plain(tag).hasPrefix("rewards/acc")
    {
      return .lossFormula
    }
    return nil
  }

  /// Whether the metric `tag` is a mean over tokens: a loss, what is made from one, or an accuracy of tokens.
  private static func isOfTokens(_ tag: String) -> Bool {
    let name = tag.lowercased()
    return MetricRole.isLoss(tag) || name.holds("perplexity") || name.hasSuffix("ppl") || name.holds("nll")
      || name.holds("token_acc")
  }
}
