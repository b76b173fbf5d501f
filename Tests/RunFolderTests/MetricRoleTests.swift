import EventFile
import RunFolder
import Testing

@Suite struct MetricRoleTests {
  @Test(arguments: [
    // HF Trainer, LLaMA-Factory, TRL, axolotl
    ("train/loss", MetricRole.trainLoss), ("eval/loss", .evalLoss), ("train/learning_rate", .learningRate),
    ("train/grad_norm", .gradientNorm), ("train/epoch", .epoch), ("train/train_loss", .meanTrainLoss),
    ("train/num_input_tokens_seen", .tokens), ("loss", .trainLoss), ("eval_loss", .evalLoss),
    ("train/num_tokens", .tokens), ("eval/alpaca_loss", .evalLoss),
    // Megatron
    ("lm loss", .trainLoss), ("learning-rate", .learningRate), ("grad-norm", .gradientNorm),
    ("lm loss validation", .evalLoss), ("lm-loss-validation/valid lm loss validation", .evalLoss),
    ("heldout_loss", .evalLoss), ("holdout/loss", .evalLoss),
    // Lightning, NeMo
    ("train_loss", .trainLoss), ("train_loss_step", .trainLoss), ("val_loss", .evalLoss),
    ("lr-AdamW", .learningRate), ("lr-AdamW/pg1", .learningRate), ("reduced_train_loss", .trainLoss),
    ("grad_2.0_norm_total", .gradientNorm), ("epoch", .epoch),
    // torch-style, Keras, DeepSpeed, torchtitan
    ("Loss/train", .trainLoss), ("Loss/val", .evalLoss), ("Loss/valid", .evalLoss),
    ("Train/Samples/train_loss", .trainLoss), ("Train/Samples/lr", .learningRate), ("epoch_loss", .trainLoss),
    ("loss_metrics/global_avg_loss", .trainLoss), ("validation/loss", .evalLoss),
  ])
  func `a writer's name has its role`(tag: String, role: MetricRole) {
    #expect(MetricRole.role(of: tag) == role)
  }

  @Test(arguments: [
    "train/rewards/chosen", "eval/runtime", "lm loss vs samples", "loss-scale", "train/total_flos",
    "eval/samples_per_second", "grad_2.0_norm/layer.0", "accuracy", "", "/", "train/train_runtime",
  ])
  func `what measures something else has no role`(tag: String) {
    #expect(MetricRole.role(of: tag) == nil)
  }

  private func run(_ tags: String...) -> TrainingRun {
    TrainingRun(
      name: "run", path: "run",
      metrics: tags.map { Metric(series: Series(tag: $0, steps: [1], wallTimes: [0], values: [1])) })
  }

  private func metric(_ tag: String, _ steps: [Int64]) -> Metric {
    Metric(
      series: Series(tag: tag, steps: steps, wallTimes: steps.map { _ in 0 }, values: steps.map { _ in 1 }))
  }

  @Test(arguments: [
    "lm loss vs samples", "learning-rate vs samples", "lm-loss-training/lm loss vs tokens",
    "steps-vs-samples",
    "lm loss validation vs samples", "Train/Samples/lr", "any name for it",
  ])
  func `points that count samples or tokens are no steps that were reached`(tag: String) {
    let steps = [Int64](1...40).map { $0 * 10 }
    let run = TrainingRun(
      name: "r", path: "r",
      metrics: [
        metric("lm loss", steps), metric(tag, steps.map { $0 * 512 }), metric("eval/accuracy", [200, 405]),
        metric("eval/loss", [200, 400]),
      ])
    #expect(run.reachedStep == 405)
  }

  @Test func `a run that counts samples alone keeps its steps`() {
    let steps = [Int64](1...40).map { $0 * 512 }
    let run = TrainingRun(
      name: "r", path: "r",
      metrics: [metric("Train/Samples/train_loss", steps), metric("Train/Samples/lr", steps)])
    #expect(run.metricsByStep.count == 2)
    #expect(run.reachedStep == nil)
  }

  @Test func `the best name wins, whatever the order`() {
    #expect(run("train/aux_loss", "train/loss", "loss").metric(for: .trainLoss)?.tag == "train/loss")
    #expect(run("train/train_loss", "eval/loss").metric(for: .trainLoss) == nil)
    #expect(run("losses/total").metric(for: .trainLoss)?.tag == "losses/total")
    #expect(run("lm loss vs samples", "lm loss").metric(for: .trainLoss)?.tag == "lm loss")
    #expect(run("eval/b_loss", "eval/a_loss").metric(for: .evalLoss)?.tag == "eval/b_loss")
  }

  @Test(arguments: [
    ("eval/loss", nil), ("val_loss", nil), ("lm loss validation", nil), ("eval/code_loss", "code"),
    ("eval/code/loss", "code"), ("eval_code/loss", "code"), ("test/loss", "test"),
    ("val_loss/dataloader_idx_1", "1"), ("Loss/val", nil), ("validation/epoch_loss", nil),
    ("train/loss", nil),
  ])
  func `an evaluation set goes by its name`(tag: String, name: String?) {
    #expect(MetricRole.evaluationSet(of: tag) == name)
  }

  @Test func `each evaluation set has a loss, and parts of a loss are none`() {
    let sets = run("eval/a_loss", "eval/a_runtime", "eval/b_loss", "eval/b_runtime", "train/loss")
    #expect(sets.evaluationLosses.map(\.tag) == ["eval/a_loss", "eval/b_loss"])
    #expect(run("eval/loss", "eval/nll_loss", "eval/runtime").evaluationLosses.map(\.tag) == ["eval/loss"])
    #expect(run("eval/loss", "test/loss").evaluationLosses.map(\.tag) == ["eval/loss", "test/loss"])
    #expect(
      run("val_loss/dataloader_idx_0", "val_loss/dataloader_idx_1").evaluationLosses.map(\.tag)
        == ["val_loss/dataloader_idx_0", "val_loss/dataloader_idx_1"])
  }

  @Test func `a pattern finds tags, and an alias the metric of its role`() {
    let run = run("train/loss", "train/grad_norm", "eval/loss")
    #expect(run.metrics(matching: "train/*").map(\.tag) == ["train/loss", "train/grad_norm"])
    #expect(run.metrics(matching: "lm loss").map(\.tag) == ["train/loss"])
    #expect(run.metrics(matching: "eval_loss").map(\.tag) == ["eval/loss"])
    #expect(run.metrics(matching: "lr").isEmpty)
    #expect(run.metrics(matching: "evel/loss").isEmpty)
    #expect(run.metrics(matching: "nothing/*").isEmpty)
  }

  @Test func `a tag without points is no metric`() {
    let empty = TrainingRun(name: "r", path: "r", metrics: [Metric(series: Series(tag: "train/loss"))])
    #expect(empty.metric(for: .trainLoss) == nil)
  }
}
