internal import EventFile

/// Points far above their neighbourhood, after which the loss came back.
///
/// `RiseDetector` finds them on the logarithm of the loss. Most are notes: noise with heavy tails has such points too. A
/// warning is a stretch of at least two points (or a single logged mean of ten steps and more, three times the level and
/// twelve deviations up) that doubles the level, undoes half of what the training had gained, and stands six deviations
/// of the hundred points before it above them, on the linear scale as on the logarithm.
struct SpikeRule: Rule {
  var kinds: [Finding.Kind] { [.spike] }
  /// The points that are needed.
  var leastCount = 20
  /// Spikes that are told one by one; past them the greatest are, and the others as one.
  var limit = 10
  /// What a warning asks for: a judgement of cost.
  var leastRatio = 2.0, leastUndone = 0.5, leastScore = 6.0
  /// What it asks of a single point.
  var leastRatioAlone = 3.0, leastScoreAlone = 12.0, leastIntervalAlone: Int64 = 10

  func examine(_ evidence: Evidence) -> Outcome {
    guard evidence.training != .reinforcement else { return .notApplicable }
    guard let series = evidence.loss?.series, let curve = evidence.curve else {
      return .abstained(.missing(.trainingLoss))
    }
    guard series.count >= leastCount else {
      return .abstained(.tooFew(.trainingLoss, count: series.count, needed: leastCount))
    }
    let rises = RiseDetector(series.values).rises
    return .found(limited(spikes(series, rises, start: curve.start)))
  }

  /// A spike on its way to a finding.
  private struct Spike {
    var first: Int
    var last: Int
    var count: Int
    var rise: RiseDetector.Rise
    var greatest: Double
    /// The points that double the level before.
    var high: Int
    /// Whether the level was seen to come back.
    var isWhole: Bool
  }

  private func spikes(_ series: Series, _ rises: [RiseDetector.Rise], start: Double) -> [Finding] {
    var spikes: [Spike] = []
    // Rises before this index belong to a level that was told already.
    var told = 0
    // Looking for the end of a level costs a pass over it; levels that never end must not cost one each.
    var budget = 2 * series.count
    for rise in rises where rise.index >= told {
      let value = series.values[rise.index]
      var spike = Spike(
        first: rise.index, last: rise.index, count: 1, rise: rise, greatest: value,
        high: value > leastRatio * rise.reference ? 1 : 0, isWhole: false)
      if rise.isLevel {
        guard budget > 0 else { continue }
        let back = Self.back(series, from: rise.index, to: rise.reference)
        budget -= (back ?? series.count) - rise.index
        // A level that stays is a divergence, not a spike.
        guard let back, back > rise.index else {
          told = series.count
          continue
        }
        let stretch = series.values[rise.index..<back]
        spike.last = back - 1
        spike.count = stretch.count
        spike.greatest = stretch.max() ?? value
        spike.high = stretch.count { $0 > leastRatio * rise.reference }
        spike.isWhole = true
        told = back
      }
      if let last = spikes.last, spike.first - last.last <= 5 {
        spikes[spikes.count - 1].last = spike.last
        spikes[spikes.count - 1].count += spike.count
        spikes[spikes.count - 1].high += spike.high
        spikes[spikes.count - 1].greatest = max(last.greatest, spike.greatest)
      } else {
        spikes.append(spike)
      }
    }
    return spikes.map { finding($0, series, start: start) }
  }

  private func finding(_ spike: Spike, _ series: Series, start: Double) -> Finding {
    let reference = spike.rise.reference
    let height = spike.greatest - reference
    let score = min(
      height / spike.rise.deviation, Elementary.log(spike.greatest / reference) / spike.rise.logDeviation)
    let interval = spike.first > 0 ? series.steps[spike.first] &- series.steps[spike.first - 1] : 0
    let isBroad = spike.high >= 2 && score > leastScore
    let isHigh =
      interval >= leastIntervalAlone && spike.greatest > leastRatioAlone * reference
      && score > leastScoreAlone
    let isGrave =
      spike.greatest > leastRatio * reference && height > leastUndone * (start - reference)
      && (isBroad || isHigh)
    return Finding(
      .spike, isGrave ? .warning : .note, metric: series.tag, step: series.steps[spike.first],
      lastStep: spike.last > spike.first ? series.steps[spike.last] : nil, value: spike.greatest,
      reference: reference, count: spike.count, score: score)
  }

  private func limited(_ spikes: [Finding]) -> [Finding] {
    guard spikes.count > limit else { return spikes }
    func height(_ spike: Finding) -> Double { (spike.value ?? 0) / (spike.reference ?? 1) }
    let byHeight = spikes.sorted { height($0) > height($1) }
    let kept = byHeight.prefix(limit - 1).sorted { ($0.step ?? 0) < ($1.step ?? 0) }
    let rest = byHeight.dropFirst(limit - 1)
    guard let highest = rest.first else { return kept }
    var others = Finding(
      .spike, rest.map(\.severity).max() ?? .note, metric: highest.metric,
      step: rest.compactMap(\.step).min(),
      lastStep: rest.compactMap { $0.lastStep ?? $0.step }.max(), value: highest.value,
      reference: highest.reference, count: rest.reduce(0) { $0 + $1.count }, score: highest.score)
    others.multiplicity = rest.count
    return kept + [others]
  }

  /// The index after the last point of a risen level: where three points in a row are at most 10 % above `reference`.
  private static func back(_ series: Series, from start: Int, to reference: Double) -> Int? {
    var low = 0
    for index in start..<series.count {
      low = series.values[index] <= 1.1 * reference ? low + 1 : 0
      if low == 3 { return index - 2 }
    }
    return nil
  }
}
