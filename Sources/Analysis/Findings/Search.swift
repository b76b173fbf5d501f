/// One thing that a run was searched for, or could not be.
public struct Search: Equatable, Sendable {
  /// What was searched for.
  public var kind: Finding.Kind
  /// Whether a run that was not searched for it is not judged in what matters most.
  public var isEssential: Bool
  /// Why it could not be searched for; nil where it was.
  public var obstacle: Obstacle?

  /// A search from its parts.
  public init(_ kind: Finding.Kind, isEssential: Bool = false, obstacle: Obstacle? = nil) {
    self.kind = kind
    self.isEssential = isEssential
    self.obstacle = obstacle
  }

  /// Why something could not be searched for.
  public enum Obstacle: Equatable, Sendable {
    /// There is none of what it needs.
    case missing(Need)
    /// There is too little of what it needs.
    case tooFew(Need, count: Int, needed: Int)
    /// The noise would hide it: changes of this share of the level, or smaller.
    case noise(share: Double)
    /// A finding of this kind explains whatever could be found.
    case explained(by: Finding.Kind)
  }

  /// What a search needs.
  public enum Need: String, Sendable {
    /// Points of the training loss.
    case trainingLoss = "training_loss"
    /// Evaluations.
    case evaluations
    /// Points of the learning rate.
    case learningRate = "learning_rate"
    /// Points of the gradient norm.
    case gradientNorm = "gradient_norm"
    /// Points of the reward.
    case reward
    /// Points of the spread of rewards.
    case rewardSpread = "reward_std"
    /// Points of the distance from the reference model.
    case divergence = "kl"
    /// Points of the share of answers that were cut.
    case clippedAnswers = "clipped_ratio"
    /// Points of the epoch.
    case epochs
    /// Wall times.
    case times
  }
}
