public import EventFile
public import RunFolder

/// What trainings on rewards and preferences measure beside a loss, under whatever name their trainer has for it.
public struct TrainingMetrics: Equatable, Sendable {
  /// The mean reward of a step, and the standard deviation of rewards that its trainer tells.
  public var reward: Metric?, rewardSpread: Metric?
  /// The distance from the reference model, in nats a token, or in nats an answer (`sumsAnswers(_:)`).
  public var divergence: Metric?
  /// The mean length of the answers.
  public var length: Metric?
  /// The share of answers or updates that were clipped.
  public var clipRatios: [Metric]
  /// The rewards of chosen and of rejected answers, and how far they are apart.
  public var chosen: Metric?, rejected: Metric?, margin: Metric?
  /// The share of pairs whose chosen answer has the greater reward.
  public var accuracy: Metric?

  /// The metrics of a run's training, not of its evaluations.
  public init(of run: TrainingRun) {
    func find(_ names: [String]) -> Metric? { run.metric(plainly: names, isEvaluation: false) }
    reward = find(MetricNames.rewards)
    rewardSpread = find(MetricNames.rewardSpreads)
    divergence = find(MetricNames.divergences)
    length = find(MetricNames.lengths + ["val/num_eos_tokens", "rollout/ep_len_mean"])
    clipRatios = [
      MetricNames.clipped,
      [
        "clip_ratio/region_mean", "clip_ratio", "policy/clipfrac_avg", "ppo/policy/clipfrac",
        "actor/pg_clipfrac",
      ],
    ].compactMap(find)
    chosen = find(["rewards/chosen"])
    rejected = find(["rewards/rejected"])
    margin = find(["rewards/margins"])
    accuracy = find(["rewards/accuracies"])
  }

  /// Whether the distance from the reference `tag` is a sum over the tokens of an answer.
  public static func sumsAnswers(_ tag: String) -> Bool {
    MetricNames.summedDivergences.contains(MetricNames.plain(tag))
  }
}

extension TrainingRun {
  /// The tokens that a value of the distance from the reference `tag` is a sum over: 1 where it is a mean over tokens;
  /// else the mean length of the answers, the greatest that they could have, or where neither is known, the usual.
  func summedTokens(in tag: String) -> Double {
    // ms-swift sums where the distance is a part of the reward.
    let isSum = TrainingMetrics.sumsAnswers(tag) || setting("kl_in_reward")?.lowercased() == "true"
    guard isSum else { return 1 }
    if let lengths = metric(plainly: MetricNames.lengths, isEvaluation: false)?.series.values.filter(
      \.isFinite),
      !lengths.isEmpty
    {
      return max(1, Selection.median(lengths))
    }
    let greatest = ["response_length", "max_completion_length", "max_new_tokens", "max_response_length"]
      .lazy.compactMap { self.setting($0).flatMap(Double.init) }.first { $0 >= 1 && $0.isFinite }
    return greatest ?? Self.usualAnswer
  }

  /// The tokens of an answer of which nothing tells the length: a judgement.
  private static let usualAnswer = 100.0
}
