internal import Analysis

/// What a run is judged by, in words.
struct ObjectiveWords {
  /// Who says so.
  let reason: String
  /// `judged by eval/accuracy, as the trainer's metric_for_best_model says`.
  let sentence: String

  /// The words for `objective`.
  init(_ objective: Objective) {
    reason =
      switch objective.reason {
      case .argument: "the trainer's metric_for_best_model"
      case .trainersBest: "the trainer's best_metric"
      case .training(let kind): "the kind of training: \(Self.name(kind))"
      case .evaluationLoss: "the evaluation loss"
      case .trainingLoss: "the training loss, since there is no evaluation"
      }
    let tag = ForeignText.visible(objective.tag)
    sentence =
      switch objective.reason {
      case .argument: "judged by \(tag), as the trainer's metric_for_best_model says"
      case .trainersBest: "judged by \(tag), of which the trainer's best_metric is a value"
      case .training(let kind): "judged by \(tag), since this is \(Self.name(kind))"
      case .evaluationLoss: "judged by \(tag)"
      case .trainingLoss: "judged by \(tag), since there is no evaluation"
      }
  }

  /// The name of a kind of training.
  static func name(_ kind: TrainingKind) -> String {
    switch kind {
    case .supervised: "supervised training"
    case .preference: "training on preferences"
    case .reinforcement: "training by rewards"
    case .rewardModel: "training of a reward model"
    case .classification: "classification"
    }
  }
}
