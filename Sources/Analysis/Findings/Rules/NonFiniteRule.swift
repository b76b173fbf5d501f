internal import EventFile
internal import RunFolder

/// NaN and infinities, adjacent ones as one finding.
///
/// In a loss, or in the metric that decides, it is a failure when it lasts to the end, else a warning. A gradient norm
/// that is not finite now and then belongs to loss scaling and is a note, until it lasts. Anything else is a note.
struct NonFiniteRule: Rule {
  var kinds: [Finding.Kind] { [.nonFinite] }
  /// Stretches that are told one by one; the rest of a metric is told as one.
  var stretchLimit = 5
  /// The share of the points, and their least number, from which on a gradient norm that is not finite to its end is more
  /// than the search of a loss scaler for its scale.
  var lastingShare = 0.1, lastingCount = 3

  func examine(_ evidence: Evidence) -> Outcome {
    var found: [Finding] = []
    let losses = Set(evidence.evaluations.map(\.tag))
    for statistics in evidence.statistics where statistics.nonFiniteCount > 0 {
      guard let series = evidence.run.metric(tagged: statistics.tag)?.series else { continue }
      // What HF Trainer logs as 0 shows in the gradient norm, and is told there.
      if series.tag == evidence.gradient?.tag, evidence.loss?.series.values.last == 0,
        evidence.training != .reinforcement
      {
        continue
      }
      let isEvaluation = losses.contains(series.tag)
      let isDeciding = isEvaluation || [evidence.loss?.tag, evidence.objective?.tag].contains(series.tag)
      // A loss of 0 may be a NaN that the trainer filtered.
      let end = evidence.loss?.series.values.last
      let isOfHealthyTraining =
        isEvaluation && (end.map { $0.isFinite && ($0 != 0 || evidence.training == .reinforcement) } ?? false)
      found += stretches(series).map { stretch in
        let lasts = stretch.range.upperBound == series.count
        let isLasting =
          lasts && stretch.range.count >= max(lastingCount, Int(lastingShare * Double(series.count)))
        let severity: Finding.Severity =
          isDeciding
          ? (lasts ? .failure : .warning)
          : (series.tag == evidence.gradient?.tag && isLasting ? .warning : .note)
        return Finding(
          .nonFinite, severity, metric: series.tag, step: series.steps[stretch.range.lowerBound],
          lastStep: series.steps[stretch.range.upperBound - 1],
          value: series.values[stretch.range.lowerBound],
          reference: series.values[..<stretch.range.lowerBound].last { $0.isFinite }, count: stretch.points,
          cause: isOfHealthyTraining ? .evaluationOnly : nil)
      }
    }
    return .found(found)
  }

  private struct Stretch {
    var range: Range<Int>
    /// The non-finite points in it.
    var points: Int
  }

  /// The stretches of non-finite points; past the limit, all that follow as one.
  private func stretches(_ series: Series) -> [Stretch] {
    var stretches: [Stretch] = []
    let values = series.values.span
    for index in values.indices where !values[index].isFinite {
      if let last = stretches.last, last.range.upperBound == index || stretches.count > stretchLimit {
        stretches[stretches.count - 1].range = last.range.lowerBound..<index + 1
        stretches[stretches.count - 1].points += 1
      } else {
        stretches.append(Stretch(range: index..<index + 1, points: 1))
      }
    }
    return stretches
  }
}
