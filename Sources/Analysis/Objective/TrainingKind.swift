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

  /// The kind of `run`: by what its trainer was told to do, else by what it measures and, where that is silent, by its
  /// settings.
  ///
  /// A reward alone makes no training by rewards: reward models, too, log the rewards that they give. Of a reward whose
  /// name is either's, the traces of a policy decide (answers, a distance from a reference, clipping, a spread within a
  /// prompt), else those of pairs (margins, an accuracy, the least and the greatest reward).
  public init(of run: TrainingRun) {
    let names = Set(run.metrics.lazy.filter { !$0.series.isEmpty }.map { MetricNames.plain($0.tag) })
    let setting = { (name: String) in run.setting(name)?.lowercased() }
    let stage = setting("stage") ?? setting("rlhf_type")
    if stage == "rm" {
      self = .rewardModel
    } else if !names.isDisjoint(with: MetricNames.preferences) || Self.preferenceStages.contains(stage ?? "")
    {
      self = .preference
    } else if names.contains(where: MetricNames.policyRewards.contains) {
      self = .reinforcement
    } else if names.contains(where: MetricNames.rewards.contains) {
      self = Self.ofReward(names, stage: stage)
    } else if MetricNames.hasPairs(names) {
      self = .rewardModel
    } else if setting("task_type") == "seq_cls" || setting("problem_type") != nil
      || !names.isDisjoint(with: MetricNames.classes)
    {
      self = .classification
    } else {
      self = .supervised
    }
  }

  private static let preferenceStages: Set<String> = ["dpo", "kto", "orpo", "simpo", "cpo", "ipo"]

  /// What a run is whose metrics `names` have a reward that a policy or a reward model may have logged.
  private static func ofReward(_ names: Set<String>, stage: String?) -> Self {
    if ["ppo", "grpo", "rloo"].contains(stage) || names.contains(where: MetricNames.isOfPolicy) {
      return .reinforcement
    }
    if MetricNames.hasPairs(names) { return .rewardModel }
    if names.contains("reward") { return .reinforcement }
    if !names.isDisjoint(with: MetricNames.pairMeasures) { return .rewardModel }
    return names.contains(where: MetricNames.rewardSpreads.contains) ? .reinforcement : .supervised
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
  /// Those of them that only trainings by rewards write.
  static let policyRewards: Set<String> = [
    "objective/rlhf_reward", "objective/scores", "env/reward_mean", "ppo/mean_scores", "critic/rewards/mean",
    "critic/score/mean", "rollout/ep_rew_mean", "charts/episodic_return",
  ]
  /// The spread of the rewards of one prompt's answers.
  static let rewardSpreads = ["reward_std", "rewards/std", "reward/std"]
  /// Whether `tag` is a level of rewards: their mean, their least, their greatest.
  static func isReward(_ tag: String) -> Bool {
    let name = plain(tag)
    return rewards.contains(name) || ["min_reward", "max_reward", "reward_min", "reward_max"].contains(name)
      || ["chosen_reward", "reject_reward", "rejected_reward"].contains(name)
  }

  /// What measures how well pairs are told apart.
  static let pairMeasures: Set<String> = [
    "accuracy", "acc", "acc_mean", "margin", "margins", "reward_margin", "rewards_margin", "accuracy/mean",
  ]

  /// Whether `name`, a plain one, is of a policy: of its answers, of its distance from a reference, of its updates.
  static func isOfPolicy(_ name: String) -> Bool {
    if rewardTies.contains(name) || divergences.contains(name) || clipped.contains(name) { return true }
    let words = name.utf8.split {
      $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: ".")
    }
    return words.contains { policyWords.contains(String(Substring($0))) }
  }

  private static let policyWords: Set<String> = [
    "kl", "approxkl", "completion", "completions", "response", "responses", "rollout", "rollouts", "episode",
    "policy", "actor", "critic", "advantage", "advantages", "clipfrac", "pg", "vf", "entropy", "returns",
    "generation", "generations", "ppo", "grpo",
  ]

  /// Whether `names` are of pairs of answers, as only the training of a reward model logs them outside of ``preferences``:
  /// a reward of each answer, or the least and the greatest reward of a batch beside a margin or an accuracy.
  static func hasPairs(_ names: Set<String>) -> Bool {
    let either: [Set<String>] = [
      ["chosen_reward", "reject_reward"], ["chosen_reward", "rejected_reward"],
      ["chosen_rewards", "rejected_rewards"], ["reward_chosen", "reward_rejected"],
      ["rewards_chosen", "rewards_rejected"], ["chosen_score", "rejected_score"],
      ["chosen_rewards_mean", "rejected_rewards_mean"],
    ]
    let ends: [Set<String>] = [["min_reward", "max_reward"], ["reward_min", "reward_max"]]
    guard !names.contains(where: isOfPolicy) else { return false }
    return either.contains(where: names.isSuperset)
      || (ends.contains(where: names.isSuperset) && !names.isDisjoint(with: pairMeasures))
  }
  /// The share of prompts all of whose answers have one reward.
  static let rewardTies = ["frac_reward_zero_std"]
  /// The mean length of the answers, in tokens.
  static let lengths = [
    "completions/mean_length", "completion_length", "response_length/mean", "response_length",
    "tokens/responses_len_mean",
  ]
  /// The distance from the reference model, in nats.
  static let divergences = ["kl", "objective/kl", "mean_kl", "ppo/mean_kl", "kl/mean", "actor/kl"]
  /// Those of them that are sums over an answer, not means over tokens: TRL's PPO, online DPO, and its older trainers.
  static let summedDivergences: Set<String> = ["objective/kl", "ppo/mean_kl"]
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
