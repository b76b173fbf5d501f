internal import EventFile
internal import RunFolder

/// All answers to a prompt get the same reward, in nine of ten steps: advantages are 0, and nothing is learnt.
struct RewardSignalRule: Rule {
  var kinds: [Finding.Kind] { [.noRewardSignal] }
  var isEssential: Bool { true }
  /// The steps that are needed, and the share of them without a signal.
  var leastCount = 10, leastShare = 0.9

  func examine(_ evidence: Evidence) -> Outcome {
    guard evidence.training == .reinforcement else { return .notApplicable }
    let spreads = evidence.run.metric(plainly: MetricNames.rewardSpreads)?.series
    let ties = evidence.run.metric(plainly: MetricNames.rewardTies)?.series
    guard let series = spreads ?? ties else { return .abstained(.missing(.rewardSpread)) }
    guard series.count >= leastCount else {
      return .abstained(.tooFew(.rewardSpread, count: series.count, needed: leastCount))
    }
    func isSilent(_ value: Double) -> Bool { spreads == nil ? value >= 1 : value == 0 }
    let silent = series.values.count(where: isSilent)
    guard Double(silent) >= leastShare * Double(series.count) else { return .nothing }
    let first = series.values.firstIndex(where: isSilent) ?? 0
    return .found([
      Finding(
        .noRewardSignal, silent == series.count ? .failure : .warning, metric: series.tag,
        step: series.steps[first],
        lastStep: series.steps.last, value: spreads == nil ? 1 : 0, count: silent,
        other: evidence.reward?.tag)
    ])
  }
}

/// The reward rose and fell again: a divergence turned upside down, held against the spread of the rewards.
struct RewardCollapseRule: Rule {
  var kinds: [Finding.Kind] { [.rewardCollapse] }
  var isEssential: Bool { true }
  /// The steps that are needed.
  var leastCount = 10
  /// The share of the gain that is lost, and the fall in spreads of one prompt's answers: judgements of cost.
  var leastLoss = 0.5, leastSpreads = 0.25
  /// The standard errors beyond what the choice of the highest part explains.
  var leastScore = 4.0

  func examine(_ evidence: Evidence) -> Outcome {
    guard evidence.training == .reinforcement else { return .notApplicable }
    guard let series = evidence.reward else { return .abstained(.missing(.reward)) }
    let curve = Curve(series)
    guard curve.count >= leastCount else {
      return .abstained(.tooFew(.reward, count: curve.count, needed: leastCount))
    }
    // A reward has no zero of its own, so that no share of its level says much.
    let rule = DivergenceRule(
      leastRise: 0.1, leastLoss: leastLoss, greatRise: .infinity, leastScore: leastScore)
    guard let fall = rule.lateRise(curve.mirrored) else { return .nothing }
    let spread = evidence.run.metric(plainly: MetricNames.rewardSpreads).map {
      Selection.median($0.series.values.filter(\.isFinite))
    }
    let (highest, end) = (-fall.lowest, -fall.end)
    guard highest - end > leastSpreads * (spread ?? 0) else { return .nothing }
    return .found([
      Finding(
        .rewardCollapse, end <= curve.start ? .failure : .warning, metric: series.tag,
        step: curve.steps[fall.onset],
        lastStep: curve.steps.last, value: end, reference: highest, count: curve.count - fall.onset,
        score: fall.score)
    ])
  }
}

/// The reward of the end is that of the beginning: its gain, with the upper bound that its noise leaves, is less than a
/// quarter of the spread of one prompt's answers.
struct RewardFlatRule: Rule {
  var kinds: [Finding.Kind] { [.rewardFlat] }
  /// The steps that are needed: under a hundred a flat reward is no news.
  var leastCount = 100
  /// The gain in spreads of one prompt's answers that counts as learning, a judgement of cost.
  var leastSpreads = 0.25

  func examine(_ evidence: Evidence) -> Outcome {
    guard evidence.training == .reinforcement else { return .notApplicable }
    guard let series = evidence.reward else { return .abstained(.missing(.reward)) }
    let curve = Curve(series)
    guard curve.count >= leastCount else {
      return .abstained(.tooFew(.reward, count: curve.count, needed: leastCount))
    }
    guard
      let spreads = evidence.run.metric(plainly: MetricNames.rewardSpreads)?.series.values.filter(\.isFinite),
      case let spread = Selection.median(spreads), spread > 0
    else { return .abstained(.missing(.rewardSpread)) }
    let third = curve.count / 3
    let early = RobustLevel(curve.values.prefix(third), noise: curve.noise)
    let late = RobustLevel(curve.values.suffix(third), noise: curve.noise)
    let error = early.differenceError(from: late)
    let gain = late.median - early.median
    guard gain + 1.7 * error < leastSpreads * spread else {
      return gain > 1.7 * error
        ? .nothing : .abstained(.noise(share: 1.7 * error / max(abs(early.median), 1e-12)))
    }
    // What is learnt in the first steps has no trend behind it.
    for size in [5, 10, curve.count / 10] where size <= third {
      let start = curve.values.prefix(size).reduce(0, +) / Double(size)
      let rest = Selection.median(curve.values[size...])
      if rest - start > max(3 * early.deviation / Double(size).squareRoot(), 0.1 * spread) { return .nothing }
    }
    return .found([
      Finding(
        .rewardFlat, .warning, metric: series.tag, step: curve.steps.first, lastStep: curve.steps.last,
        value: late.median, reference: early.median, count: series.count, score: (gain + 1.7 * error) / spread
      )
    ])
  }
}

/// The model moved far away from its reference: more than a nat a token, and ten times what it was.
///
/// What a trainer sums over the tokens of an answer is held against the bounds of as many tokens.
struct DivergenceFromReferenceRule: Rule {
  var kinds: [Finding.Kind] { [.klBlowUp] }
  /// The steps that are needed.
  var leastCount = 15
  /// The distance in nats a token, and against the level before: judgements of cost.
  var leastNats = 1.0, leastRatio = 10.0
  /// The distance from which on the policy is another model.
  var failureNats = 10.0

  func examine(_ evidence: Evidence) -> Outcome {
    guard evidence.training == .reinforcement else { return .notApplicable }
    guard let series = evidence.run.metric(plainly: MetricNames.divergences, isEvaluation: false)?.series
    else {
      return .abstained(.missing(.divergence))
    }
    let curve = Curve(series)
    guard curve.count >= leastCount else {
      return .abstained(.tooFew(.divergence, count: curve.count, needed: leastCount))
    }
    let tokens = evidence.run.summedTokens(in: series.tag)
    let (leastNats, failureNats) = (leastNats * tokens, failureNats * tokens)
    let values = curve.values
    var level = Selection.median(values[..<5])
    var next = 10
    for index in 10..<values.count - 4 {
      if index == next {
        level = Selection.median(values[..<(index - 4)])
        next = index + max(1, index / 20)
      }
      let now = Selection.median(values[index..<index + 5])
      guard now > leastNats, now > leastRatio * max(level, 1e-9) else { continue }
      var first = index
      while first + 1 < index + 5, values[first] <= max(leastNats, leastRatio * level) / 2 { first += 1 }
      while first > 0, values[first - 1] > max(leastNats, leastRatio * level) / 2 { first -= 1 }
      let greatest = values[index...].max() ?? now
      let end = Selection.median(values.suffix(5))
      return .found([
        Finding(
          .klBlowUp, end > failureNats ? .failure : .warning, metric: series.tag, step: curve.steps[first],
          lastStep: curve.steps.last, value: greatest, reference: level, count: values.count - first)
      ])
    }
    return .nothing
  }
}

/// Answers reach their greatest length and are cut, which they did not at first.
struct ClippedAnswersRule: Rule {
  var kinds: [Finding.Kind] { [.clippedCompletions] }
  /// The steps that are needed.
  var leastCount = 20
  /// The share of answers that are cut at the end, and the greatest that counts as few at first: judgements of cost.
  var leastShare = 0.9, mostBefore = 0.5

  func examine(_ evidence: Evidence) -> Outcome {
    guard evidence.training == .reinforcement else { return .notApplicable }
    guard let series = evidence.run.metric(plainly: MetricNames.clipped, isEvaluation: false)?.series else {
      return .abstained(.missing(.clippedAnswers))
    }
    let curve = Curve(series)
    guard curve.count >= leastCount else {
      return .abstained(.tooFew(.clippedAnswers, count: curve.count, needed: leastCount))
    }
    let size = max(5, curve.count / 10)
    let end = Selection.median(curve.values.suffix(size))
    guard end >= leastShare else { return .nothing }
    let start = Selection.median(curve.values.prefix(size))
    let isRise = start <= mostBefore
    let middle = (start + end) / 2
    let first =
      isRise ? (curve.values.lastIndex { $0 < middle }.map { min($0 + 1, curve.count - 1) } ?? 0) : 0
    return .found([
      Finding(
        .clippedCompletions, isRise ? .warning : .note, metric: series.tag, step: curve.steps[first],
        lastStep: curve.steps.last, value: end, reference: start, count: curve.count - first)
    ])
  }
}
