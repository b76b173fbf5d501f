import Weights

/// How far each module of an adapter moved between two checkpoints, relative to its ΔW before, the farthest first.
func movement(from before: String, to after: String) throws -> [(module: String, change: Double)] {
  let comparison = try CheckpointComparison(Checkpoint(opening: before), Checkpoint(opening: after))
  return comparison.modules
    .compactMap { module in module.relativeChange.map { (module.label, $0) } }
    .sorted { $0.1 > $1.1 }
}
