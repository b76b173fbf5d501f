internal import RunFolder

/// One metric of two runs.
public struct MetricComparison: Equatable, Sendable {
  /// The tag in the baseline, and in the run where that calls it otherwise.
  public var tag: String, newTag: String
  /// The figure that is compared.
  public var statistic: GateStatistic
  /// Which way the metric is meant to go.
  public var direction: MetricDirection
  /// The step of the figure in the baseline and in the run, where it is that of one point.
  public var baseStep: Int64?, newStep: Int64?
  /// The two figures and their difference; nil where they cannot be compared.
  public var effect: Effect?
  /// What can be said.
  public var verdict: Verdict
  /// The number of points within the overlap.
  public var baseCount: Int, newCount: Int
  /// The number of those that are NaN or infinite.
  public var baseNonFinite: Int, newNonFinite: Int

  /// What can be said about a metric.
  public enum Verdict: Equatable, Sendable {
    /// The difference is within the margin, surely enough.
    case same
    /// The run is better by more than the margin, surely enough.
    case better
    /// The run is worse by more than the margin, surely enough.
    case worse
    /// The run differs by more than the margin, surely enough, in a metric that has no better side.
    case differs
    /// The noise lets nobody tell.
    case inconclusive
    /// The two cannot be held against each other.
    case notComparable(Reason)
  }

  /// Why two figures cannot be held against each other.
  public enum Reason: String, Sendable {
    /// The evaluations ran over different sets.
    case evaluationSets = "evaluation_sets"
    /// The loss of the baseline is none: it is 0 in place of NaN, or does not move at all.
    case untrusted
    /// The run or the baseline has a value that is not finite where the figure is taken.
    case nonFinite = "non_finite"
    /// The common part has no point of one of them.
    case noOverlap = "no_overlap"
    /// The two runs are judged by unlike metrics.
    case objectives
    /// One of them has less than three points in the common part, of which no noise can be told.
    case fewPoints = "few_points"
    /// The common part is less than a tenth of the shorter run.
    case shortOverlap = "short_overlap"
    /// The base models differ, and with them perhaps the tokens that a loss is over.
    case baseModel = "base_model"
    /// The tokenizers differ.
    case tokenizer
    /// The training data differ, and with them perhaps what was evaluated on.
    case trainingData = "training_data"
    /// The losses are over other tokens of the examples.
    case tokens
    /// The losses have other formulas.
    case lossFormula = "loss_formula"

    init(_ kind: Comparability.Kind) {
      switch kind {
      case .baseModel, .modelOfFamily: self = .baseModel
      case .tokenizer: self = .tokenizer
      case .trainingData: self = .trainingData
      case .tokens, .packing: self = .tokens
      case .lossFormula: self = .lossFormula
      }
    }

    /// What they do not have in common, where that is why.
    public var difference: Comparability.Kind? {
      switch self {
      case .baseModel: .baseModel
      case .tokenizer: .tokenizer
      case .trainingData: .trainingData
      case .tokens: .tokens
      case .lossFormula: .lossFormula
      default: nil
      }
    }
  }
}

extension MetricComparison {
  /// Whether it counts time, work or progress rather than what the model learned.
  public var isIncidental: Bool {
    if let role = MetricRole.role(of: tag), [.epoch, .meanTrainLoss, .tokens].contains(role) { return true }
    return MetricDirection.isTiming(tag) || tag.hasSuffix("total_flos")
  }
}

extension MetricComparison.Verdict {
  /// The verdict for an effect with a symmetric margin, given as a share of the baseline's figure.
  init(_ effect: Effect, relativeMargin: Double, direction: MetricDirection) {
    let margin = relativeMargin * abs(effect.base)
    let rise = effect.verdict(rise: margin)
    let fall = effect.mirrored.verdict(rise: margin)
    switch (rise, fall) {
    case (.beyond, _): self = direction == .lower ? .worse : direction == .higher ? .better : .differs
    case (_, .beyond): self = direction == .lower ? .better : direction == .higher ? .worse : .differs
    case (.within, .within): self = .same
    default: self = .inconclusive
    }
  }

  /// A word for JSON and tables.
  public var name: String {
    switch self {
    case .same: "same"
    case .better: "better"
    case .worse: "worse"
    case .differs: "differs"
    case .inconclusive: "inconclusive"
    case .notComparable: "not comparable"
    }
  }
}
