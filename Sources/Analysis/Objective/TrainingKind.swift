internal import EventFile
public import RunFolder

/// What kind of training a run is, which decides what is good and what is a fault in it.
public enum TrainingKind: String, CaseIterable, Sendable {
  /// Learning from examples: the loss tells.
  case supervised
  /// Learning from pairs or marks of preference (DPO, KTO, ORPO): chosen answers are to win over rejected ones.
  case preference
  /// Learning from a reward (GRPO, PPO, RLOO): the reward tells, the loss does not.
  case reinforcement
  /// Learning to give rewards, from pairs.
  case rewardModel = "reward_model"
  /// Learning to sort into classes.
  case classification

  /// The kind of `run`, by what it measures and, where that is silent, by its settings.
  public init(of run: TrainingRun) {
    let names = run.metrics.map { MetricNames.plain($0.tag) }
    let setting = { (name: String) in run.setting(name)?.lowercased() }
    if names.contains(where: { MetricNames.preferences.contains($0) }) {
      self = .preference
    } else if names.contains(where: { MetricNames.rewards.contains($0) }) {
      self = .reinforcement
    } else if setting("stage") == "rm" {
      self = .rewardModel
    } else if setting("task_type") == "seq_cls" || setting("problem_type") != nil
      || names.contains(where: { MetricNames.classes.contains($0) })
    {
      self = .classification
    } else {
      self = .supervised
    }
  }
}

/// The names by which writers of metrics speak of rewards and preferences.
enum MetricNames {
  /// `tag` in lower case, without the part that says which data it is of.
  static func plain(_ tag: String) -> String {
    let name = tag.lowercased().map { $0 == " " || $0 == "-" ? "_" : $0 }
    for prefix in ["train/", "eval/", "training/", "train_", "eval_"] where name.starts(with: prefix) {
      return String(name.dropFirst(prefix.count))
    }
    return String(name)
  }

  /// What only trainings on preferences write.
  static let preferences: Set<String> = [
    "rewards/chosen", "rewards/rejected", "rewards/accuracies", "rewards/margins", "logps/chosen",
  ]
  /// The mean reward of a step, the most telling name first.
  static let rewards = [
    "reward", "rewards/mean", "reward/mean", "mean_reward", "reward_mean", "objective/rlhf_reward",
    "objective/scores", "env/reward_mean", "ppo/mean_scores", "critic/rewards/mean", "critic/score/mean",
    "rollout/ep_rew_mean", "charts/episodic_return",
  ]
  /// The spread of the rewards of one prompt's answers.
  static let rewardSpreads = ["reward_std", "rewards/std", "reward/std"]
  /// The share of prompts all of whose answers have one reward.
  static let rewardTies = ["frac_reward_zero_std"]
  /// The distance from the reference model, in nats.
  static let divergences = ["kl", "objective/kl", "mean_kl", "ppo/mean_kl", "kl/mean", "actor/kl"]
  /// The share of answers that were cut at their greatest length.
  static let clipped = [
    "completions/clipped_ratio", "completion_length/clipped_ratio", "response_length/clip_ratio",
  ]
  /// What only trainings on classes measure.
  static let classes: Set<String> = ["f1", "macro_f1", "f1_macro", "matthews_correlation", "roc_auc"]
}

extension TrainingRun {
  /// The value of the setting `name` in the first section that has it, unless it is null or empty.
  func setting(_ name: String) -> String? {
    for section in configuration {
      guard let value = section.settings.first(where: { $0.name == name })?.value else { continue }
      if !["", "null", "None", "none"].contains(value) { return value }
    }
    return nil
  }

  /// The metric with the first of these plain names, of the training before one of an evaluation.
  func metric(plainly names: [String], isEvaluation: Bool? = nil) -> Metric? {
    for name in names {
      let found = metrics.filter { metric in
        guard !metric.series.isEmpty, MetricNames.plain(metric.tag) == name else { return false }
        return isEvaluation.map { $0 == MetricAligner.isEvaluation(metric.tag) } ?? true
      }
      if let metric = found.first(where: { !MetricAligner.isEvaluation($0.tag) }) ?? found.first {
        return metric
      }
    }
    return nil
  }
}
