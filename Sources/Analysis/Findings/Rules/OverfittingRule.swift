internal import EventFile
internal import RunFolder

/// An evaluation got worse after its best, while the training loss went on falling.
///
/// Every evaluation loss is judged, and the metric that decides where that is another. With a rise r of the last value
/// (and of the middle of the last three) over the best, one of these has to hold:
/// - eight evaluations or more, two after the best, r > 3 % and the umbrella test: a curve that first falls and then rises
///   fits so much better than one that only falls as white noise of that length does once in 200;
/// - two or more after the best, all of them more than 5 % above it;
/// - fewer than eight evaluations, and after the best: three rises, no fall by more than 3 %, and r > 3 %; or no fall
///   beyond the noise, and r > 5 %; or three evaluations or more, and r > 10 %.
///
/// Of eight evaluations or more the rise must also pass 2 + √(2 ln n) deviations of their noise.
///
/// Where another measure of the evaluation is better at the end than at the best loss, a note names both steps, unless
/// the run is judged by its loss and that rose by a quarter. Where the run is judged by that measure, its loss may rise as
/// long as the measure does not get worse.
struct OverfittingRule: Rule {
  var kinds: [Finding.Kind] { [.overfitting, .metricsDisagree] }
  var isEssential: Bool { true }
  /// The evaluations that are needed.
  var leastCount = 2
  /// The rise, in nats, that is told, or for losses near 0 as a share: a judgement of cost.
  var leastNats = 0.03, leastShareOfSmall = 0.15
  /// The rise that the umbrella test confirms, and the one of all points after the best.
  var leastRise = 0.03, leastRiseOfAll = 0.05, leastRiseOfFew = 0.1
  /// The rise of a loss that is told as overfitting though another measure got better: a judgement of cost.
  var leastRiseAgainst = 0.25

  /// The deviations of the noise by which one last evaluation over a set that does not decide has to be above the best.
  private static let leastDeviations = 3.0

  func examine(_ evidence: Evidence) -> Outcome {
    // The loss of a policy says nothing of it; an evaluation that decides does.
    let isOfRewards = evidence.training == .reinforcement
    if isOfRewards, !(evidence.objective.map { MetricAligner.isEvaluation($0.tag) } ?? false) {
      return .notApplicable
    }
    var found: [Finding] = []
    var judged = 0
    var most = 0
    for series in evidence.evaluations where !isOfRewards || series.tag == evidence.objective?.tag {
      let curve = Curve(series)
      most = max(most, curve.count)
      guard curve.count >= leastCount else { continue }
      judged += 1
      if let finding = judge(curve, series, evidence, isLoss: true) { found.append(finding) }
    }
    if let objective = evidence.objective, MetricAligner.isEvaluation(objective.tag),
      !evidence.evaluations.contains(where: { $0.tag == objective.tag }),
      let series = evidence.run.metric(tagged: objective.tag)?.series
    {
      let curve = objective.direction == .higher ? Curve(series).mirrored : Curve(series)
      most = max(most, curve.count)
      if curve.count >= leastCount {
        judged += 1
        if let finding = judge(curve, series, evidence, isLoss: false) { found.append(finding) }
      }
    }
    guard judged > 0 else {
      return .abstained(
        evidence.evaluations.isEmpty
          ? .missing(.evaluations) : .tooFew(.evaluations, count: most, needed: leastCount))
    }
    return .found(found)
  }

  private func judge(_ curve: Curve, _ series: Series, _ evidence: Evidence, isLoss: Bool) -> Finding? {
    let values = curve.values
    guard let last = values.last, let best = values.indices.min(by: { values[$0] < values[$1] }),
      best < values.count - 1
    else { return nil }
    let after = values[(best + 1)...]
    let unit = abs(values[best])
    let scale = isLoss ? Selection.median(values) : max(unit, 0.1)
    let noise = EvaluationNoise(values, level: scale).deviation(around: scale)
    // The middle of three; of two that rise, the last.
    let isClimb = after.count == 2 && values[best + 1] > values[best]
    let end = isClimb ? last : Selection.median(values.suffix(min(3, after.count)))
    let rise = min(last, end) - values[best]
    // Of few evaluations the neighbours' distances are the rise itself as much as the noise.
    let surely = curve.count < 8 ? min(4 * noise, leastRiseOfAll * unit) : 4 * noise
    let leastRise = isLoss ? min(leastNats, leastShareOfSmall * unit) : max(leastNats, surely)
    guard unit > 0, rise >= leastRise else { return nil }
    let share = rise / unit
    guard isRise(values, best: best, share: share, noise: noise) else { return nil }
    let points = after.count
    // One evaluation after the best, over a set that does not decide, is no trend.
    let decides = evidence.objective.map { $0.tag == series.tag } ?? true
    if points == 1, !decides, rise < Self.leastDeviations * noise * 2.0.squareRoot() { return nil }
    // Nor is one of a policy, whose answers are drawn.
    if points == 1, evidence.training == .reinforcement { return nil }
    // Their noise is rated too high by the bend of the curve; what is within it even so is no rise.
    let deviation = noise * (1 + 1 / Double(min(3, points))).squareRoot()
    if curve.count < 8, rise < deviation { return nil }
    let step = curve.steps[best]
    var finding = Finding(
      .overfitting, .warning, metric: series.tag, step: step, lastStep: curve.steps.last,
      value: series.values.last { $0.isFinite }, reference: series.value(at: step) ?? values[best],
      count: points,
      other: Self.risesAlong(evidence.curve, after: step) ? nil : evidence.loss?.tag,
      cause: best == 0 ? .fromTheStart : nil,
      score: noise > 0 ? rise / deviation : nil)
    if let objective = evidence.objective?.tag, objective != series.tag {
      finding.cause = .besides(objective: objective)
    }
    guard isLoss, let better = better(than: step, of: series.tag, evidence) else { return finding }
    finding.other = better.series.tag
    if evidence.objective?.tag == series.tag, rise > leastRiseAgainst * unit {
      finding.cause = .betterOtherwise(step: better.step)
      return finding
    }
    finding.kind = .metricsDisagree
    finding.severity = .note
    finding.lastStep = better.step
    return finding
  }

  /// Whether the training loss rose after `step`, by more than its noise.
  private static func risesAlong(_ curve: Curve?, after step: Int64) -> Bool {
    guard let curve, curve.count >= 4 else { return false }
    let place = min(curve.index(from: step), curve.count - 1)
    let there = Selection.median(curve.values[max(0, place - 2)...min(curve.count - 1, place + 2)])
    let end = Selection.median(curve.values.suffix(5))
    return end > there + max(2 * curve.noise, 0.02 * abs(there))
  }

  private func isRise(_ values: [Double], best: Int, share: Double, noise: Double) -> Bool {
    let count = values.count
    let after = values[(best + 1)...]
    // The best of many noisy evaluations is low by chance.
    let chance = count < 8 ? 0 : (2 + Elementary.extreme(of: count)) * noise / abs(values[best])
    guard share > chance else { return false }
    if after.count >= 2, after.allSatisfy({ $0 - values[best] > leastRiseOfAll * abs(values[best]) }) {
      return true
    }
    if count >= 8, after.count >= 2, share > leastRise, UmbrellaTest(values).isSignificant { return true }
    guard count < 8 else { return false }
    let unit = abs(values[best])
    let steps = zip(values[best...], after).map { $1 - $0 }
    let falls = steps.min() ?? 0
    let rises = steps.count { $0 > 0 }
    if rises >= 3, falls > -leastRise * unit, share > leastRise { return true }
    if after.count >= 3, share > leastRiseOfFew { return true }
    return falls > -max(noise, 0.005 * unit) && share > leastRiseOfAll
  }

  /// The measures over the set that the loss `tag` is of: those that begin with the same words, or with those of no loss.
  private static func companions(of tag: String, _ evidence: Evidence) -> [Evidence.Quality] {
    func words(_ tag: String) -> Substring {
      tag.lastIndex { $0 == "/" || $0 == "_" }.map { tag[...$0] } ?? ""
    }
    let sets = evidence.evaluations.map { words($0.tag) }.filter { !$0.isEmpty }
    return evidence.qualities.filter { quality in
      let own = sets.filter { quality.series.tag.hasPrefix($0) }.max { $0.utf8.count < $1.utf8.count }
      return own == nil || own == words(tag)
    }
  }

  /// A measure of the evaluation that is better at the end than at `step`, by more than its noise and half a per cent; or
  /// that decides, is best at another step, and is no worse at the end.
  private func better(
    than step: Int64, of tag: String, _ evidence: Evidence
  ) -> (series: Series, step: Int64)? {
    for quality in Self.companions(of: tag, evidence) {
      let series = quality.series
      guard let there = series.value(at: step), let last = series.values.last, there.isFinite, last.isFinite
      else {
        continue
      }
      let values = series.values.filter(\.isFinite)
      let end = Selection.median(values.suffix(min(3, max(1, values.count / 3))))
      let sign = quality.direction == .higher ? 1.0 : -1.0
      let gain = sign * (end - there)
      let noise = EvaluationNoise(values).deviation(around: Selection.median(values))
      let best = values.max { sign * $0 < sign * $1 }
      let bestIndex = series.values.firstIndex { $0 == best } ?? series.count - 1
      let bestStep = series.steps[bestIndex]
      let isBetter =
        gain > max(0.005 * abs(there), min(noise, 0.02 * abs(there))) && sign * (last - there) > 0
      let isKept = evidence.objective?.tag == series.tag && bestStep != step && gain > -noise
      guard isBetter || isKept else { continue }
      return (series, bestStep)
    }
    return nil
  }
}
