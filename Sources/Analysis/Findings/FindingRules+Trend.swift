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
  /// 3 + √(2 ln n) deviations above the best, by the median distance of each from the middle of its neighbours: the best
  /// of many noisy evaluations is low by chance, and by about that root.
  var overfitting: [Finding] {
    guard let evaluation, let best = evaluation.best, best.value > 0 else { return [] }
    let last = evaluation.last
    guard last.value > 1.01 * best.value, last.step > best.step else { return [] }
    if let deviation = Self.deviation(of: evaluation.series.values) {
      let chance = (2 * log(Double(evaluation.series.count))).squareRoot()
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

  /// The standard deviation of normal noise whose values would have the median distance, from the middle of their two
  /// neighbours, that `values` have (of at most 4096 of them, evenly chosen); nil of fewer than eight values.
  private static func deviation(of values: [Double]) -> Double? {
    guard values.count >= 8 else { return nil }
    var distances: [Double] = []
    for index in stride(from: 1, to: values.count - 1, by: max(1, values.count / 4096)) {
      let middle = (values[index - 1] + values[index + 1]) / 2
      let distance = abs(values[index] - middle)
      if distance.isFinite { distances.append(distance) }
    }
    guard distances.count >= 6 else { return nil }
    return 1.4826 * RiseDetector.median(distances) / 1.5.squareRoot()
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
