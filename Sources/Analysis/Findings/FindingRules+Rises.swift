internal import EventFile

extension FindingRules {
  /// Spikes that are told one by one; past them the greatest are, and the others as one.
  private static var spikeLimit: Int { 10 }

  /// Spikes, and a divergence: a level that rose and is not back at the end, by a jump or slowly.
  var risesOfLoss: [Finding] {
    guard let loss, let lowest = loss.lowest, lowest.value > 0 else { return [] }
    let series = loss.series
    let rises = RiseDetector(series.values).rises
    let divergence = divergence(series, loss: loss, rises: rises)
    var spikes: [Finding] = []
    // Rises before this index belong to a level that was told already.
    var told = 0
    // Looking for the end of a level costs a pass over it; levels that never end must not cost one each.
    var budget = 2 * series.count
    for rise in rises where rise.index >= told {
      if let step = divergence?.step, series.steps[rise.index] >= step { break }
      var spike = Finding(
        .spike, .note, metric: series.tag, step: series.steps[rise.index], value: series.values[rise.index],
        reference: rise.reference)
      if rise.isLevel, budget > 0 {
        let back = Self.back(series, from: rise.index, to: rise.reference)
        budget -= (back ?? series.count) - rise.index
        if let back, back > rise.index {
          spike.lastStep = series.steps[back - 1]
          spike.count = back - rise.index
          spike.value = series.values[rise.index..<back].max()
          spike.severity = .warning
          told = back
        }
      }
      if let last = spikes.last, let lastStep = last.lastStep ?? last.step,
        rise.index - (series.position(after: lastStep) - 1) <= 5
      {
        spikes[spikes.count - 1].lastStep = spike.lastStep ?? spike.step
        spikes[spikes.count - 1].count += spike.count
        spikes[spikes.count - 1].value = [last.value, spike.value].compactMap { $0 }.max()
      } else {
        spikes.append(spike)
      }
    }
    return Self.limited(spikes).map { spike in
      var spike = spike
      // A doubled loss is worth a look, also when it came back at once.
      if let value = spike.value, let reference = spike.reference, value > 2 * reference {
        spike.severity = .warning
      }
      return spike
    } + (divergence.map { [$0] } ?? [])
  }

  private static func limited(_ spikes: [Finding]) -> [Finding] {
    guard spikes.count > spikeLimit else { return spikes }
    func height(_ spike: Finding) -> Double { (spike.value ?? 0) / (spike.reference ?? 1) }
    let byHeight = spikes.sorted { height($0) > height($1) }
    let kept = byHeight.prefix(spikeLimit - 1).sorted { ($0.step ?? 0) < ($1.step ?? 0) }
    let rest = byHeight.dropFirst(spikeLimit - 1)
    guard let highest = rest.first else { return kept }
    var others = Finding(
      .spike, .note, metric: highest.metric, step: rest.compactMap(\.step).min(),
      lastStep: rest.compactMap { $0.lastStep ?? $0.step }.max(), value: highest.value,
      reference: highest.reference, count: rest.reduce(0) { $0 + $1.count })
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

  /// The level of the end is more than 10 % above a level before, and by more than four standard errors of their
  /// difference: above that before a jump, or above the lowest of fifty (or fewer) equal parts of at least 20 points.
  private func divergence(_ series: Series, loss: LossAnalysis, rises: [RiseDetector.Rise]) -> Finding? {
    guard let final = loss.final, final.mean.isFinite else { return nil }
    for rise in rises where rise.isLevel && final.mean > 1.1 * rise.reference {
      let before = WindowLevel(of: series, in: max(0, rise.index - 31)..<rise.index)
      let spread = (before?.standardError ?? 0) * 4
      guard final.mean - rise.reference > spread + 4 * final.standardError else { continue }
      // Back in between means that this jump was not the one.
      guard Self.back(series, from: rise.index, to: rise.reference) == nil else { continue }
      return Finding(
        .diverged, final.mean > 1.5 * rise.reference ? .failure : .warning, metric: series.tag,
        step: series.steps[rise.index], lastStep: series.steps.last, value: final.mean,
        reference: rise.reference, count: series.count - rise.index)
    }
    let parts = min(50, series.count / 20)
    guard parts >= 3 else { return nil }
    var lowest: (part: Int, mean: Double)?
    for part in 0..<parts {
      let mean = Self.mean(series, in: series.count * part / parts..<series.count * (part + 1) / parts)
      if mean.isFinite, lowest.map({ mean < $0.mean }) ?? true { lowest = (part, mean) }
    }
    guard let lowest, lowest.mean > 0, final.mean > 1.1 * lowest.mean else { return nil }
    let range = series.count * lowest.part / parts..<series.count * (lowest.part + 1) / parts
    guard let bottom = WindowLevel(of: series, in: range) else { return nil }
    let error =
      (final.standardError * final.standardError + bottom.standardError * bottom.standardError).squareRoot()
    // The lowest of many parts is low by chance too, so more than one comparison's worth is asked for.
    guard final.mean - bottom.mean > 6 * error else { return nil }
    return Finding(
      .diverged, final.mean > 1.5 * bottom.mean ? .failure : .warning, metric: series.tag,
      step: series.steps[range.upperBound - 1], lastStep: series.steps.last, value: final.mean,
      reference: bottom.mean, count: series.count - range.upperBound)
  }

  private static func mean(_ series: Series, in range: Range<Int>) -> Double {
    let values = series.values.span
    var sum = 0.0
    var count = 0
    for index in range where values[index].isFinite {
      sum += values[index]
      count += 1
    }
    return count > 0 ? sum / Double(count) : .nan
  }
}
