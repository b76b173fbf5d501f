internal import EventFile
internal import RunFolder

/// A place in a run where the training may have been taken up again, with what the loss and the learning rate did there.
public struct Restart: Equatable, Sendable {
  /// What shows that the training was taken up.
  public enum Sign: String, CaseIterable, Sendable {
    /// Another process wrote on, or steps were written again.
    case resumed
    /// The learning rate rose again after it had fallen.
    case schedule
    /// A gap in the wall times: more than twenty usual intervals, and more than ten minutes.
    case pause
  }

  /// The first step after it.
  public var step: Int64
  /// The last step before it.
  public var before: Int64
  /// What shows it.
  public var signs: Set<Sign>
  /// Seconds between the two, where times are known.
  public var pause: Double?
  /// The median of the last points of the loss before, at most ten; nil with fewer than three finite ones.
  public var lossBefore: Double?
  /// The median of the first points of the loss after, at most five; nil with fewer than two finite ones.
  public var lossAfter: Double?
  /// The median of the first points of the run, at most five.
  public var lossAtStart: Double?
  /// The robust standard deviation of the points on both sides about their medians.
  public var deviation: Double?
  /// The numbers of points of `lossBefore` and `lossAfter`.
  public var counts: (before: Int, after: Int)
  /// The learning rate before and after, and the greatest of the run before.
  public var rateBefore: Double?, rateAfter: Double?, peakRate: Double?

  /// How far the loss rose, in standard errors of the difference of the two medians; nil where there are too few points.
  public var score: Double? {
    guard let lossBefore, let lossAfter, let deviation, deviation > 0 else { return nil }
    let error = 1.2533 * deviation * (1 / Double(counts.before) + 1 / Double(counts.after)).squareRoot()
    return (lossAfter - lossBefore) / error
  }

  /// Whether two places are alike in everything.
  public static func == (left: Self, right: Self) -> Bool {
    left.step == right.step && left.before == right.before && left.signs == right.signs
      && left.pause == right.pause && left.lossBefore == right.lossBefore && left.lossAfter == right.lossAfter
      && left.lossAtStart == right.lossAtStart && left.deviation == right.deviation
      && left.counts == right.counts
      && left.rateBefore == right.rateBefore && left.rateAfter == right.rateAfter
      && left.peakRate == right.peakRate
  }
}

extension Restart {
  /// The places in `loss` where `run` may have been taken up again, in order.
  ///
  /// - Complexity: one pass over the wall times and one over the learning rate.
  static func restarts(of run: TrainingRun, loss: Series, seams: [Seam]) -> [Restart] {
    var places: [Int: (signs: Set<Sign>, pause: Double?)] = [:]
    /// The place in the loss of what shows at `step`, that of a sign within two points where there is one.
    func note(_ index: Int, _ sign: Sign, pause: Double? = nil) {
      guard index > 0, index < loss.count else { return }
      let near = [index, index - 1, index + 1].first { places[$0] != nil } ?? index
      places[near, default: ([], nil)].signs.insert(sign)
      if let pause { places[near]?.pause = pause }
    }
    for seam in seams { note(loss.position(after: seam.step &- 1), .resumed, pause: seam.pause) }
    let rate = run.metric(for: .learningRate)?.series
    for step in rate.map(scheduleRestarts) ?? [] { note(loss.position(after: step &- 1), .schedule) }
    for gap in StepTimes.gaps(of: loss) { note(gap.index, .pause, pause: gap.seconds) }
    let start = median(loss.values.prefix(5).filter(\.isFinite))
    return places.sorted { $0.key < $1.key }.map { index, found in
      let before = Array(loss.values[max(0, index - 10)..<index].filter(\.isFinite))
      let after = Array(loss.values[index..<min(loss.count, index + 5)].filter(\.isFinite))
      var restart = Restart(
        step: loss.steps[index], before: loss.steps[index - 1], signs: found.signs, pause: found.pause,
        lossAtStart: start, counts: (before.count, after.count))
      if before.count >= 3 { restart.lossBefore = median(before) }
      if after.count >= 2 { restart.lossAfter = median(after) }
      if let low = restart.lossBefore, let high = restart.lossAfter {
        let distances = before.map { abs($0 - low) } + after.map { abs($0 - high) }
        restart.deviation = median(distances).map { 1.4826 * $0 }
      }
      if let rate {
        let end = rate.position(after: restart.before)
        restart.rateBefore = end > 0 ? rate.values[end - 1] : nil
        let next = rate.position(after: restart.step &- 1)
        restart.rateAfter = next < rate.count ? rate.values[next] : nil
        restart.peakRate = rate.values[..<end].filter(\.isFinite).max()
      }
      return restart
    }
  }

  private static func median(_ values: some Sequence<Double>) -> Double? {
    let values = Array(values)
    return values.isEmpty ? nil : Selection.median(values)
  }

  /// The steps at which a learning rate that had fallen to less than half of its peak begins to rise to it again.
  static func scheduleRestarts(_ series: Series) -> [Int64] {
    guard series.count >= 10 else { return [] }
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
}
