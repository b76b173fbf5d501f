internal import EventFile

#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Glibc
#endif

extension FindingRules {
  /// The last evaluation is more than 1 % above the best, the evaluations after the best rose at least twice, and the
  /// training loss fell meanwhile (or there is none to ask). Of n ≥ 8 evaluations the last must also be
  /// 3 + √(2 ln n) deviations above the best, by the median absolute deviation of their differences: the best of many
  /// noisy evaluations is low by chance, and by about that root.
  var overfitting: [Finding] {
    guard let evaluation, let best = evaluation.best, best.value > 0 else { return [] }
    let last = evaluation.last
    guard last.value > 1.01 * best.value, last.step > best.step else { return [] }
    let changes = zip(evaluation.series.values, evaluation.series.values.dropFirst()).map { $1 - $0 }
      .filter(\.isFinite)
    if changes.count >= 7 {
      let centre = RiseDetector.median(changes)
      let deviation = 1.4826 * RiseDetector.median(changes.map { abs($0 - centre) }) / 2.0.squareRoot()
      let chance = (2 * log(Double(changes.count + 1))).squareRoot()
      guard last.value - best.value > (3 + chance) * deviation else { return [] }
    }
    let from = evaluation.series.position(after: best.step) - 1
    let after = evaluation.series.values[from...]
    let risen = zip(after, after.dropFirst()).count { $0 < $1 }
    guard risen >= 2 else { return [] }
    if let series = loss?.series {
      let start = series.position(after: best.step)
      guard series.count - start >= 3, let level = WindowLevel(of: series, in: start..<series.count),
        level.slope < 0
      else { return [] }
    }
    return [
      Finding(
        .overfitting, .warning, metric: evaluation.tag, step: best.step, lastStep: last.step,
        value: last.value,
        reference: best.value, count: risen, other: loss?.tag)
    ]
  }

  /// Over the last fifth of the points, at least 20, the slope's interval spans 0 and the line falls by less than
  /// 0.5 % of the level.
  var plateau: [Finding] {
    guard let series = loss?.series, series.count >= 40,
      let level = WindowLevel(ofLast: 0.2, of: series, confidence: options.confidence),
      level.count >= WindowLevel.minimumCount, level.mean > 0, level.slopeInterval.contains(0)
    else { return [] }
    let span = Double(level.steps.upperBound) - Double(level.steps.lowerBound)
    guard abs(level.slope) * span < 0.005 * level.mean else { return [] }
    return [
      Finding(
        .plateau, .note, metric: series.tag, step: level.steps.lowerBound, lastStep: level.steps.upperBound,
        value: level.mean, reference: level.slope * span, count: level.count)
    ]
  }
}
