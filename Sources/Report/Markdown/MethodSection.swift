internal import Analysis
internal import RunFolder

/// How each figure was computed.
struct MethodSection {
  private let analysis: RunAnalysis

  init(_ analysis: RunAnalysis) { self.analysis = analysis }

  /// The section.
  var text: String {
    // Without metrics there are no such figures.
    guard analysis.run.source != .checkpointsOnly else { return "" }
    var items: [String] = []
    if let loss = analysis.loss {
      let tag = MarkdownText.code(loss.tag)
      if let final = loss.final {
        items.append(
          "**Final training loss**: the mean of the last \(Headline.confidence(analysis.options.window)) of the finite "
            + "points of \(tag), at least 20 (here \(NumberText.count(final.count))), with a "
            + "\(Headline.confidence(final.confidence)) interval by Student's t. Neighbouring points are not independent: "
            + "with an autocorrelation time of \(NumberText.significant(final.autocorrelationTime, digits: 2)) points "
            + "(Geyer's initial monotone sequence, after removing the slope) they count as "
            + "\(NumberText.significant(final.effectiveCount, digits: 2)).")
      }
      items.append(
        "**Mean over the whole run**: the mean of all points, early ones included. HF Trainer's `train_loss` is such a "
          + "mean, which is why it is higher than the end of the curve.")
      if analysis.smoothing.weight > 0 {
        items.append(
          "**Smoothed line**: TensorBoard's exponential smoothing with weight "
            + "\(NumberText.significant(analysis.smoothing.weight, trimmed: true)), corrected for its start; points that "
            + "are not finite are skipped.")
      }
    }
    if let evaluation = analysis.evaluation {
      items.append(
        "**Best evaluation**: the least finite value of \(MarkdownText.code(evaluation.tag)). The training loss beside an "
          + "evaluation is the mean of the points since the evaluation before, of 5 to 20 points.")
    }
    items.append(
      "**Pictures**: every point is drawn, reduced to the first, last, least and greatest of each pixel column (M4), so "
        + "that no extreme is lost. The loss axis spans 1 to 99 % of the points after the first twentieth and every "
        + "evaluation; ▲ marks what lies beyond it.")
    if analysis.extent.duration != nil {
      items.append(
        "**Time** runs from the first to the last record of each part of the run; pauses between parts are left out."
      )
    }
    return "## How the figures were computed\n\n" + items.map { "- \($0)\n" }.joined()
  }
}
