internal import EventFile
internal import RunFolder

/// The loss jumps up where the run was taken up again, or where its learning rate rises anew.
///
/// Only at a restart's sign: a seam of two segments, a schedule that begins anew, a pause between two points. Warm
/// restarts are planned and cost something, so twice as much is asked for where the learning rate is above half of its
/// peak.
struct ResumeGapRule: Rule {
  var kinds: [Finding.Kind] { [.resumeGap, .scheduleRestarted] }
  /// The points on either side.
  var leastCount = 5
  /// The rise, as a share of the level, and the share of the gain that is lost: judgements of cost.
  var leastRise = 0.1, leastLoss = 0.25
  /// The standard errors of the rise.
  var leastScore = 6.0

  func examine(_ evidence: Evidence) -> Outcome {
    guard evidence.training != .reinforcement else { return .notApplicable }
    guard let curve = evidence.curve else { return .abstained(.missing(.trainingLoss)) }
    guard curve.count >= 2 * leastCount else {
      return .abstained(.tooFew(.trainingLoss, count: curve.count, needed: 2 * leastCount))
    }
    var found = evidence.restarts.prefix(50).compactMap { restart in
      gap(at: restart.step, curve, evidence, isScheduled: restart.signs.contains(.schedule))
    }
    let restarts = evidence.learningRate.map(Restart.scheduleRestarts) ?? []
    if found.isEmpty, let first = restarts.first, let rate = evidence.learningRate {
      found.append(
        Finding(
          .scheduleRestarted, .note, metric: rate.tag, step: first, lastStep: restarts.last,
          value: rate.value(at: first), count: restarts.count))
    }
    return .found(found)
  }

  private func gap(at step: Int64, _ curve: Curve, _ evidence: Evidence, isScheduled: Bool) -> Finding? {
    // The last point before a restart may carry its step, where the new writer counts on.
    let seam = curve.index(from: step)
    return [seam, seam + 1].compactMap {
      gap(behind: $0, at: step, curve, evidence, isScheduled: isScheduled)
    }
    .max { $0.score ?? 0 < $1.score ?? 0 }
  }

  private func gap(
    behind seam: Int, at step: Int64, _ curve: Curve, _ evidence: Evidence, isScheduled: Bool
  ) -> Finding? {
    guard seam >= leastCount, seam + leastCount <= curve.count else { return nil }
    let noise = curve.noise
    let before = RobustLevel(curve.values[max(0, seam - 20)..<seam], noise: noise)
    // A schedule that begins anew warms up first, and does its harm at its peak.
    let windows = stride(
      from: seam, through: min(seam + 2 * leastCount, curve.count - leastCount), by: leastCount)
    let after = windows.map { RobustLevel(curve.values[$0..<$0 + leastCount], noise: noise) }
      .max { $0.median < $1.median }
    guard let after else { return nil }
    let rise = after.median - before.median
    let error = before.differenceError(from: after)
    let peak = evidence.learningRate?.values.filter(\.isFinite).max() ?? 0
    let rate = evidence.learningRate.flatMap { series -> Double? in
      let index = min(series.count - 1, series.position(after: step &- 1))
      return index >= 0 ? series.values[index] : nil
    }
    let isAtHighRate = peak > 0 && (rate ?? 0) > 0.5 * peak
    let factor = isScheduled && isAtHighRate ? 2.0 : 1.0
    let start = curve.start
    let score = rise / max(error, 1e-12 * abs(after.median))
    guard rise > factor * leastRise * abs(before.median), rise > factor * leastLoss * (start - before.median),
      score > leastScore
    else { return nil }
    // What the end of the run is worse than its start by is lost for good.
    return Finding(
      .resumeGap, after.median > 1.02 * start ? .failure : .warning, metric: curve.tag, step: step,
      value: after.median, reference: before.median, other: isScheduled ? evidence.learningRate?.tag : nil,
      cause: isScheduled ? .scheduleRestarted : nil, score: score)
  }
}
