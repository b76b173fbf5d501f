internal import EventFile
internal import RunFolder

/// The loss is exactly 0.0 for at least two points to its end, with a gradient norm or evaluation loss that is not finite
/// within that stretch: HF Trainer's `logging_nan_inf_filter` writes 0 for a NaN.
struct FilteredNaNRule: Rule {
  var kinds: [Finding.Kind] { [.filteredNaN] }
  /// The zeros that are needed: the first may be the rounding of a small loss, beside an overflow of the loss scaler.
  var leastCount = 2

  func examine(_ evidence: Evidence) -> Outcome {
    guard evidence.training != .reinforcement else { return .notApplicable }
    guard let series = evidence.loss?.series else { return .abstained(.missing(.trainingLoss)) }
    guard let zeros = TrailingZeros(series), zeros.count >= leastCount else { return .nothing }
    guard let witness = zeros.witness(evidence) else { return .nothing }
    return .found([
      Finding(
        .filteredNaN, .failure, metric: series.tag, step: zeros.step, lastStep: series.steps.last, value: 0,
        reference: zeros.before, count: zeros.count, other: witness.tag)
    ])
  }
}

/// The loss is exactly 0.0 at three points or more to its end, from the first on or after a value that no rounding takes
/// to 0.
struct ZeroLossRule: Rule {
  var kinds: [Finding.Kind] { [.zeroLoss] }
  /// The zeros that are needed.
  var leastCount = 3
  /// HF Trainer rounds to four decimals. A run that learns by heart passes through the values between a hundred units
  /// of that and 0; one that breaks jumps over them.
  var leastBefore = 0.01

  func examine(_ evidence: Evidence) -> Outcome {
    // The loss of a policy is 0 by its nature: advantages have a mean of 0.
    guard evidence.training != .reinforcement else { return .notApplicable }
    guard let series = evidence.loss?.series else { return .abstained(.missing(.trainingLoss)) }
    guard series.count >= leastCount else {
      return .abstained(.tooFew(.trainingLoss, count: series.count, needed: leastCount))
    }
    guard let zeros = TrailingZeros(series), zeros.count >= leastCount,
      zeros.before.map({ $0 >= leastBefore }) ?? true
    else { return .nothing }
    let gradient = evidence.gradient.map { $0.values[$0.position(after: zeros.step &- 1)...] }
    let isStill = gradient.map { !$0.isEmpty && $0.allSatisfy { $0 == 0 } } ?? false
    let cause: Finding.Cause? =
      isStill || zeros.before == nil ? .maskedLabels : gradient?.isEmpty == false ? nil : .filteredNaN
    return .found([
      Finding(
        .zeroLoss, .failure, metric: series.tag, step: zeros.step, lastStep: series.steps.last, value: 0,
        reference: zeros.before, count: zeros.count, other: gradient == nil ? nil : evidence.gradient?.tag,
        cause: cause)
    ])
  }
}

/// The zeros at the end of a loss.
private struct TrailingZeros {
  /// Their number, at least one.
  let count: Int
  /// The step of the first.
  let step: Int64
  /// The last value before them.
  let before: Double?

  init?(_ series: Series) {
    guard series.values.last == 0 else { return nil }
    var start = series.count
    while start > 0, series.values[start - 1] == 0 { start -= 1 }
    count = series.count - start
    step = series.steps[start]
    before = series.values[..<start].last { $0.isFinite }
  }

  /// A gradient norm or an evaluation that is not finite within them.
  func witness(_ evidence: Evidence) -> Series? {
    ([evidence.gradient].compactMap { $0 } + evidence.evaluations).first { series in
      series.values[series.position(after: step &- 1)...].contains { !$0.isFinite }
    }
  }
}

/// The gradient norm is exactly 0 at its last ten points at least, and the loss over them no lower than at their start; or
/// there is no gradient norm and the loss is one single number at ten points at least.
struct DeadRunRule: Rule {
  var kinds: [Finding.Kind] { [.deadRun] }
  /// The points that are needed.
  var leastCount = 10

  func examine(_ evidence: Evidence) -> Outcome {
    guard evidence.training != .reinforcement else { return .notApplicable }
    guard let series = evidence.loss?.series else { return .abstained(.missing(.trainingLoss)) }
    guard series.count >= leastCount else {
      return .abstained(.tooFew(.trainingLoss, count: series.count, needed: leastCount))
    }
    guard let end = series.values.last, end.isFinite, end != 0 else { return .nothing }
    guard let gradient = evidence.gradient else {
      guard series.values.first == end, series.values.allSatisfy({ $0 == end }) else { return .nothing }
      return .found([
        Finding(
          .deadRun, .failure, metric: series.tag, step: series.steps[0], lastStep: series.steps.last,
          value: end,
          count: series.count, cause: .frozen)
      ])
    }
    guard gradient.values.last == 0 else { return .nothing }
    var start = gradient.count
    while start > 0, gradient.values[start - 1] == 0 { start -= 1 }
    let count = gradient.count - start
    guard count >= leastCount else { return .nothing }
    let from = max(0, series.position(after: gradient.steps[start]) - 1)
    guard let level = WindowLevel(of: series, in: from..<series.count), level.slopeInterval.upperBound >= 0
    else {
      return .nothing
    }
    return .found([
      Finding(
        .deadRun, .failure, metric: series.tag, step: gradient.steps[start], lastStep: gradient.steps.last,
        value: level.mean, reference: 0, count: count, other: gradient.tag, cause: .frozen)
    ])
  }
}
