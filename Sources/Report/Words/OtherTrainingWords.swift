internal import EventFile
internal import RunFolder

/// What is said of a training whose traces lie among those of a run.
struct OtherTrainingWords {
  private let training: OtherTraining

  init(_ training: OtherTraining) { self.training = training }

  /// How it was told apart, by its file, steps and start.
  var text: InlineText {
    let steps =
      "steps \(NumberText.count(training.steps.lowerBound)) to \(NumberText.count(training.steps.upperBound))"
    let start = training.startTime.flatMap(QuantityText.moment).map { ", started \($0)" } ?? ""
    let differing =
      training.commonCount > 0
      ? "; other values at \(NumberText.count(training.differingCount)) of \(NumberText.count(training.commonCount)) common steps"
      : ""
    let saves = training.checkpoints.map { NumberText.count($0.step) }.joined(separator: "; ")
    let checkpoints = saves.isEmpty ? "" : "; its checkpoints: \(saves)"
    return "\(code: training.origin): \(how), \(steps)\(start)\(differing)\(checkpoints)"
  }

  private var how: String {
    switch training.relation {
    case .afresh: "a training of its own from the first step"
    case .atOnce: "written at the same time"
    case .checkpoint: "a checkpoint of a training of its own"
    }
  }
}
