internal import Analysis

/// What was searched for, and what could not be, in words.
enum SearchWords {
  /// The name of what is searched for.
  static func name(_ kind: Finding.Kind) -> String {
    switch kind {
    case .filteredNaN: "NaN logged as 0"
    case .zeroLoss: "a loss of exactly 0"
    case .nonFinite: "NaN and infinities"
    case .mixedTrainings, .interleaved: "several trainings in one"
    case .noStepCounter: "missing steps"
    case .zeroLearningRate: "a learning rate of 0"
    case .deadRun: "gradients of 0"
    case .noRewardSignal: "rewards without a signal"
    case .resumeGap, .scheduleRestarted: "jumps at a resume"
    case .diverged: "divergence"
    case .rewardCollapse: "a collapse of the reward"
    case .klBlowUp: "a policy far from its reference"
    case .gradientExplosion: "exploding gradients"
    case .notLearning: "a loss that does not fall"
    case .rewardFlat: "a reward that does not rise"
    case .oscillation: "oscillation"
    case .spike: "spikes"
    case .overfitting, .metricsDisagree: "overfitting"
    case .lossScale, .evaluationBelow: "the scale of the loss"
    case .clippedCompletions: "answers that are cut"
    case .epochSteps: "steps at epochs"
    case .plateau: "a plateau"
    case .stalls: "stalls"
    case .sourcesDisagree: "files that disagree"
    case .stoppedEarly, .earlyStopped: "an early end"
    case .incompleteSave: "incomplete saves"
    case .reportedFailure: "a failure that the writer reports"
    case .identicalSaves: "saves that are the same"
    case .damagedFile: "damaged files"
    }
  }

  /// Why something could not be searched for.
  static func text(_ obstacle: Search.Obstacle) -> String {
    switch obstacle {
    case .missing(let need): "no \(name(need))"
    case .tooFew(let need, let count, let needed):
      "\(NumberText.count(count)) \(name(need, count: count)), \(NumberText.count(needed)) needed"
    case .noise(let share): "the noise hides changes of up to \(NumberText.percent(share))"
    case .explained(let kind): "reported by the finding about \(name(kind))"
    }
  }

  /// A line for each search that could not take place because of the data: `overfitting: 1 evaluation, 2 needed`.
  static func obstacles(_ searches: [Search]) -> [String] {
    searches.compactMap { search in
      guard let obstacle = search.obstacle else { return nil }
      if case .explained = obstacle { return nil }
      return "\(name(search.kind)): \(text(obstacle))"
    }
  }

  private static func name(_ need: Search.Need, count: Int = 1) -> String {
    switch need {
    case .trainingLoss: count == 1 ? "training loss" : "points of the training loss"
    case .evaluations: count == 1 ? "evaluation" : "evaluations"
    case .learningRate: "points of the learning rate"
    case .gradientNorm: "points of the gradient norm"
    case .reward: "points of the reward"
    case .rewardSpread: "points of the spread of rewards"
    case .divergence: "points of the distance from the reference model"
    case .clippedAnswers: "points of the share of cut answers"
    case .epochs: "ends of epochs"
    case .times: "wall times"
    }
  }
}
