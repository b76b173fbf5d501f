internal import Checkpoint
public import Weights

/// What can be said about one checkpoint, or about two of them.
public struct CheckpointAnalysis: Equatable, Sendable {
  /// Every module and tensor in figures.
  public var comparison: CheckpointComparison
  /// What the trainer said at each of the checkpoints.
  public var training: Pair<CheckpointTraining?>
  /// Whether the second checkpoint goes on from the first.
  public var relation: Relation
  /// Whether the weights still move; nil for unrelated ones, unless they are identical.
  public var movement: Movement?
  /// Where most of the change is.
  public var concentration: Concentration?
  /// The sums by type of module, in order of first appearance.
  public var groups: [WeightGroup]
  /// The sums by layer, for each stack of layers.
  public var stacks: [LayerStack]
  /// What is worth telling, the gravest first.
  public var findings: [CheckpointFinding]
  /// Which of the two to keep.
  public var choice: Choice?

  /// What two checkpoints are to each other.
  public enum Relation: String, Equatable, Sendable {
    /// The second is of the same training, so that differences are what the training did in between.
    case oneTraining = "one_training"
    /// Nothing tells that they are of one training: there is no before and after, and nothing moved.
    case unrelated
  }

  /// How the weights of the second checkpoint differ from those of the first.
  public enum Movement: String, Equatable, Sendable {
    /// The same, bit for bit.
    case identical
    /// The change is below `Thresholds.still` of the weights' norm. Of two saves a few steps apart that says little, so
    /// that it is no claim of convergence: see `CheckpointHistory.settled`.
    case still
    /// Most of the change only makes longer what was there before.
    case growing
    /// Most of the change only makes shorter what was there before.
    case shrinking
    /// The directions still change.
    case moving
  }

  /// How far two trainings changed the weights in the same way.
  public enum Agreement: String, Equatable, Sendable {
    /// The cosine of both is at least `Thresholds.nearlySame`.
    case nearlySame = "nearly_same"
    /// It is at least `Thresholds.partly`.
    case partly
    /// It is about 0.
    case different
    /// It is below the negative of `Thresholds.partly`.
    case opposite
  }

  /// The place that holds most of the change.
  public struct Concentration: Equatable, Sendable {
    /// The type of module, for example `mlp.down_proj`; nil where no type stands out.
    public var type: String?
    /// Its share of the squared norm of the change.
    public var typeShare: Double
    /// The stack of `layers`.
    public var stack: String
    /// The fewest neighbouring layers that hold most of the change of the type; nil where it is spread out.
    public var layers: ClosedRange<Int>?
    /// Their share of the squared norm of the change of the type.
    public var layerShare: Double

    /// Whether the type holds at least half of the change.
    public var isMostOfAll: Bool { typeShare >= Thresholds.mostly }
  }

  /// Which of two checkpoints to keep, and why.
  public struct Choice: Equatable, Sendable {
    /// Whether it is the second.
    public var isAfter: Bool
    /// What speaks for it.
    public var reason: Reason

    /// A choice from its parts.
    public init(isAfter: Bool, reason: Reason) {
      self.isAfter = isAfter
      self.reason = reason
    }

    /// What speaks for a checkpoint.
    public enum Reason: Equatable, Sendable {
      /// The other has values that are not finite.
      case finite
      /// Its evaluation loss is lower: both, and the change from the first to the second, relative.
      /// `isOverfitting`: that the later one rose by more than the evaluations before it scatter, and by 1 % or more.
      case lowerEvaluation(Pair<Double>, change: Double, isOverfitting: Bool)
      /// The evaluation losses are equal for all that can be told, and it is the earlier one.
      case earlierAtEqualEvaluation(Pair<Double>)
      /// Both are the same.
      case identical
    }
  }

  /// Bounds that the findings go by.
  public enum Thresholds {
    /// ‖ΔW₂ − ΔW₁‖/‖ΔW₁‖ below which weights hardly moved.
    public static let still = 0.02
    /// The changes in a row, each hardly a movement, from which an adapter counts as settled …
    public static let settledChanges = 2
    /// … and the share of the training that these changes span at the least.
    public static let settledShare = 0.1
    /// The share of the squared change along ΔW₁ from which it counts as growth alone.
    public static let growing = 0.8
    /// … and the least cosine with it: parts that were cut off lie along it too, and their directions do not stay.
    public static let sameDirection = 0.8
    /// The robust deviations of ln‖ΔW‖ within a type of module from which a norm is an outlier …
    public static let outlierDeviations = 6.0
    /// … and the least factor between it and the median.
    public static let outlierFactor = 3.0
    /// The modules of a type below which none is called an outlier.
    public static let outlierCount = 5
    /// The share of ‖ΔW‖² that the directions in use hold.
    public static let rankEnergy = 0.99
    /// The share of the rank below which the rank is wasted.
    public static let rankShare = 0.25
    /// The cosine from which two changes went nearly the same way …
    public static let nearlySame = 0.9
    /// … and from which they did so in part; below its negative they went opposite ways.
    public static let partly = 0.3
    /// The share of the change from which it is mostly of one type of module.
    public static let mostly = 0.5
    /// The least relative difference of two evaluation losses that decides between checkpoints.
    public static let evaluation = 0.001
    /// The least relative rise of the evaluation loss that is called overfitting.
    public static let overfitting = 0.01
  }
}

/// What the trainer said up to a checkpoint.
public struct CheckpointTraining: Equatable, Sendable {
  /// The step of the checkpoint.
  public var step: Int64
  /// The training loss: the last that was logged up to the step.
  public var loss: Double?
  /// The evaluation loss: the last that was logged up to the step.
  public var evaluation: Double?
  /// All evaluations up to the step, by step.
  public var evaluations: [StepValue]
  /// What the run is judged by, where that is no loss, and its value up to the step.
  public var deciding: Deciding?

  /// A value of what a run is judged by.
  public struct Deciding: Equatable, Sendable {
    /// What decides.
    public var objective: Objective
    /// The last evaluation up to the step; of a noisy measurement the mean of the last ten points.
    public var value: Double
  }

  /// A value at a step.
  public struct StepValue: Equatable, Sendable {
    /// The step.
    public var step: Int64
    /// The value.
    public var value: Double

    /// A value at a step.
    public init(step: Int64, value: Double) {
      self.step = step
      self.value = value
    }
  }

  /// What was said, from its parts.
  public init(step: Int64, loss: Double?, evaluation: Double?, evaluations: [StepValue]) {
    self.step = step
    self.loss = loss
    self.evaluation = evaluation
    self.evaluations = evaluations
  }
}

extension CheckpointTraining {
  /// What checkpoints are ranked by, the least the best.
  var rankingValue: Double? {
    guard let deciding else { return evaluation }
    return deciding.objective.direction == .higher ? -deciding.value : deciding.value
  }
}

/// The weights of one type of module, over all layers.
public struct WeightGroup: Equatable, Sendable {
  /// The stack of layers, for example `model.layers`; empty for what is in no layer.
  public var stack: String
  /// The type, for example `self_attn.q_proj`.
  public var type: String
  /// Whether these are tensors trained whole beside low-rank modules: their norms are those of the weights, not of ΔW.
  public var isWhole: Bool
  /// The number of modules (or tensors).
  public var count: Int
  /// The ranks that occur, both sides together, ascending.
  public var ranks: [Int]
  /// The sums.
  public var total: CheckpointComparison.Total
  /// The share of the squared norm of all changes.
  public var changeShare: Double
  /// The medians of the stable rank.
  public var stableRank: Pair<Double?>
  /// The medians of the effective rank.
  public var effectiveRank: Pair<Double?>
  /// The elements that changed, and all; for tensors.
  public var changedCount: Int, elementCount: Int
}

/// One stack of layers with the weights of each.
public struct LayerStack: Equatable, Sendable {
  /// The name, for example `model.language_model.layers`.
  public var name: String
  /// The numbers of the layers, ascending.
  public var layers: [Int]
  /// The types of modules, in order of first appearance.
  public var types: [String]
  /// The sums of each layer.
  public var totals: [CheckpointComparison.Total]
  /// The sums for each type (outer) and layer (inner); nil where there is no such module.
  public var cells: [[CheckpointComparison.Total?]]
}
