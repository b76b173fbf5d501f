internal import Bytes
internal import EventFile
internal import RunFolder

extension FindingRules {
  /// Values of `trainer_state.json` and `trainer_log.jsonl` that differ from the event files', one finding a tag and
  /// file; and steps within the range of both that the event files lack.
  ///
  /// Event files hold 32 bits, and trainers round: values agree within a millionth, or within the last of four
  /// decimals. A step that a resume or a final evaluation wrote twice agrees when any of its values does.
  var sourcesDisagree: [Finding] {
    guard run.source == .eventFiles else { return [] }
    var found: [Finding] = []
    if let state = run.trainerState { found += disagreements(state.series, Path.name(of: state.path)) }
    if let log = run.trainerLog { found += disagreements(log.series, Path.name(of: log.path)) }
    return found
  }

  private func disagreements(_ others: [Series], _ file: String) -> [Finding] {
    others.compactMap { other in
      guard !Self.unequal.contains(other.tag), let metric = run.metric(tagged: other.tag),
        let firstStep = metric.series.steps.first, let lastStep = metric.series.steps.last
      else { return nil }
      var differing: [Int] = []
      for (index, step) in other.steps.enumerated() where firstStep <= step && step <= lastStep {
        if let mine = metric.series.value(at: step), Self.agree(mine, other.values[index]) { continue }
        differing.append(index)
      }
      guard !differing.isEmpty else { return nil }
      // What stood before a resume, and what the file itself says twice of one step.
      let replaced = Self.values(of: metric.superseded).merging(
        Self.values(of: metric.duplicates), uniquingKeysWith: +)
      let written = Self.values(of: other)
      var steps: Set<Int64> = []
      var first: (step: Int64, mine: Double?, theirs: Double)?
      for index in differing {
        let step = other.steps[index]
        let theirs = other.values[index]
        let mine = metric.series.value(at: step)
        if replaced[step]?.contains(where: { Self.agree($0, theirs) }) ?? false { continue }
        if let mine, written[step]?.contains(where: { Self.agree($0, mine) }) ?? false { continue }
        steps.insert(step)
        if first.map({ step < $0.step }) ?? true { first = (step, mine, theirs) }
      }
      guard let first else { return nil }
      return Finding(
        .sourcesDisagree, .warning, metric: other.tag, step: first.step, lastStep: steps.max(),
        value: first.mine, reference: first.theirs, count: steps.count, other: file)
    }
  }

  private static func values(of series: Series) -> [Int64: [Double]] {
    Dictionary(zip(series.steps, series.values.map { [$0] }), uniquingKeysWith: +)
  }

  /// Timings, which a second evaluation of the same model writes anew, and counts that LLaMA-Factory keeps for itself.
  private static let unequal: Set<String> = [
    "eval/runtime", "eval/samples_per_second", "eval/steps_per_second", "train/num_input_tokens_seen",
    "train/throughput",
  ]

  static func agree(_ left: Double, _ right: Double) -> Bool {
    if left == right || (left.isNaN && right.isNaN) { return true }
    let difference = abs(left - right)
    if difference <= 1e-6 * max(abs(left), abs(right)) { return true }
    // Rounded to four decimals on either side.
    return difference <= 0.50001e-4 && (Self.hasFourDecimals(left) || Self.hasFourDecimals(right))
  }

  private static func hasFourDecimals(_ value: Double) -> Bool {
    let scaled = value * 1e4
    return abs(scaled - scaled.rounded()) < 1e-6 * max(1, abs(scaled))
  }

  /// Several writers at once: more backward steps in `trainer_log.jsonl` than restarts can explain (at least five, and
  /// one in fifty lines; `count` is their number); tags whose steps go back and forth within an event file (`count` is
  /// 0); or a segment that began, by more than a second, before the one before it had ended (`step` is its first).
  var interleaved: [Finding] {
    var found: [Finding] = []
    let tag = loss?.tag ?? MetricRole.trainLoss.rawValue
    if let log = run.trainerLog, log.backwardSteps >= 5 {
      let lines = log.series.map(\.count).max() ?? 0
      if log.backwardSteps * 50 >= lines {
        found.append(
          Finding(
            .interleaved, .warning, metric: tag, count: log.backwardSteps, other: Path.name(of: log.path)))
      }
    }
    guard run.source == .eventFiles else { return found }
    if let first = run.interleavedTags.first {
      let shown = run.interleavedTags.first { $0 == tag } ?? first
      found.append(Finding(.interleaved, .warning, metric: shown, count: 0, other: Path.name(of: run.path)))
    }
    for (before, after) in zip(run.segments, run.segments.dropFirst()) {
      guard let end = before.endTime, let start = after.startTime, start < end - 1 else { continue }
      found.append(
        Finding(
          .interleaved, .warning, metric: tag, step: after.firstStep, lastStep: after.lastStep,
          other: Path.name(of: after.origin)))
    }
    return found
  }

  /// The planned end was not reached, and nothing says that the training ended by itself: it was stopped, or it is still
  /// running.
  var stoppedEarly: [Finding] {
    guard run.ending == .interrupted, let planned = run.plannedSteps, let reached = run.reachedStep else {
      return []
    }
    return [
      Finding(
        .stoppedEarly, .note, metric: loss?.tag ?? MetricRole.trainLoss.rawValue, step: reached,
        value: Double(reached), reference: Double(planned))
    ]
  }

  /// One finding for each event file with faults. `step` is not known; `value` is the offset of the first fault.
  var damagedFiles: [Finding] {
    run.eventFiles.compactMap { file in
      guard let fault = file.faults.first else { return nil }
      return Finding(
        .damagedFile, .warning, metric: "", value: Double(fault.offset),
        count: file.faults.count + file.unlistedFaultCount,
        other: file.path)
    }
  }
}
