internal import Analysis
internal import RunFolder

/// How each figure was computed.
struct MethodSection {
  private let analysis: RunAnalysis

  init(_ analysis: RunAnalysis) { self.analysis = analysis }

  /// The section; nothing without metrics, which then has no such figures.
  var blocks: [Document.Block] {
    guard analysis.run.source.isLogged else { return [] }
    return [.fold(summary: "How the figures were computed", [.bullets(items)])]
  }

  private var items: [InlineText] {
    var items = analysis.loss.map(losses) ?? []
    if let evaluation = analysis.evaluation {
      items.append(
        "\(strong: "Best evaluation"): the lowest finite value of \(code: evaluation.tag). The training loss beside an evaluation is the mean of the points since the evaluation before, of the last 20 where there are more."
      )
    }
    items.append(
      "\(strong: "Pictures"): every point is drawn, reduced to the first, last, lowest and highest of each pixel column (M4), so that no extreme is lost. The loss axis spans 1 to 99 % of the points after the first twentieth and every evaluation; ▲ marks what lies beyond it."
    )
    if analysis.extent.duration != nil {
      items.append(
        "\(strong: "Time") runs from the first to the last record of each part of the run; pauses between parts are left out."
      )
    }
    return items
  }

  private func losses(_ loss: LossAnalysis) -> [InlineText] {
    var items: [InlineText] = []
    if let final = loss.final {
      let window = Headline.confidence(analysis.options.window)
      items.append(
        "\(strong: "Final training loss"): the mean of the last \(window) of the finite points of \(code: loss.tag), at least 20, of a curve with fewer than 40 its last half (here \(NumberText.count(final.count))), with a \(Headline.confidence(final.confidence)) interval by Student's t. Neighbouring points are not independent: with an autocorrelation time of \(NumberText.significant(final.autocorrelationTime, digits: 2)) points (Geyer's initial monotone sequence, after removing the slope) they count as \(NumberText.significant(final.effectiveCount, digits: 2)).\(final.hasTrend ? " The loss was still moving: the mean is carried to the last point along the slope of the last 40 % of the points, whose error is in the interval." : "")"
      )
    }
    items.append(
      "\(strong: "Mean over the whole run"): the mean of all points, early ones included. HF Trainer's \(code: "train_loss") is such a mean, which is why it is higher than the end of the curve."
    )
    guard loss.series.count >= Trend.fewestPoints else { return items }
    switch analysis.curveSmoothing {
    case .trend:
      items.append(
        "\(strong: "Local trend"), the bold line: straight lines fitted around each point, as wide as predicts points left out best, never across a resume, a pause or a jump. It is a line to look at; no figure is taken from it."
      )
    case .exponential(let smoothing) where smoothing.weight > 0:
      items.append(
        "\(strong: "Smoothed line"): TensorBoard's exponential smoothing with weight \(NumberText.significant(smoothing.weight, trimmed: true)), corrected for its start; points that are not finite are skipped."
      )
    case .exponential: break
    }
    return items
  }
}
