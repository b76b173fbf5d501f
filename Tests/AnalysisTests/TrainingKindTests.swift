import EventFile
import RunFolder
import Testing

@testable import Analysis

@Suite struct TrainingKindTests {
  private func run(_ tags: [String], settings: [Setting] = []) -> TrainingRun {
    var run = TrainingRun(
      name: "r", path: "r", metrics: tags.map { Metric(series: series($0, [0.5, 0.6, 0.7, 0.8])) })
    if !settings.isEmpty { run.configuration = [ConfigurationSection(source: "args", settings: settings)] }
    return run
  }

  @Test(arguments: [
    [
      "train/loss", "train/accuracy", "train/margin", "train/min_reward", "train/mean_reward",
      "train/max_reward",
    ],
    ["train/loss", "eval/loss", "eval/accuracy", "eval/mean_reward"],
    [
      "train/loss", "train/acc", "train/chosen_reward", "train/reject_reward", "eval/acc_mean",
      "eval/reward_mean",
      "eval/reward_std",
    ],
    ["train/loss", "train/reward_chosen", "train/reward_rejected"],
  ])
  func `rewards beside a margin or an accuracy of pairs are a reward model's`(tags: [String]) throws {
    let run = run(tags)
    #expect(TrainingKind(of: run) == .rewardModel)
    let objective = try #require(Objective(of: run))
    #expect(objective.isOfLoss)
  }

  @Test(arguments: [
    ["train/loss", "train/reward"], ["train/loss", "train/reward", "train/reward_std", "train/kl"],
    ["train/loss", "train/mean_reward", "train/completion_length"],
    ["train/reward_mean", "train/approx_kl", "train/accuracy"], ["critic/rewards/mean", "actor/pg_loss"],
    ["train/mean_reward", "train/min_reward", "train/max_reward", "train/policy_loss", "train/accuracy"],
    ["objective/scores", "loss/policy_avg"],
  ])
  func `rewards with a policy are a training by rewards`(tags: [String]) {
    #expect(TrainingKind(of: run(tags)) == .reinforcement)
  }

  @Test func `what the trainer was told to do goes before names`() {
    #expect(
      TrainingKind(of: run(["train/loss", "train/reward"], settings: [.init(name: "stage", value: "rm")]))
        == .rewardModel)
    #expect(
      TrainingKind(of: run(["train/loss", "train/acc"], settings: [.init(name: "stage", value: "dpo")]))
        == .preference)
  }

  @Test func `two reward models are not compared by the level of their rewards`() throws {
    let tags = [
      "train/loss", "train/accuracy", "train/margin", "train/min_reward", "train/mean_reward",
      "train/max_reward",
    ]
    let pair = try #require(RunComparison(base: run(tags), new: [run(tags)]).pairs.first)
    #expect(pair.metrics.first { $0.tag == "train/mean_reward" }?.direction == .neutral)
    #expect(pair.metrics.first { $0.tag == "train/accuracy" }?.direction == .higher)
  }

  // MARK: Distances that are sums

  /// A policy whose distance from its reference rises from 0, after `wait` steps, to `end`.
  private func policy(_ tag: String, end: Double, wait: Int = 0, also: [String: Double] = [:]) -> TrainingRun
  {
    let noise = correlatedNoise(200, seed: 3)
    let steps = (0..<200).map { Double(max(0, $0 - wait)) / 60 }
    var metrics = [
      Metric(series: series(tag, zip(steps, noise).map { max(0.001, end * min(1, $0) + 0.1 * $1) })),
      Metric(series: series("objective/scores", zip(steps, noise).map { $0 - 0.3 * $1 })),
      Metric(series: series("loss/policy_avg", noise.map { 0.02 * $0 })),
    ]
    for (tag, value) in also.sorted(by: { $0.key < $1.key }) {
      metrics.append(Metric(series: series(tag, noise.map { _ in value })))
    }
    return TrainingRun(name: "r", path: "r", metrics: metrics)
  }

  private func blowUp(_ run: TrainingRun) -> Finding? {
    RunAnalysis(of: run).findings.first { $0.kind == .klBlowUp }
  }

  @Test(arguments: ["objective/kl", "ppo/mean_kl"])
  func `a distance summed over an answer is not one a token`(
    tag: String
  ) throws {
    for end in [6.5, 15, 30] {
      for wait in [0, 12] {
        #expect(blowUp(policy(tag, end: end, wait: wait)) == nil, "\(end) after \(wait)")
      }
    }
    #expect(blowUp(policy(tag, end: 3000, wait: 12))?.severity == .failure)
    // What is known of the lengths of answers is the measure.
    let short = ["tokens/responses_len_mean": 5.0]
    #expect(blowUp(policy(tag, end: 30, wait: 12, also: short))?.severity == .warning)
    #expect(blowUp(policy(tag, end: 3000, wait: 12, also: ["tokens/responses_len_mean": 4000])) == nil)
    var told = policy(tag, end: 30, wait: 12)
    told.configuration = [.init(source: "args", settings: [.init(name: "response_length", value: "5")])]
    #expect(blowUp(told)?.severity == .warning)
  }

  @Test func `a distance a token is one`() {
    #expect(blowUp(policy("train/kl", end: 15, wait: 12))?.severity == .failure)
    #expect(blowUp(policy("train/kl", end: 0.5, wait: 12)) == nil)
  }

  @Test func `the self-test of a gate knows sums`() {
    guard case .copy(let copy) = policy("objective/kl", end: 6).showingOnce(.klBlowUp) else {
      Issue.record("no copy")
      return
    }
    #expect(blowUp(copy) != nil)
  }
}
