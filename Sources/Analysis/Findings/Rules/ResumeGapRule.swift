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
  /// A pause is that many usual intervals, and at least that many seconds.
  var pauseIntervals = 20.0, leastPause = 600.0

  func examine(_ evidence: Evidence) -> Outcome {
    guard evidence.training != .reinforcement else { return .notApplicable }
    guard let curve = evidence.curve else { return .abstained(.missing(.trainingLoss)) }
    guard curve.count >= 2 * leastCount else {
      return .abstained(.tooFew(.trainingLoss, count: curve.count, needed: 2 * leastCount))
    }
    let restarts = Self.restarts(evidence.learningRate)
    var signs = Set(evidence.run.segments.dropFirst().map(\.firstStep))
    signs.formUnion(restarts)
    signs.formUnion(pauses(evidence.loss?.series))
    var found: [Finding] = []
    for step in signs.sorted().prefix(50) {
      if let gap = gap(at: step, curve, evidence, isScheduled: restarts.contains(step)) { found.append(gap) }
    }
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

  /// The steps at which a learning rate that had fallen to less than half of its peak begins to rise to it again.
  static func restarts(_ series: Series?) -> [Int64] {
    guard let series, series.count >= 10 else { return [] }
    let values = series.values.span
    var restarts: [Int64] = []
    var peak = 0.0
    var least = Double.infinity
    var leastIndex = 0
    for index in values.indices where values[index].isFinite {
      let value = values[index]
      if value < least {
        least = value
        leastIndex = index
      }
      if value >= peak, restarts.isEmpty, least >= 0.5 * peak || leastIndex < index {
        // The first rise is the warm-up.
        if least < 0.5 * peak, value > 0.5 * peak, peak > 0 {
          restarts.append(series.steps[min(leastIndex + 1, series.count - 1)])
        }
        peak = value
        least = value
        leastIndex = index
      } else if least < 0.5 * peak, value > least + 0.25 * peak, value > 1.5 * least {
        // The first point of the new schedule: the lowest, where a warm-up begins below the end of the old one.
        var first = leastIndex
        while first + 1 < index, values[first + 1] <= least + 0.02 * peak { first += 1 }
        let begins = first > 0 && values[first - 1] - values[first] > 0.05 * peak ? first : first + 1
        restarts.append(series.steps[min(begins, series.count - 1)])
        peak = max(peak, value)
        least = .infinity
      }
    }
    return restarts
  }

  /// The first step after each pause.
  private func pauses(_ series: Series?) -> [Int64] {
    guard let series, series.count >= 3, let first = series.wallTimes.first, let last = series.wallTimes.last,
      first.isFinite, last.isFinite
    else { return [] }
    let times = series.wallTimes.span
    // Most intervals are shorter than twice the mean, so this does not depend on the pauses themselves for long.
    let usual = (last - first) / Double(series.count - 1)
    var steps: [Int64] = []
    for index in 1..<series.count {
      let interval = times[index] - times[index - 1]
      if interval > max(pauseIntervals * usual, leastPause), steps.count < 50 {
        steps.append(series.steps[index])
      }
    }
    return steps
  }
}
