internal import Analysis
internal import EventFile
internal import RunFolder

/// The words of a loss picture.
struct LossWords {
  /// The sentence under the title.
  let subtitle: String
  /// The numbers for those who cannot see the picture.
  let description: String

  init(_ analysis: RunAnalysis) {
    var parts: [String] = []
    if let steps = analysis.extent.steps { parts.append("\(NumberText.count(steps.upperBound)) steps") }
    if let filtered = analysis.filtered, let step = filtered.step {
      parts.append("no training loss from step \(NumberText.count(step)) on")
    } else if let final = analysis.loss?.final {
      parts.append("final training loss \(NumberText.interval(final.level, halfWidth: final.halfWidth))")
    } else if let last = analysis.loss?.series.last {
      parts.append("last training loss \(NumberText.significant(last.value))")
    }
    if let best = analysis.evaluation?.best {
      parts.append(
        "best evaluation \(NumberText.significant(best.value)) at step \(NumberText.count(best.step))")
    }
    subtitle = TickLabels.minus(parts.joined(separator: " · "))
    var sentences: [String] = []
    if let loss = analysis.loss, let first = loss.first, let lowest = loss.lowest {
      sentences.append(
        "Training loss (\(loss.tag), \(NumberText.count(loss.series.count, "point"))): "
          + "\(NumberText.significant(first.value)) at step \(first.step), lowest "
          + "\(NumberText.significant(lowest.value)) at step \(lowest.step)")
    }
    if let evaluation = analysis.evaluation {
      sentences.append(
        "Evaluation loss (\(evaluation.tag), \(NumberText.count(evaluation.series.count, "point"))): last "
          + "\(NumberText.significant(evaluation.last.value)) at step \(evaluation.last.step)")
    }
    description = ([parts.joined(separator: ", ")] + sentences).joined(separator: ". ") + "."
  }
}
