internal import EventFile

/// The learning rate is 0, or next to it, in the whole run or in a long stretch of it, and nothing is learnt there.
struct LearningRateRule: Rule {
  var kinds: [Finding.Kind] { [.zeroLearningRate] }
  /// What counts as 0, as a share of the peak: a cosine is below a ten-thousandth in its last 0.6 % only.
  var share = 1e-4
  /// How many of the points it has to last, and what share of them: the end of a schedule is shorter.
  var leastCount = 3, leastShare = 0.1

  func examine(_ evidence: Evidence) -> Outcome {
    guard let series = evidence.learningRate else { return .abstained(.missing(.learningRate)) }
    guard series.count >= leastCount else {
      return .abstained(.tooFew(.learningRate, count: series.count, needed: leastCount))
    }
    let values = series.values.span
    var peak = 0.0
    for index in values.indices where values[index].isFinite { peak = max(peak, abs(values[index])) }
    let limit = share * peak
    var longest = 0..<0
    var start: Int?
    for index in values.indices {
      if abs(values[index]) <= limit {
        let begin = start ?? index
        start = begin
        if index + 1 - begin > longest.count { longest = begin..<index + 1 }
      } else {
        start = nil
      }
    }
    guard longest.count >= max(leastCount, Int((leastShare * Double(series.count)).rounded(.up))) else {
      return .nothing
    }
    let isWhole = longest.count == series.count
    let first = series.steps[longest.lowerBound]
    let last = series.steps[longest.upperBound - 1]
    // A rate that was rounded away in the log still teaches.
    if Self.falls(evidence.curve, first, last) { return .nothing }
    let lasts = longest.upperBound == series.count
    return .found([
      Finding(
        .zeroLearningRate, isWhole ? .failure : .warning, metric: series.tag, step: first, lastStep: last,
        value: series.values[longest.lowerBound], reference: peak, count: longest.count,
        cause: lasts && !isWhole ? .scheduleEnded : .learningRateTooLow)
    ])
  }

  /// Whether the loss falls between two steps, by more than three standard errors and 2 %.
  private static func falls(_ curve: Curve?, _ first: Int64, _ last: Int64) -> Bool {
    guard let curve else { return false }
    let range = curve.index(from: first)..<(last == .max ? curve.count : curve.index(from: last + 1))
    guard range.count >= 6 else { return false }
    let third = max(3, range.count / 3)
    let early = RobustLevel(curve.values[range.prefix(third)], noise: curve.noise)
    let late = RobustLevel(curve.values[range.suffix(third)], noise: curve.noise)
    let error = early.differenceError(from: late)
    return early.median - late.median > max(3 * error, 0.02 * abs(early.median))
  }
}
