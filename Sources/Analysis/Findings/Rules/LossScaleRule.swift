internal import EventFile
internal import RunFolder

/// The training loss is a multiple of the evaluation's, always the same: it is a sum where the other is a mean; or it is
/// somewhat above it, which is good to know.
struct LossScaleRule: Rule {
  var kinds: [Finding.Kind] { [.lossScale, .evaluationBelow] }
  /// The evaluations that are needed.
  var leastCount = 2
  /// The ratio that dropout, a moving average or an easier evaluation set do not reach: a judgement of cost.
  var leastRatio = 3.0
  /// The ratio from which on the evaluation counts as below.
  var leastBelow = 1.25
  /// How much the ratio's logarithm may vary, in itself and as a share of how much the training loss does.
  var leastSpread = 0.15, leastSpreadShare = 0.33
  /// ln of 268,000 tokens, the largest of usual vocabularies: no mean over tokens starts above it.
  var greatestStart = 12.5

  func examine(_ evidence: Evidence) -> Outcome {
    guard evidence.training == .supervised || evidence.training == .classification else {
      return .notApplicable
    }
    guard let loss = evidence.loss?.series, let curve = evidence.curve, curve.count > 0 else {
      return .abstained(.missing(.trainingLoss))
    }
    guard let evaluations = evidence.evaluations.first else { return .abstained(.missing(.evaluations)) }
    guard evaluations.count >= leastCount else {
      return .abstained(.tooFew(.evaluations, count: evaluations.count, needed: leastCount))
    }
    var ratios: [Double] = []
    var levels: [Double] = []
    var begin = 0
    for point in evaluations {
      let end = loss.position(after: point.step)
      let since = loss.values[begin..<max(begin, end)].suffix(20).filter { $0.isFinite }
      begin = max(begin, end)
      guard !since.isEmpty, point.value > 0, point.value.isFinite else { continue }
      let level = Selection.median(since)
      guard level > 0 else { continue }
      ratios.append(level / point.value)
      levels.append(level)
    }
    guard ratios.count >= leastCount, let least = ratios.min() else {
      return .abstained(.tooFew(.evaluations, count: ratios.count, needed: leastCount))
    }
    let ratio = Selection.median(ratios)
    let spread = Self.spread(ratios)
    let isProven = curve.start > greatestStart && ratio > leastBelow
    let isConstant = least > leastRatio && spread < max(leastSpread, leastSpreadShare * Self.spread(levels))
    if isProven || isConstant {
      let accumulation = Self.count(evidence.run.setting("gradient_accumulation_steps"))
      let cause: Finding.Cause =
        accumulation.flatMap { steps in
          steps > 1 && abs(Elementary.log(ratio / Double(steps))) < 0.2 ? .accumulation(steps: steps) : nil
        } ?? .summed
      return .found([
        Finding(
          .lossScale, .warning, metric: loss.tag, step: loss.steps.first, lastStep: loss.steps.last,
          value: levels.last,
          reference: evaluations.values.last { $0.isFinite }, count: ratios.count, other: evaluations.tag,
          cause: cause, score: ratio)
      ])
    }
    guard least > leastBelow else { return .nothing }
    return .found([
      Finding(
        .evaluationBelow, .note, metric: evaluations.tag, step: evaluations.steps.first,
        lastStep: evaluations.steps.last, value: evaluations.values.last { $0.isFinite },
        reference: levels.last,
        count: ratios.count, other: loss.tag, score: ratio)
    ])
  }

  private static func count(_ text: String?) -> Int? {
    text.flatMap(Double.init).flatMap { Int(exactly: $0) }
  }

  /// The standard deviation of the logarithms.
  private static func spread(_ values: [Double]) -> Double {
    let logarithms = values.map(Elementary.log)
    let mean = logarithms.reduce(0, +) / Double(values.count)
    let squares = logarithms.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return values.count > 1 ? (squares / Double(values.count - 1)).squareRoot() : 0
  }
}
