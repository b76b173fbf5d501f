public import Analysis
public import Checkpoint
public import RunFolder
internal import Weights

extension CheckpointAnalysis {
  /// Compares two saves; those of one training by their steps, whichever is named first.
  ///
  /// - Parameter base: the model that adapters belong to, for what its weights tell about theirs.
  /// - Throws: `CheckpointError` where values are out of reach.
  public init(_ first: Save, _ second: Save, base: Checkpoint? = nil) throws(CheckpointError) {
    let saves = [first, second].inOrder
    let (before, after) = (saves[0], saves[1])
    let comparison = try CheckpointComparison(
      before.checkpoint, after.checkpoint, base: base,
      configurations: Pair(before.configuration, after.configuration))
    self.init(
      comparison, training: Pair(before.training, after.training),
      relation: saves.areOfOneTraining ? .oneTraining : .unrelated)
  }

  /// Compares the saves at two paths.
  ///
  /// - Parameters:
  ///   - base: the path of the model that adapters belong to.
  ///   - alpha: the α of adapters whose `adapter_config.json` is missing.
  /// - Throws: `CheckpointError` where a path is no checkpoint or broken.
  public init(
    comparing before: String, with after: String, base: String? = nil, alpha: Double? = nil
  ) throws(CheckpointError) {
    let first = try Save(opening: before, alpha: alpha)
    let second = try Save(opening: after, alpha: alpha)
    var model: Checkpoint?
    if let base { model = try Checkpoint(opening: base) }
    try self.init(first, second, base: model)
  }

  /// Compares the weights that two runs ended with; nil where one has none, or they cannot be compared.
  public init?(lastWeightsOf base: TrainingRun, _ new: TrainingRun) {
    guard let before = base.lastWeightsPath, let after = new.lastWeightsPath, before != after,
      let analysis = try? CheckpointAnalysis(comparing: before, with: after)
    else { return nil }
    self = analysis
  }
}

extension TrainingRun {
  /// Where the weights are that the training ended with: those beside its logs, else its last checkpoint's.
  var lastWeightsPath: String? {
    let place = outputPath ?? path
    return (try? Checkpoint(opening: place)) != nil ? place : checkpoints.last?.path
  }
}
