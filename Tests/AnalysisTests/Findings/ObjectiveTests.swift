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

  // MARK: Which way is better

  private func chosen(
    _ name: String, _ values: [Double], best: (value: Double, step: Int)? = nil, isNamed: Bool = true,
    isGreater: Bool? = nil, source: String = "training_args.yaml", saves: Int? = nil
  ) throws -> Objective? {
    let saved = saves.map { #", "save_steps": \#($0)"# } ?? ""
    let state = best.map {
      #"{"log_history": [], "best_metric": \#($0.value), "best_global_step": \#($0.step)\#(saved)}"#
    }
    var settings = isNamed ? [Setting(name: "metric_for_best_model", value: name)] : []
    if let isGreater { settings.append(Setting(name: "greater_is_better", value: "\(isGreater)")) }
    let losses = values.indices.map { 1.6 - 0.05 * Double($0) }
    var run = try run(
      ["train/loss": losses, "eval/loss": losses, "eval/\(name)": values], state: state)
    if !settings.isEmpty { run.configuration = [ConfigurationSection(source: source, settings: settings)] }
    return Objective(of: run)
  }

  @Test(arguments: ["fluency", "judge_7b", "zz"])
  func `of a name that nobody knows the trainer's best value tells`(
    name: String
  ) throws {
    let rising = [25, 27, 28, 30.0]
    let falling = [25, 24, 22, 20.0]
    #expect(try chosen(name, rising, best: (30, 40))?.direction == .higher)
    #expect(try chosen(name, falling, best: (20, 40))?.direction == .lower)
    #expect(try chosen(name, falling, best: (25, 10))?.direction == .higher)
    // Without a word of the trainer, HF Trainer's rule: more is better unless the name ends in loss.
    #expect(try chosen(name, rising)?.direction == .higher)
    #expect(try chosen(name + "_loss", rising)?.direction == .lower)
    // The best value alone names the metric, and the way.
    let objective = try #require(try chosen(name, falling, best: (20, 40), isNamed: false))
    #expect(objective == Objective(tag: "eval/\(name)", direction: .lower, reason: .trainersBest))
  }

  @Test func `a vague name yields to the trainer's best value`() throws {
    let falling = [0.5, 0.45, 0.4, 0.3]
    let objective = try #require(try chosen("some_score", falling, best: (0.3, 40), isNamed: false))
    #expect(objective == Objective(tag: "eval/some_score", direction: .lower, reason: .trainersBest))
  }

  @Test func `a name that is known goes before a default of the trainer's, and not before a user's word`()
    throws
  {
    let rates = [0.5, 0.4, 0.35, 0.3]
    // HF Trainer keeps the greatest of all that does not end in loss.
    #expect(try chosen("wer", rates, best: (0.5, 10))?.direction == .lower)
    #expect(try chosen("wer", rates, isGreater: true, source: "args/text_summary")?.direction == .lower)
    #expect(try chosen("error_reduction", rates, isGreater: true)?.direction == .higher)
    #expect(try chosen("accuracy_drop", rates, best: (0.3, 40), saves: 10)?.direction == .lower)
    #expect(
      try chosen("accuracy_drop", rates, isGreater: false, source: "args/text_summary")?.direction == .lower)
    // Saves that are apart: of one alone the best value is both the least and the greatest.
    #expect(try chosen("accuracy", [0.7, 0.6, 0.65, 0.64], best: (0.6, 20), saves: 20)?.direction == .lower)
    #expect(try chosen("accuracy", [0.7, 0.6, 0.65], best: (0.6, 20), saves: 20)?.direction == .higher)
    #expect(try chosen("nll_loss", [1.6, 1.5, 1.7], isGreater: true)?.direction == .lower)
  }

  @Test func `a measure that rises as it is meant to is no overfitting, and one that falls is`() throws {
    func warnings(_ values: [Double]) throws -> [Finding.Kind] {
      let losses = (0..<8).map { 1.5 - 0.03 * Double($0) }
      let run = try run(
        ["train/loss": losses, "eval/loss": losses, "eval/fluency": values],
        settings: [Setting(name: "metric_for_best_model", value: "fluency")])
      return RunAnalysis(of: run).findings.filter { $0.severity >= .warning }.map(\.kind)
    }
    #expect(try warnings((0..<8).map { 25 + Double($0) }) == [])
    #expect(try warnings([40, 43, 46, 43.5, 41, 38.5, 36, 33.5]) == [.overfitting])
  }

  @Test func `a comparison goes by the direction that the trainer told`() throws {
    func run(_ last: Double) throws -> TrainingRun {
      let losses = [1.5, 1.4, 1.3]
      return try self.run(
        ["train/loss": losses, "eval/loss": losses, "eval/fluency": [20, 25, last]],
        settings: [Setting(name: "metric_for_best_model", value: "fluency")])
    }
    let pair = try #require(RunComparison(base: try run(30), new: [try run(40)]).pairs.first)
    #expect(pair.deciding?.tag == "eval/fluency")
    #expect(pair.deciding?.verdict == .better)
  }
}
