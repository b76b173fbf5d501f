internal import EventFile
internal import RunFolder

/// The loss of the end is that of the beginning.
///
/// A test of equivalence: the difference between the mean levels of the two halves, with its one-sided 95 % bound, stays
/// below 5 % of the start (a straight fall by 5 % in each half would show twice that at the ends). A run that learnt in
/// its first steps has that behind it in both halves, so none of the first 1, 2, 3, 5 points, nor the first tenth, may
/// stand above the rest. An evaluation that got better, in its loss or in any measure of quality, speaks against it.
struct NotLearningRule: Rule {
  var kinds: [Finding.Kind] { [.notLearning] }
  var isEssential: Bool { true }
  /// The points of the training loss that are needed, or else the evaluations.
  var leastCount = 10, leastEvaluations = 4
  /// The fall between the halves that counts as learning, a judgement of cost.
  var leastFall = 0.05
  /// The excess of the first points, and the gain of an evaluation, that count as learning.
  var leastEarlyFall = 0.025
  /// The gain of a share (accuracy, F1) that counts as learning, in its own unit.
  var leastQuality = 0.05
  /// How near to ln(classes) a loss is at chance.
  var chanceWidth = 0.02

  func examine(_ evidence: Evidence) -> Outcome {
    guard evidence.training != .reinforcement else { return .notApplicable }
    let curve = evidence.curve
    let count = curve?.count ?? 0
    guard let curve, count >= leastCount else { return byEvaluations(evidence, count) }
    let start = curve.start
    guard start > 0 else { return .abstained(.missing(.trainingLoss)) }
    let half = count / 2
    let first = mean(curve.values[..<half], noise: curve.noise)
    let second = mean(curve.values[half...], noise: curve.noise)
    let error = differenceError(curve, half)
    let fall = first.mean - second.mean
    let atMost = (fall + 1.7 * error) / start
    if hasEarlyFall(curve, second.deviation) || hasTrend(curve) || isVetoed(evidence) { return .nothing }
    guard atMost < leastFall else {
      // The bound is that high for a fall, or for the noise.
      return (fall - 1.7 * error) > 0 ? .nothing : .abstained(.noise(share: 1.7 * error / start))
    }
    let level = Selection.median(curve.values)
    let chance = chance(level, evidence)
    let isSlow = evidence.learningRate.map { Self.isSlow($0.values) } ?? false
    return .found([
      Finding(
        .notLearning, chance == nil ? .warning : .failure, metric: curve.tag, step: curve.steps.first,
        lastStep: curve.steps.last, value: second.mean, reference: first.mean,
        count: evidence.loss?.series.count ?? count,
        cause: chance.map { .chance(classes: $0) } ?? (isSlow ? .learningRateTooLow : nil),
        score: max(0, atMost))
    ])
  }

  /// Whether a learning rate never was a millionth, and is no longer on its way up.
  private static func isSlow(_ rates: [Double]) -> Bool {
    let finite = rates.filter(\.isFinite)
    guard let greatest = finite.max(), let first = finite.first, let last = finite.last else { return false }
    return greatest < 1e-6 && (last < greatest || first == greatest)
  }

  /// Where the training loss has too few points, the evaluations: none is better than the first by more than 2.5 %, and
  /// the last is no worse by 5 %, which is another trouble.
  private func byEvaluations(_ evidence: Evidence, _ count: Int) -> Outcome {
    guard let series = evidence.evaluations.first, series.count >= leastEvaluations else {
      return .abstained(.tooFew(.trainingLoss, count: count, needed: leastCount))
    }
    let values = series.values.filter(\.isFinite)
    guard let first = values.first, let last = values.last, first > 0, values.count >= leastEvaluations,
      last < (1 + leastFall) * first, !isVetoed(evidence), let curve = evidence.curve, curve.count >= 3
    else { return .nothing }
    // The training may have learnt all the same, and its evaluation set not show it.
    let least = min(
      Selection.median(curve.values.suffix(max(1, curve.count / 3))), curve.values.last ?? .infinity)
    guard least > (1 - leastFall) * curve.values[0] else { return .nothing }
    let chance = chance(Selection.median(values), evidence)
    return .found([
      Finding(
        .notLearning, chance == nil ? .warning : .failure, metric: series.tag, step: series.steps.first,
        lastStep: series.steps.last, value: last, reference: first, count: values.count,
        cause: chance.map { .chance(classes: $0) })
    ])
  }

  /// The mean of a stretch, wild points cut, with its standard error.
  private func mean(_ values: ArraySlice<Double>, noise: Double) -> (
    mean: Double, error: Double, deviation: Double
  ) {
    let level = RobustLevel(values, noise: noise)
    let limit = 4 * level.deviation
    let sum = values.reduce(0) { $0 + max(level.median - limit, min(level.median + limit, $1)) }
    return (sum / Double(values.count), level.standardError / 1.2533, level.deviation)
  }

  /// The standard error of the difference between the halves: the noise of both about their lines, and its correlation
  /// from neighbour to neighbour over all of them, since that of a few points is not known.
  private func differenceError(_ curve: Curve, _ half: Int) -> Double {
    let rest = RobustLevel.distances(curve.values[..<half]) + RobustLevel.distances(curve.values[half...])
    let n = Double(rest.count)
    let spread = 3 * 1.4826 * Selection.median(rest.lazy.map { abs($0) })
    let cut = spread > 0 ? rest.map { max(-spread, min(spread, $0)) } : rest
    let squares = cut.reduce(0) { $0 + $1 * $1 }
    guard squares > 0 else { return 0 }
    var products = 0.0
    for index in 1..<cut.count { products += cut[index] * cut[index - 1] }
    let rho = min(0.95, (n * products / squares + 2) / (n - 3))
    let time = rho > 0 ? (1 + rho) / (1 - rho) : 1
    return 2 * (squares / max(1, n - 4) * min(time, n / 2) / n).squareRoot()
  }

  /// Whether the curve falls along its whole length: by 5 % along its line, and by Kendall's test of its ranks (of at
  /// most 30 means, which hardly depend on each other any more) at three standard deviations.
  private func hasTrend(_ curve: Curve) -> Bool {
    let n = Double(curve.count)
    let middle = (n - 1) / 2
    let mean = curve.values.reduce(0, +) / n
    var product = 0.0
    for (index, value) in curve.values.enumerated() { product += (Double(index) - middle) * (value - mean) }
    let squares = n * (n * n - 1) / 12
    let slope = product / squares
    guard -slope * (n - 1) > leastFall * curve.start else { return false }
    let parts = min(30, curve.count)
    let means = (0..<parts).map { part in
      let values = curve.values[curve.count * part / parts..<curve.count * (part + 1) / parts]
      return values.reduce(0, +) / Double(values.count)
    }
    var falls = 0
    for left in means.indices {
      for right in means[(left + 1)...] { falls += right < means[left] ? 1 : right > means[left] ? -1 : 0 }
    }
    let k = Double(parts)
    return Double(falls) > 3 * (k * (k - 1) * (2 * k + 5) / 18).squareRoot()
  }

  private func hasEarlyFall(_ curve: Curve, _ deviation: Double) -> Bool {
    for size in Set([1, 2, 3, 5, curve.count / 10]) where size >= 1 && size <= curve.count / 3 {
      let early = curve.values.prefix(size).reduce(0, +) / Double(size)
      let rest = Selection.median(curve.values[size...])
      let error = deviation / Double(size).squareRoot()
      if early - rest > max(3 * error, leastEarlyFall * curve.start) { return true }
    }
    return false
  }

  /// Whether an evaluation got better.
  private func isVetoed(_ evidence: Evidence) -> Bool {
    for series in evidence.evaluations {
      let values = series.values.filter(\.isFinite)
      if let first = values.first, let best = values.min(), first - best > leastEarlyFall * abs(first) {
        return true
      }
    }
    for quality in evidence.qualities {
      let values = quality.series.values.filter(\.isFinite)
      guard let first = values.first, let last = values.last, values.count >= 2 else { continue }
      let best = quality.direction == .higher ? values.max() ?? first : values.min() ?? first
      let isShare = values.allSatisfy { (0...1).contains($0) }
      let gain = quality.direction == .higher ? best - first : first - best
      let atEnd = quality.direction == .higher ? last - first : first - last
      let scale = isShare ? 1 : Selection.median(values)
      let noise = EvaluationNoise(values, level: scale).deviation(around: scale)
      if gain > (isShare ? leastQuality : leastQuality * abs(first)), atEnd > 0, gain > 3 * noise {
        return true
      }
    }
    guard evidence.training == .preference else { return false }
    return [["rewards/accuracies"], ["rewards/margins"]].contains { names in
      guard let series = evidence.run.metric(plainly: names, isEvaluation: false)?.series else {
        return false
      }
      let curve = Curve(series)
      guard curve.count >= 6 else { return false }
      let third = curve.count / 3
      let early = RobustLevel(curve.values.prefix(third), noise: curve.noise)
      let late = RobustLevel(curve.values.suffix(third), noise: curve.noise)
      let error = early.differenceError(from: late)
      return late.median - early.median > 3 * error
    }
  }

  /// The number of classes among which a guess has this loss, where accuracy says so too.
  private func chance(_ level: Double, _ evidence: Evidence) -> Int? {
    guard
      let accuracy = evidence.qualities.first(where: {
        let name = MetricNames.plain($0.series.tag)
        return name == "accuracy" || name == "acc" || name.hasSuffix("_accuracy")
      })?.series.values.last
    else { return nil }
    return (2...100).first { classes in
      abs(level - Elementary.log(Double(classes))) < chanceWidth * level
        && abs(accuracy - 1 / Double(classes)) < 0.25 / Double(classes)
    }
  }
}
