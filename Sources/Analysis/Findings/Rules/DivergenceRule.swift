internal import EventFile

/// The loss left its level upwards and did not come back: its end lies above the lowest level before it.
///
/// End windows of a tenth, a fifth and a third are held against the lowest of up to ten equal parts before them, each by
/// its robust level. The lowest of many is low by chance too, and three windows are tried, so the rise has to be more than
/// 2 + √(2 ln 3K) standard errors of K parts. It also has to be worth telling: a fifth of the level, and more than a
/// third of what the training had gained, or three tenths of the level itself. A divergence within the first steps
/// leaves no level before it: there the whole second half is held against the least of the first three points.
struct DivergenceRule: Rule {
  var kinds: [Finding.Kind] { [.diverged] }
  var isEssential: Bool { true }
  /// The points that are needed.
  var leastCount = 5
  /// The rise that is told, as a share of the lowest level: a judgement of cost, as is the next.
  var leastRise = 0.2
  /// The share of the gain that is lost.
  var leastLoss = 1.0 / 3
  /// The rise that is told whatever had been gained before, as a share of the lowest level.
  var greatRise = 0.3
  /// The standard errors beyond what the choice of the lowest part explains.
  var leastScore = 2.0
  /// The share of the end's points that may lie within a quarter of the rise above the lowest level: of a sine it is a
  /// third, of normal noise as wide as the rise a fifth.
  var mostReturns = 0.22
  /// The end above the start, or above the lowest level, from which on it is a failure.
  var failureAboveStart = 1.02, failureAboveLowest = 1.5

  func examine(_ evidence: Evidence) -> Outcome {
    guard evidence.training != .reinforcement else { return .notApplicable }
    guard let curve = evidence.curve, curve.count > 0 else { return .abstained(.missing(.trainingLoss)) }
    guard curve.count >= leastCount else {
      return .abstained(.tooFew(.trainingLoss, count: curve.count, needed: leastCount))
    }
    guard let rise = lateRise(curve) ?? earlyRise(curve) ?? joint(curve, evidence.evaluations) else {
      return .nothing
    }
    let start = curve.start
    let isFailure =
      rise.isFailure
      ?? (rise.end > failureAboveStart * start || rise.end > failureAboveLowest * rise.lowest)
    let step = curve.steps[rise.onset]
    let points = evidence.loss?.series
    return .found([
      Finding(
        .diverged, isFailure ? .failure : .warning, metric: curve.tag, step: step, lastStep: curve.steps.last,
        value: rise.end, reference: rise.lowest,
        count: points.map { $0.count - $0.position(after: step &- 1) } ?? curve.count - rise.onset,
        other: rise.other, cause: rise.other == nil ? nil : .everywhere, score: rise.score)
    ])
  }

  /// A rise of a curve that is not undone.
  struct Rise {
    var lowest: Double, end: Double
    var onset: Int
    var score: Double?
    var isFailure: Bool?
    var other: String?
  }

  /// The end of `curve` against the lowest part before it: the rise with the highest score.
  func lateRise(_ curve: Curve, gainLost: Double? = nil) -> Rise? {
    let start = curve.start
    let noise = curve.noise
    var best: Rise?
    for share in [0.1, 0.2, 1.0 / 3] {
      let size = max(min(3, curve.count / 3), Int((share * Double(curve.count)).rounded()))
      let before = curve.count - size
      guard size >= 1, before >= 4 else { continue }
      // Of few points none may hide what came before the rise.
      let parts = max(1, min(10, before / (curve.count < 30 ? 3 : 5)))
      let end = RobustLevel(curve.values[before...], noise: noise)
      let levels = (0..<parts).map { part in
        let range = before * part / parts..<before * (part + 1) / parts
        return (part: part, level: RobustLevel(curve.values[range], noise: noise))
      }
      func score(_ level: RobustLevel) -> Double {
        (end.median - level.median) / end.differenceError(from: level)
      }
      // A few points may hold the rise itself: of parts so short, the one that tells most.
      let chosen =
        curve.count < 30
        ? levels.max { score($0.level) < score($1.level) }
        : levels.min { $0.level.median < $1.level.median }
      guard let lowest = chosen else { continue }
      let bottom = lowest.level.median
      let rise = end.median - bottom
      let isLoss = rise > (gainLost ?? leastLoss) * (start - bottom)
      let isGreat = gainLost == nil && bottom > 0 && rise > greatRise * bottom
      guard rise > leastRise * abs(bottom), isLoss || isGreat else { continue }
      let error = end.differenceError(from: lowest.level)
      let score = rise / max(error, 1e-12 * abs(end.median))
      guard score > leastScore + Elementary.extreme(of: 3 * parts) else { continue }
      // A loss that comes down to its lowest level again and again swings, and has not left it.
      let low = curve.values[before...].count { $0 < bottom + 0.25 * rise }
      guard Double(low) <= mostReturns * Double(size) || size < 10 else { continue }
      if best.map({ score > $0.score ?? 0 }) ?? true {
        let onset = onset(
          curve, after: before * lowest.part / parts, low: bottom, end: end.median,
          noise: lowest.level.deviation,
          unit: lowest.level.standardError * Double(lowest.level.count).squareRoot())
        best = Rise(lowest: bottom, end: end.median, onset: onset, score: score)
      }
    }
    return best
  }

  /// The second half far above the least of the first three points.
  private func earlyRise(_ curve: Curve) -> Rise? {
    guard let least = curve.values.prefix(3).filter({ $0 > 0 }).min() else { return nil }
    let half = curve.values[(curve.count / 2)...]
    guard half.allSatisfy({ $0 > 1.2 * least }) else { return nil }
    let end = Selection.median(curve.values.suffix(max(2, curve.count / 3)))
    guard end > 1.5 * least else { return nil }
    let logarithms = half.map(Elementary.log)
    let spread = max(0.02, RobustLevel(logarithms[...]).deviation)
    let score = Elementary.log(end / least) / spread
    guard score > 8 else { return nil }
    let onset = onset(curve, after: 0, low: least, end: end, noise: 0)
    return Rise(lowest: least, end: end, onset: onset, score: score, isFailure: true)
  }

  /// Both the training and the evaluation loss end above their best by a tenth and three deviations.
  private func joint(_ curve: Curve, _ evaluations: [Series]) -> Rise? {
    var weaker = self
    weaker.leastRise = 0.1
    weaker.leastScore = 0
    guard let rise = weaker.lateRise(curve, gainLost: 0.25) else { return nil }
    let risen = evaluations.first { series in
      let values = series.values.filter(\.isFinite)
      guard values.count >= 4, let best = values.min(), best > 0 else { return false }
      let noise = EvaluationNoise(values).deviation(around: Selection.median(values))
      let end = Selection.median(values.suffix(3))
      return end - best > max(0.1 * best, (3 + Elementary.extreme(of: values.count)) * noise)
    }
    guard let risen else { return nil }
    var both = rise
    both.isFailure = false
    both.other = risen.tag
    return both
  }

  /// The share of the rise up to which noise is small beside it: of three points, two are then hardly ever below the
  /// half of it by chance.
  private static let smallNoise = 0.12

  /// The first point of the rise: from the end back to where the curve crosses half of the rise, and from there back to
  /// where it left the low level.
  ///
  /// - Parameter unit: the standard error of the level of a single point, by which noise that remembers itself counts more.
  private func onset(
    _ curve: Curve, after first: Int, low: Double, end: Double, noise: Double, unit: Double = 0
  ) -> Int {
    let values = curve.values
    if max(noise, curve.noise, unit / 1.2533) > Self.smallNoise * (end - low) {
      return onsetInNoise(values, after: first, low: low, end: end, unit: max(unit, 1.2533 * noise))
    }
    func middle(_ index: Int) -> Double {
      let range = max(0, index - 1)...min(values.count - 1, index + 1)
      return Selection.median(values[range])
    }
    let half = (low + end) / 2
    var index = values.count - 1
    while index > first, middle(index) > half { index -= 1 }
    let left = low + max(0.15 * (end - low), min(2 * noise, 0.4 * (end - low)))
    while index > first, values[index] > left { index -= 1 }
    while index + 1 < values.count, values[index + 1] <= left { index += 1 }
    return min(values.count - 1, index + 1)
  }

  /// The first point of a rise whose noise is no longer small beside it: where a change from one of the two levels to the
  /// other is likeliest (the maximum of the sum of distances from their middle, each cut at one rise), and from there back
  /// to a stretch on the low level that is long enough to tell.
  private func onsetInNoise(
    _ values: [Double], after first: Int, low: Double, end: Double, unit: Double
  ) -> Int {
    let rise = end - low
    let half = (low + end) / 2
    var sum = 0.0
    var greatest = -Double.infinity
    var place = values.count - 1
    for index in stride(from: values.count - 1, to: first, by: -1) {
      sum += max(-rise, min(rise, values[index] - half))
      if sum >= greatest { (greatest, place) = (sum, index) }
    }
    // A tenth of the rise is a standard error of the level of so many points.
    let wanted = (unit / (0.1 * rise)) * (unit / (0.1 * rise))
    let width = Int(max(3, min(Double(max(3, values.count / 8)), wanted.rounded(.up))))
    let left = low + 0.25 * rise
    while place > first {
      let window = values[max(0, place - width)..<place]
      guard Selection.median(window) > left else { break }
      place -= 1
    }
    // Single points on the way up, which no noise about the low level would hold there.
    while place > first, values[place - 1] > low + 0.4 * rise { place -= 1 }
    return place
  }
}
