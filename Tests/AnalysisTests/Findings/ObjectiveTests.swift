import Analysis
import EventFile
import RunFolder
import Testing

@Suite struct ObjectiveTests {
  private func run(
    _ metrics: [String: [Double]], settings: [Setting] = [], state: String? = nil
  ) throws -> TrainingRun {
    var run = TrainingRun(
      name: "r", path: "r",
      metrics: metrics.keys.sorted().map {
        Metric(series: series($0, metrics[$0] ?? [], first: 10, every: 10))
      })
    if !settings.isEmpty { run.configuration = [ConfigurationSection(source: "args", settings: settings)] }
    run.trainerState = try state.map { try TrainerState(parsing: Array($0.utf8), path: "trainer_state.json") }
    return run
  }

  private let losses = [
    "train/loss": [2.0, 1.5, 1.2], "eval/loss": [1.6, 1.4, 1.5], "eval/accuracy": [0.5, 0.7, 0.8],
  ]

  @Test func `the trainer's argument decides first`() throws {
    let argued = try run(
      losses,
      settings: [
        Setting(name: "metric_for_best_model", value: "eval_accuracy"),
        Setting(name: "greater_is_better", value: "true"),
      ])
    let objective = try #require(Objective(of: argued))
    #expect(
      objective == Objective(tag: "eval/accuracy", direction: .higher, reason: .argument("eval_accuracy")))
    #expect(ObjectiveCourse(of: objective, in: argued)?.best?.step == 30)
  }

  @Test func `then the trainer's best value, at its step`() throws {
    let state = #"{"log_history": [], "best_metric": 0.8, "best_global_step": 30}"#
    #expect(try Objective(of: run(losses, state: state))?.tag == "eval/accuracy")
    let byLoss = #"{"log_history": [], "best_metric": 1.4}"#
    #expect(try Objective(of: run(losses, state: byLoss))?.reason == .trainersBest)
    #expect(try Objective(of: run(losses, state: byLoss))?.tag == "eval/loss")
  }

  @Test func `an accuracy that nobody selected by does not decide`() throws {
    #expect(
      try Objective(of: run(losses))
        == Objective(tag: "eval/loss", direction: .lower, reason: .evaluationLoss))
    #expect(try Objective(of: run(["train/loss": [2, 1]]))?.reason == .trainingLoss)
    #expect(try Objective(of: run(["x": [2, 1]])) == nil)
  }

  @Test func `rewards and preferences are judged by their own metrics`() throws {
    let grpo = try run([
      "train/loss": [0, 0.1], "train/reward": [0.1, 0.5], "train/reward_std": [0.2, 0.2],
    ])
    #expect(
      Objective(of: grpo)
        == Objective(tag: "train/reward", direction: .higher, reason: .training(.reinforcement)))
    let dpo = try run([
      "train/loss": [0.69, 0.5], "eval/loss": [0.6, 0.5], "eval/rewards/accuracies": [0.6, 0.7],
      "train/rewards/chosen": [0.1, 0.2],
    ])
    #expect(TrainingKind(of: dpo) == .preference)
    #expect(Objective(of: dpo)?.tag == "eval/rewards/accuracies")
  }

  @Test func `the better of two is told by the objective that both share, and neither of unlike ones`() throws
  {
    let better = try run([
      "train/loss": [0, 0.5, 0.6], "train/reward": [0.1, 0.8, 0.9], "train/kl": [0, 0.1, 0.2],
    ])
    let worse = try run([
      "train/loss": [0, 0.1, 0.1], "train/reward": [0.1, 0.2, 0.3], "train/kl": [0, 0.1, 0.2],
    ])
    let pair = try #require(RunComparison(base: worse, new: [better]).pairs.first)
    #expect(!pair.hasUnlikeObjectives)
    #expect(pair.deciding?.tag == "train/reward")
    let unlike = try #require(RunComparison(base: worse, new: [try run(losses)]).pairs.first)
    #expect(unlike.hasUnlikeObjectives)
    #expect(unlike.deciding == nil)
  }
}
