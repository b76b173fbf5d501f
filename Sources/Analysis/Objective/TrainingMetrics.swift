public import EventFile
public import RunFolder

/// What trainings on rewards and preferences measure beside a loss, under whatever name their trainer has for it.
public struct TrainingMetrics: Equatable, Sendable {
  /// The mean reward of a step, and the standard deviation of rewards that its trainer tells.
  public var reward: Metric?, rewardSpread: Metric?
  /// The distance from the reference model, in nats.
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
    length = find([
      "completions/mean_length", "completion_length", "response_length/mean", "val/num_eos_tokens",
      "tokens/responses_len_mean", "rollout/ep_len_mean",
    ])
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
}
