internal import EventFile
internal import RunFolder

/// NaN and infinities, adjacent ones as one finding.
///
/// In a loss, or in the metric that decides, it is a failure when it lasts to the end, else a warning. A gradient norm
/// that is not finite now and then belongs to loss scaling and is a note, until it lasts. Anything else is a note.
///
/// Elements of histograms that are not finite to the last histogram are a failure, of gradients a warning: weights do not
/// come back from it. Where the first histogram holds some already, it may be meant so, as a mask of −∞ is, and is a
/// warning for NaN and a note for infinities; where the last holds none, it is a warning, of gradients a note. All tags of
/// one gravity are one finding.
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
    return .found(found + elements(evidence.run))
  }

  /// What the histograms of `run` hold.
  private func elements(_ run: TrainingRun) -> [Finding] {
    var found: [Finding] = []
    for track in run.values(of: .histograms) {
      guard let finding = Self.elements(track) else { continue }
      guard let index = found.firstIndex(where: { $0.severity == finding.severity }) else {
        found.append(finding)
        continue
      }
      let tags = found[index].multiplicity + 1
      if (finding.step ?? 0) < (found[index].step ?? 0) { found[index] = finding }
      found[index].multiplicity = tags
    }
    return found
  }

  private static func elements(_ track: ValueTrack) -> Finding? {
    let places = track.places.filter { $0.elements != .finite }
    guard let first = places.first, let last = places.last else { return nil }
    let isGradient = track.tag.lowercased().contains("grad")
    let holdsNaN = places.contains { $0.elements == .notANumber }
    let lasts = track.places.last?.elements != .finite
    let severity: Finding.Severity =
      if track.places.first?.elements != .finite {
        holdsNaN && !isGradient ? .warning : .note
      } else if lasts {
        isGradient ? .warning : .failure
      } else {
        isGradient ? .note : .warning
      }
    let isMixed = holdsNaN && places.contains { $0.elements == .infinite }
    return Finding(
      .nonFinite, severity, metric: track.tag, step: first.step, lastStep: last.step,
      value: isMixed ? nil : holdsNaN ? .nan : .infinity, count: places.count, cause: .elements(lasts: lasts))
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
