internal import EventFile
internal import FileSystem
internal import RunFolder

/// Values of `trainer_state.json` and of the trainer's log that differ from the event files', one finding a tag and file;
/// and steps within the range of both that the event files lack.
///
/// Event files hold 32 bits, and trainers round: values agree within a millionth, or within the last of four decimals
/// (transformers, LLaMA-Factory) or of eight (ms-swift). A step that a resume or a final evaluation wrote twice agrees
/// when any of its values does.
struct SourcesRule: Rule {
  var kinds: [Finding.Kind] { [.sourcesDisagree] }

  func examine(_ evidence: Evidence) -> Outcome {
    let run = evidence.run
    guard run.source == .eventFiles else { return .notApplicable }
    var found: [Finding] = []
    if let state = run.trainerState { found += disagreements(run, state.series, Path.name(of: state.path)) }
    if let log = run.trainerLog { found += disagreements(run, log.series, Path.name(of: log.path)) }
    return .found(found)
  }

  private func disagreements(_ run: TrainingRun, _ others: [Series], _ file: String) -> [Finding] {
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

  /// Whether two sources say the same number, each in its own precision.
  static func agree(_ left: Double, _ right: Double) -> Bool {
    if left == right || (left.isNaN && right.isNaN) { return true }
    let difference = abs(left - right)
    if difference <= 1e-6 * max(abs(left), abs(right)) { return true }
    // Rounded on either side.
    return [1e4, 1e8].contains { unit in
      difference <= 0.50001 / unit && (Self.isWhole(left * unit) || Self.isWhole(right * unit))
    }
  }

  private static func isWhole(_ value: Double) -> Bool {
    abs(value - value.rounded()) < 1e-6 * max(1, abs(value))
  }
}

/// Several writers at once, or several trainings, in what is read as one run.
///
/// Writers at once: more backward steps in the trainer's log than restarts can explain; tags of which a quarter of the
/// steps have two values; or a segment that began, by more than a second, before the one before it had ended. Several
/// trainings: others that were told apart from the run, at least three of whose steps differ from it; a note where the
/// trainer's own files vouch for the run.
struct MixedRule: Rule {
  var kinds: [Finding.Kind] { [.mixedTrainings, .interleaved] }
  /// Backward steps in a log that restarts do not explain: their number, and one in so many lines.
  var leastBackward = 5, linesForEach = 10
  /// The steps that have to differ for a training of its own: a run on the same data gives the same values.
  var leastDiffering = 3

  func examine(_ evidence: Evidence) -> Outcome {
    let run = evidence.run
    var found: [Finding] = []
    let tag = evidence.loss?.tag ?? MetricRole.trainLoss.rawValue
    if let log = run.trainerLog, log.backwardSteps >= leastBackward,
      log.backwardSteps * linesForEach >= log.lineCount
    {
      found.append(
        Finding(.interleaved, .warning, metric: tag, count: log.backwardSteps, other: Path.name(of: log.path))
      )
    }
    if let fresh = freshStart(evidence) ?? otherTrainings(evidence) { found.append(fresh) }
    // How far a training is, is counted by each kind of entry in its own way.
    let interleaved = run.interleavedTags.filter { MetricRole.role(of: $0) != .epoch }
    if found.isEmpty, let first = interleaved.first {
      let shown = interleaved.first { $0 == tag } ?? first
      found.append(Finding(.interleaved, .warning, metric: shown, count: 0, other: Path.name(of: run.path)))
    }
    guard run.source == .eventFiles else { return .found(found) }
    for (before, after) in zip(run.segments, run.segments.dropFirst()) {
      guard let end = before.endTime, let start = after.startTime, start < end - 1 else { continue }
      found.append(
        Finding(
          .interleaved, .warning, metric: tag, step: after.firstStep, lastStep: after.lastStep,
          other: Path.name(of: after.origin)))
    }
    return .found(found)
  }

  /// The trainings that were told apart from the run, as one finding.
  private func otherTrainings(_ evidence: Evidence) -> Finding? {
    let run = evidence.run
    let others = run.otherTrainings.filter { other in
      // Trainings that log at other steps may have only one or two in common, which have to differ.
      other.differingCount >= leastDiffering
        || other.relation == .afresh && other.differingCount == other.commonCount
    }
    guard let first = others.first else { return nil }
    // A file in which several trainings stand vouches for none of them.
    let written = [run.trainerState?.path, run.trainerLog?.path].compactMap { $0.map(Path.name(of:)) }
    let isVouchedFor =
      !written.isEmpty
      && others.allSatisfy { $0.checkpoints.isEmpty && !written.contains(Path.name(of: $0.origin)) }
    return Finding(
      .mixedTrainings, isVouchedFor ? .note : .warning, metric: evidence.loss?.tag ?? first.loss.tag,
      step: first.steps.lowerBound, count: others.count + 1, other: Path.name(of: run.path))
  }

  /// A restart that replaced the first step of the loss, and at least three steps by other values.
  private func freshStart(_ evidence: Evidence) -> Finding? {
    guard let tag = evidence.loss?.tag ?? evidence.reward?.tag, let metric = evidence.run.metric(tagged: tag),
      let first = metric.series.steps.first, !metric.superseded.isEmpty
    else { return nil }
    guard metric.superseded.steps.min() ?? .max <= first else { return nil }
    var differing = 0
    var starts = 0
    for point in metric.superseded {
      if point.step <= first { starts += 1 }
      if let value = metric.series.value(at: point.step), !SourcesRule.agree(value, point.value) {
        differing += 1
      }
    }
    guard differing >= leastDiffering else { return nil }
    return Finding(
      .mixedTrainings, .warning, metric: tag, step: first, count: starts + 1,
      other: Path.name(of: evidence.run.path))
  }
}

/// The points do not say at which step they were taken: the writer counted none.
struct StepCounterRule: Rule {
  var kinds: [Finding.Kind] { [.noStepCounter] }

  func examine(_ evidence: Evidence) -> Outcome {
    guard evidence.run.isNumberedByOrder else { return .nothing }
    let series = evidence.loss?.series ?? evidence.run.metrics.first?.series
    return .found([
      Finding(
        .noStepCounter, .warning, metric: series?.tag ?? "", step: series?.steps.first,
        count: series?.count ?? 0)
    ])
  }
}

/// How the training ended, where that was before its planned last step.
struct ExtentRule: Rule {
  var kinds: [Finding.Kind] { [.stoppedEarly, .earlyStopped] }

  func examine(_ evidence: Evidence) -> Outcome {
    let run = evidence.run
    guard let planned = run.plannedSteps, let reached = run.reachedStep else { return .notApplicable }
    let kind: Finding.Kind
    switch run.ending {
    case .interrupted: kind = .stoppedEarly
    case .earlyStopped, .endedEarly: kind = .earlyStopped
    case .completed, .unknown: return .nothing
    }
    return .found([
      Finding(
        kind, .note, metric: evidence.loss?.tag ?? MetricRole.trainLoss.rawValue, step: reached,
        value: Double(reached), reference: Double(planned))
    ])
  }
}

/// What the writer itself says of a training that failed: a tracker's exit code, the status of a session of hparams.
struct ReportedFailureRule: Rule {
  var kinds: [Finding.Kind] { [.reportedFailure] }

  func examine(_ evidence: Evidence) -> Outcome {
    guard let words = evidence.run.reportedFailure else { return .notApplicable }
    return .found([
      Finding(.reportedFailure, .warning, metric: "", step: evidence.run.reachedStep, other: words)
    ])
  }
}

/// One finding for each event file with faults, and for each of the trainer's files that could not be read in whole.
/// `step` is not known; `value` is the offset of the first fault, where there is one.
struct DamageRule: Rule {
  var kinds: [Finding.Kind] { [.damagedFile] }

  func examine(_ evidence: Evidence) -> Outcome {
    let events = evidence.run.eventFiles.compactMap { file -> Finding? in
      guard let fault = file.faults.first else { return nil }
      return Finding(
        .damagedFile, .warning, metric: "", value: Double(fault.offset),
        count: file.faults.count + file.unlistedFaultCount, other: file.path)
    }
    let others = evidence.run.fileFaults.compactMap { fault -> Finding? in
      // Missing steps are a finding of their own.
      if case .noSteps = fault.reason { return nil }
      var count = 1
      if case .badLines(let lines) = fault.reason { count = lines.count }
      return Finding(.damagedFile, severity(fault, evidence.run), metric: "", count: count, other: fault.path)
    }
    return .found(events + others)
  }

  /// A log that is cut in its last line was being written when it was copied, or its writer was killed.
  private func severity(_ fault: TrainerFileError, _ run: TrainingRun) -> Finding.Severity {
    switch fault.reason {
    case .emptyLog: .note
    case .badLines(let lines):
      lines.count == 1 && lines[0] >= run.trainerLog?.lineCount ?? .max ? .note : .warning
    default: .warning
    }
  }
}
