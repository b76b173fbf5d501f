internal import EventFile
internal import RunFolder

extension FindingRules {
  /// Stretches of adjacent NaN and infinite points that are told one by one; the rest of a metric is told as one.
  private static var stretchLimit: Int { 5 }

  /// NaN and infinities, adjacent ones as one finding.
  ///
  /// In a loss it is a failure when it lasts to the end, else a warning; a gradient norm that is not finite now and
  /// then belongs to loss scaling and is a note, as is anything in other metrics.
  func nonFinite(besides filtered: [Finding]) -> [Finding] {
    var found: [Finding] = []
    for statistics in statistics where statistics.nonFiniteCount > 0 {
      // The gradient norm that proves a filtered NaN is told there.
      if filtered.contains(where: { $0.other == statistics.tag }), statistics.tag != evaluation?.tag {
        continue
      }
      guard let series = run.metric(tagged: statistics.tag)?.series else { continue }
      let isLoss = statistics.tag == loss?.tag || statistics.tag == evaluation?.tag
      found += Self.stretches(series).map { stretch in
        let lasts = stretch.upperBound == series.count
        let isGradient = MetricRole.role(of: statistics.tag) == .gradientNorm
        let severity: Finding.Severity =
          isLoss
          ? (lasts ? .failure : .warning) : (isGradient && lasts && stretch.count > 1 ? .warning : .note)
        return Finding(
          .nonFinite, severity, metric: statistics.tag, step: series.steps[stretch.lowerBound],
          lastStep: series.steps[stretch.upperBound - 1], value: series.values[stretch.lowerBound],
          reference: series.values[..<stretch.lowerBound].last { $0.isFinite }, count: stretch.points)
      }
    }
    return found
  }

  private struct Stretch {
    var lowerBound: Int
    var upperBound: Int
    /// The non-finite points in it.
    var points: Int
    var count: Int { upperBound - lowerBound }
  }

  /// The stretches of non-finite points; past the limit, all that follow as one.
  private static func stretches(_ series: Series) -> [Stretch] {
    var stretches: [Stretch] = []
    let values = series.values.span
    for index in values.indices where !values[index].isFinite {
      if let last = stretches.last, last.upperBound == index || stretches.count > stretchLimit {
        stretches[stretches.count - 1].upperBound = index + 1
        stretches[stretches.count - 1].points += 1
      } else {
        stretches.append(Stretch(lowerBound: index, upperBound: index + 1, points: 1))
      }
    }
    return stretches
  }

  /// The loss is exactly 0.0 for at least two points to its end, with a gradient norm or evaluation loss that is not
  /// finite within that stretch: HF Trainer's `logging_nan_inf_filter` writes 0 for a NaN.
  ///
  /// Without any gradient norm or evaluation to prove it, at least three such points after one above 0.05 count too.
  var filteredNaN: [Finding] {
    guard let series = loss?.series, series.values.last == 0 else { return [] }
    var start = series.count
    while start > 0, series.values[start - 1] == 0 { start -= 1 }
    let count = series.count - start
    guard count >= 2 else { return [] }
    let first = series.steps[start]
    let witnesses = [run.metric(for: .gradientNorm), run.metric(for: .evalLoss)].compactMap { $0 }
    let witness = witnesses.first { metric in
      let from = metric.series.position(after: first &- 1)
      return metric.series.values[from...].contains { !$0.isFinite }
    }
    let before = start > 0 ? series.values[start - 1] : nil
    guard witness != nil || (witnesses.isEmpty && count >= 3 && (before ?? 0) > 0.05) else { return [] }
    return [
      Finding(
        .filteredNaN, .failure, metric: series.tag, step: first, lastStep: series.steps.last, value: 0,
        reference: before, count: count, other: witness?.tag)
    ]
  }

  /// The gradient norm is exactly 0 at its last ten points at least, and the loss over them no lower than at their
  /// start; or there is no gradient norm and the loss is one single number at ten points at least.
  var deadRun: [Finding] {
    guard let series = loss?.series, series.count >= 10, let end = series.values.last, end.isFinite else {
      return []
    }
    guard let gradient = run.metric(for: .gradientNorm)?.series else {
      guard end != 0, series.values.first == end, series.values.allSatisfy({ $0 == end }) else { return [] }
      return [
        Finding(
          .deadRun, .failure, metric: series.tag, step: series.steps[0], lastStep: series.steps.last,
          value: end,
          count: series.count)
      ]
    }
    guard gradient.values.last == 0 else { return [] }
    var start = gradient.count
    while start > 0, gradient.values[start - 1] == 0 { start -= 1 }
    let count = gradient.count - start
    guard count >= 10 else { return [] }
    let from = max(0, series.position(after: gradient.steps[start]) - 1)
    // A loss of 0 has a gradient of 0 without being dead.
    guard end != 0, let level = WindowLevel(of: series, in: from..<series.count),
      level.slopeInterval.upperBound >= 0
    else { return [] }
    return [
      Finding(
        .deadRun, .failure, metric: series.tag, step: gradient.steps[start], lastStep: gradient.steps.last,
        value: level.mean, reference: 0, count: count, other: gradient.tag)
    ]
  }
}
