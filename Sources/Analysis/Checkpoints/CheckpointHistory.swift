internal import Checkpoint

/// The checkpoints of one run, in the order of their steps, with the change from each to the next.
public struct CheckpointHistory: Equatable, Sendable {
  /// The checkpoints.
  public var entries: [Entry]
  /// The conclusions on the last two that could be read (on the last alone, where there is one).
  public var last: CheckpointAnalysis?

  /// A checkpoint of a run.
  public struct Entry: Equatable, Sendable {
    /// The step.
    public var step: Int64
    /// The path.
    public var path: String
    /// What the trainer said up to this step.
    public var training: CheckpointTraining?
    /// The norm of all ΔW, or of all weights.
    public var norm: Double?
    /// What changed since the checkpoint before.
    public var change: Change?
    /// The elements that are not finite.
    public var nonFiniteCount: Int
    /// Why there are no figures, in words.
    public var problem: String?

    /// A checkpoint from its parts.
    public init(
      step: Int64, path: String, training: CheckpointTraining?, norm: Double? = nil, change: Change? = nil,
      nonFiniteCount: Int = 0, problem: String? = nil
    ) {
      self.step = step
      self.path = path
      self.training = training
      self.norm = norm
      self.change = change
      self.nonFiniteCount = nonFiniteCount
      self.problem = problem
    }
  }

  /// The change from one checkpoint to the next.
  public struct Change: Equatable, Sendable {
    /// The norm of the difference.
    public var norm: Double
    /// The same, over the norm before.
    public var relative: Double?
    /// The cosine of the angle between both.
    public var cosine: Double?
    /// How the weights moved.
    public var movement: CheckpointAnalysis.Movement?
    /// Where most of the change is.
    public var concentration: CheckpointAnalysis.Concentration?

    /// The change that `analysis` found.
    public init(_ analysis: CheckpointAnalysis) {
      let total = analysis.comparison.total
      norm = total.differenceNorm
      relative = total.relativeChange
      cosine = total.cosine
      movement = analysis.movement
      concentration = analysis.concentration
    }
  }

  /// A history from its parts.
  public init(entries: [Entry], last: CheckpointAnalysis?) {
    self.entries = entries
    self.last = last
  }

  /// The index of the entry with the least evaluation loss, the earliest of equals; nil without any.
  public var best: Int? {
    var best: (index: Int, value: Double)?
    for (index, entry) in entries.enumerated() {
      guard let value = entry.training?.evaluation, value.isFinite, entry.nonFiniteCount == 0 else {
        continue
      }
      if best.map({ value < $0.value }) ?? true { best = (index, value) }
    }
    return best?.index
  }
}
