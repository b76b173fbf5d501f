internal import Checkpoint
internal import Weights

/// The checkpoints of one run, in the order of their steps, with the change from each to the next.
public struct CheckpointHistory: Equatable, Sendable {
  /// The checkpoints.
  public var entries: [Entry]
  /// The conclusions on the last two that could be read (on the last alone, where there is one).
  public var last: CheckpointAnalysis?
  /// Whether a mean of neighbouring saves is worth an evaluation; nil without three saves that can be held together.
  public var averaging: SaveAveraging?

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
    /// The norm of ΔW by type of module, in order of first appearance; empty of a whole model.
    public var typeNorms: [TypeNorm] = []
    /// What changed since the checkpoint before.
    public var change: Change?
    /// The elements that are not finite.
    public var nonFiniteCount: Int
    /// Why there are no figures, in words.
    public var problem: String?
    /// Whether that is because the system did not let it be read.
    public var isRefused = false

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

  /// The norm of what the modules of one type have learnt.
  public struct TypeNorm: Equatable, Sendable {
    /// The type, with its stack where there are several.
    public var type: String
    /// ‖ΔW‖ of all its modules.
    public var norm: Double

    /// A norm from its parts.
    public init(type: String, norm: Double) {
      self.type = type
      self.norm = norm
    }

    /// The norms in `analysis`, of the later save.
    public static func norms(of analysis: CheckpointAnalysis) -> [TypeNorm] {
      guard !analysis.comparison.modules.isEmpty else { return [] }
      let groups = analysis.groups.filter { !$0.isWhole && $0.total.count.after > 0 }
      let hasSeveral = Set(groups.map(\.stack)).count > 1
      return groups.map { group in
        TypeNorm(
          type: hasSeveral && !group.stack.isEmpty ? "\(group.stack).*.\(group.type)" : group.type,
          norm: group.total.norm.after)
      }
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
    /// The norm of the difference of what was trained whole beside the modules; nil where nothing was.
    public var wholeNorm: Double?
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
      wholeNorm = analysis.comparison.wholeTotal?.differenceNorm
      movement = analysis.movement
      concentration = analysis.concentration
    }
  }

  /// A history from its parts.
  public init(entries: [Entry], last: CheckpointAnalysis?) {
    self.entries = entries
    self.last = last
  }

  /// The steps over which the adapter has settled; nil where nothing shows that it has.
  ///
  /// It takes three saves or more: the last changes in a row are each below `Thresholds.still`, and together they span
  /// `Thresholds.settledShare` of the training up to the last one. Whole models are left out: a fine-tuning moves them
  /// by a small share of their norm from its first step to its last.
  public var settled: ClosedRange<Int64>? {
    typealias Thresholds = CheckpointAnalysis.Thresholds
    guard last?.comparison.modules.isEmpty == false, let end = entries.last else { return nil }
    let still = entries.indices.reversed().prefix { entries[$0].change?.movement == .still }
    guard still.count >= Thresholds.settledChanges, let first = still.last, first > 0 else { return nil }
    let begin = entries[first - 1].step
    guard begin < end.step, Double(end.step) - Double(begin) >= Thresholds.settledShare * Double(end.step)
    else {
      return nil
    }
    return begin...end.step
  }

  /// The index of the entry that is best by what the run is judged by, else by the evaluation loss; the earliest of
  /// equals; nil without any.
  public var best: Int? {
    var best: (index: Int, value: Double)?
    for (index, entry) in entries.enumerated() {
      guard let value = entry.training?.rankingValue, value.isFinite, entry.nonFiniteCount == 0 else {
        continue
      }
      if best.map({ value < $0.value }) ?? true { best = (index, value) }
    }
    return best?.index
  }
}
