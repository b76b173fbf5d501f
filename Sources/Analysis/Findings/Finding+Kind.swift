extension Finding {
  /// The kinds of finding, those that explain others first; the raw values are names for configurations and JSON.
  public enum Kind: String, CaseIterable, Sendable {
    /// The loss drops to exactly 0 while the gradient norm or the evaluation is NaN: HF's NaN filter at work.
    case filteredNaN = "filtered_nan"
    /// The loss is exactly 0 to its end, and did not come down to it.
    case zeroLoss = "zero_loss"
    /// NaN or an infinity in a metric.
    case nonFinite = "non_finite"
    /// Several trainings stand in one folder as if they were one.
    case mixedTrainings = "mixed_trainings"
    /// Two writers wrote into one log.
    case interleaved
    /// The points do not say at which step they were taken.
    case noStepCounter = "no_step_counter"
    /// The learning rate is 0 where the run still trains.
    case zeroLearningRate = "zero_learning_rate"
    /// The loss does not move and the gradient norm is exactly 0.
    case deadRun = "dead_run"
    /// All answers get the same reward, so that nothing tells good from bad.
    case noRewardSignal = "no_reward_signal"
    /// The loss jumps up where the run was taken up again.
    case resumeGap = "resume_gap"
    /// The loss left its level upwards and did not come back.
    case diverged
    /// The reward rose and fell again.
    case rewardCollapse = "reward_collapse"
    /// The model moved far away from its reference.
    case klBlowUp = "kl_blow_up"
    /// The gradient norm rose by more than an order of magnitude and stayed there.
    case gradientExplosion = "gradient_explosion"
    /// The loss of the end is that of the beginning.
    case notLearning = "not_learning"
    /// The reward of the end is that of the beginning.
    case rewardFlat = "reward_flat"
    /// The loss swings up and down.
    case oscillation
    /// A point far above its neighbourhood, after which the loss came back.
    case spike
    /// The evaluation got worse while the training loss fell.
    case overfitting
    /// The evaluation loss and another measure of the evaluation were best at different steps.
    case metricsDisagree = "metrics_disagree"
    /// The training loss is a multiple of the evaluation's.
    case lossScale = "loss_scale"
    /// The evaluation loss is far below the training's.
    case evaluationBelow = "eval_below_train"
    /// Answers reach their greatest length and are cut.
    case clippedCompletions = "clipped_completions"
    /// The learning rate rises anew.
    case scheduleRestarted = "schedule_restarted"
    /// The loss steps down where an epoch ends.
    case epochSteps = "epoch_steps"
    /// The training loss has stopped falling.
    case plateau
    /// Single steps took much longer than the others.
    case stalls
    /// Event files and trainer files say different things.
    case sourcesDisagree = "sources_disagree"
    /// The run ended before its planned last step.
    case stoppedEarly = "stopped_early"
    /// The trainer ended the run before its planned last step, since it did not get better.
    case earlyStopped = "early_stopped"
    /// The writer itself says that the training failed.
    case reportedFailure = "reported_failure"
    /// Saves of different steps hold the same weights.
    case identicalSaves = "identical_saves"
    /// Saves of the run are not whole.
    case incompleteSave = "incomplete_save"
    /// Records of an event file, or other files of the run, could not be read.
    case damagedFile = "damaged_file"
  }

  /// What a finding most likely comes from.
  public enum Cause: Equatable, Sendable {
    /// No token counts in the loss: all labels are masked.
    case maskedLabels
    /// A trainer that logs 0 in the place of NaN.
    case filteredNaN
    /// Only the evaluation is not finite: its precision, or its data.
    case evaluationOnly
    /// It is among the elements of the tag's histograms, not in a curve, and of the last of them too where it lasts; the
    /// finding's count is that of the histograms.
    case elements(lasts: Bool)
    /// It is in the weights of saves, and in those of the last where it lasts; the finding's count is that of the saves.
    case savedWeights(lasts: Bool)
    /// Gradients do not reach the weights that should learn.
    case frozen
    /// The model answers as if it guessed among this many classes.
    case chance(classes: Int)
    /// The learning rate is far too low, or 0.
    case learningRateTooLow
    /// The schedule reached its end before the training did.
    case scheduleEnded
    /// The loss is summed over this many steps of gradient accumulation, not averaged.
    case accumulation(steps: Int)
    /// The loss is a sum over tokens or samples.
    case summed
    /// The schedule began anew with the resume, and so most likely did the optimizer.
    case scheduleRestarted
    /// The first evaluation is the best: the training set is learnt by heart from the start.
    case fromTheStart
    /// Another measure of the evaluation, the finding's other name, went on getting better, to this step.
    case betterOtherwise(step: Int64)
    /// It is not what the run is judged by, which is this metric.
    case besides(objective: String)
    /// Both the training and the evaluation loss rose.
    case everywhere
  }
}

extension Finding.Kind {
  /// What makes the training metrics of a run worthless though they look finite.
  static let untrustworthy: Set<Self> = [.filteredNaN, .zeroLoss, .deadRun]
}
