import RunFolder

/// What the runs at a path are: their losses, checkpoints and learning rates.
func runs(at path: String) throws -> [String] {
  try OpenedFolder(opening: path).runs.map { run in
    let loss = run.metric(for: .trainLoss)?.series
    let rate = run.configuration.lazy.flatMap(\.settings).first { $0.name == "learning_rate" }
    return "\(run.name): \(loss?.count ?? 0) losses, \(run.checkpoints.count) checkpoints, "
      + "learning rate \(rate?.value ?? "unknown"), \(run.segments.count - 1) resumes"
  }
}
