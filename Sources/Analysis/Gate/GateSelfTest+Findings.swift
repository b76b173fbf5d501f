internal import Bytes
internal import Checkpoint
internal import EventFile
internal import RunFolder

extension GateSelfTest {
  /// Tries a gate on findings: with nothing to look at, and with its fault as often as its bound needs.
  mutating func tryFinding(
    _ gate: Gate, _ kind: Finding.Kind, _ pattern: Glob?, _ run: TrainingRun, _ baseline: GateBaseline
  ) {
    var without = run
    without.metrics = []
    add(gate, .missing, without, baseline)
    guard gate.bounds.contains(where: \.isCeiling) else {
      unproven.append(.init(id: gate.id, reason: "it asks for findings, and none can be taken out of a copy"))
      return
    }
    let bounds = gate.bounds.map { bound -> Double in
      switch bound {
      case .atMost(let limit): limit
      case .increase(.absolute(let margin)): margin
      case .increase, .decrease, .atLeast: 0
      }
    }
    let wanted = Int(clamping: min(1e6, max(0, bounds.max() ?? 0))) + 1
    let tag = pattern.flatMap { run.metrics(matching: $0.pattern).first?.tag }
    switch run.showing(kind, times: wanted, in: tag) {
    case .copy(let copy): add(gate, Self.injection(of: kind), copy, baseline)
    case .impossible(let reason): unproven.append(.init(id: gate.id, reason: reason))
    }
  }

  /// Tries a gate on all findings of a severity with every kind that can be so grave, each in a copy of its own.
  mutating func tryFindings(
    _ gate: Gate, _ severity: Finding.Severity, _ run: TrainingRun, _ baseline: GateBaseline
  ) {
    var without = run
    without.metrics = []
    add(gate, .missing, without, baseline)
    guard gate.bounds.allSatisfy({ $0 == .atMost(0) }) else {
      unproven.append(.init(id: gate.id, reason: "only a bound of 0 can be tried kind by kind"))
      return
    }
    let kinds = severity == .failure ? Self.failures : Self.failures + Self.warnings
    for kind in kinds {
      switch run.showingGravely(kind) {
      case .copy(let copy): add(gate, .finding, finding: kind, copy, baseline)
      case .impossible(let reason):
        unproven.append(.init(id: gate.id, reason: "\(kind.rawValue): \(reason)"))
      }
    }
  }

  /// The kinds that can be a failure in a copy of a run.
  private static let failures: [Finding.Kind] = [
    .filteredNaN, .zeroLoss, .nonFinite, .zeroLearningRate, .deadRun, .noRewardSignal, .diverged, .resumeGap,
    .rewardCollapse, .klBlowUp,
  ]
  /// The kinds that can be a warning in a copy of a run, and no failure.
  private static let warnings: [Finding.Kind] = [
    .notLearning, .rewardFlat, .oscillation, .spike, .overfitting, .lossScale, .gradientExplosion,
    .clippedCompletions,
    .mixedTrainings, .interleaved, .sourcesDisagree, .damagedFile, .incompleteSave, .reportedFailure,
  ]

  private static func injection(of kind: Finding.Kind) -> Injection {
    switch kind {
    case .nonFinite: .nan
    case .spike: .spike
    default: .finding
    }
  }
}

/// A copy of a run with a fault, or why there is none.
enum FaultyCopy {
  case copy(TrainingRun)
  case impossible(String)
}

extension TrainingRun {
  /// A copy that shows a finding `wanted` times, or once where a run never shows it more often.
  ///
  /// - Parameter tag: the metric that is changed, where the finding may be in any; the training loss without.
  func showing(_ kind: Finding.Kind, times wanted: Int, in tag: String?) -> FaultyCopy {
    guard let loss = metric(for: .trainLoss), loss.series.count >= 2 else {
      return .impossible("the baseline has no training loss of two points or more")
    }
    let points = loss.series.count
    switch kind {
    case .nonFinite:
      let subject = tag.flatMap { metric(tagged: $0) } ?? loss
      guard subject.series.count >= wanted else {
        return .impossible("the baseline's \(subject.tag) has less than \(wanted) points")
      }
      return .copy(changing(subject.tag) { $0.makeNaN(last: wanted) })
    case .filteredNaN:
      let zeros = max(points / 2, wanted)
      guard zeros >= 3, zeros < points else {
        return .impossible("the baseline's \(loss.tag) has too few points")
      }
      return .copy(filtered(last: zeros))
    case .spike:
      guard points >= Series.spikeStart + Series.spikeDistance * wanted else {
        return .impossible("the baseline's \(loss.tag) has too few points for so many spikes")
      }
      let height = 10 * (loss.series.values.filter(\.isFinite).max() ?? 1)
      return .copy(changing(loss.tag) { $0.spike(by: height, times: wanted) })
    case .diverged:
      // Values that are not finite are a divergence too, and the only one that shows more than once.
      return .copy(changing(loss.tag) { if wanted > 1 { $0.makeNaN(last: wanted) } else { $0.diverge() } })
    case .overfitting:
      guard let evaluation = metric(for: .evalLoss), evaluation.series.count >= 4 else {
        return .impossible("the baseline has less than four evaluations")
      }
      return .copy(changing(evaluation.tag) { $0.overfit() }.changing(loss.tag) { $0.fall() })
    case .plateau:
      guard points >= 40 else { return .impossible("the baseline's \(loss.tag) has less than 40 points") }
      return .copy(changing(loss.tag) { $0.flatten() })
    case .deadRun:
      guard points >= 10 else { return .impossible("the baseline's \(loss.tag) has less than ten points") }
      return .copy(dead)
    case .stoppedEarly: return stopped
    case .sourcesDisagree: return disagreeing(count: wanted, first: tag)
    case .interleaved: return .copy(interleaved(times: wanted))
    case .damagedFile: return .copy(damaged(times: wanted))
    case .incompleteSave: return .copy(cutSaves(times: wanted))
    case .reportedFailure:
      var copy = self
      copy.reportedFailure = "the writer reports a failure"
      return wanted > 1 ? .impossible("a run fails once") : .copy(copy)
    default: return showingOnce(kind)
    }
  }

  /// A copy as HF Trainer's NaN filter leaves it: the loss 0, the gradient norm NaN.
  private func filtered(last zeros: Int) -> TrainingRun {
    changing(metric(for: .trainLoss)?.tag) { series in
      for index in series.count - zeros..<series.count { series.values[index] = 0 }
    }.changing(metric(for: .gradientNorm)?.tag) { series in
      series.makeNaN(last: min(series.count, max(1, series.count / 2)))
    }
  }

  /// A copy that does not move any more, with gradients that are exactly 0.
  private var dead: TrainingRun {
    changing(metric(for: .trainLoss)?.tag) { series in
      for index in series.values.indices { series.values[index] = series.values[0] }
    }.changing(metric(for: .gradientNorm)?.tag) { series in
      for index in series.values.indices { series.values[index] = 0 }
    }
  }

  /// A copy that ends after two thirds of the steps that it planned.
  private var stopped: FaultyCopy {
    let steps = metrics.flatMap { [$0.series.steps.first, $0.series.steps.last].compactMap { $0 } }
    guard let first = steps.min(), let last = steps.max(), last > first else {
      return .impossible("the baseline has one step only")
    }
    let end = last.clampedSubtract(max(1, last.clampedSubtract(first) / 3))
    var copy = self
    copy.trainerLog = nil
    copy.trainerState = Self.trainerState(reached: end, of: plannedSteps ?? last)
    copy.metrics.removeAll { MetricRole.meanTrainLoss.rank(of: $0.tag) != nil }
    for index in copy.metrics.indices {
      let series = copy.metrics[index].series
      copy.metrics[index].series = series.first(series.position(after: end))
    }
    return .copy(copy)
  }

  /// A copy whose trainer's file says other values for some metrics than its event files do.
  private func disagreeing(count: Int, first tag: String?) -> FaultyCopy {
    var copy = self
    copy.source = .eventFiles
    copy.trainerState = Self.trainerState(reached: nil, of: nil)
    // Not those that differ without a fault: timings and counts.
    let usual = metrics.filter { metric in
      !metric.series.isEmpty && !metric.tag.contains("per_second") && !metric.tag.contains("runtime")
        && !metric.tag.contains("num_input_tokens_seen") && !metric.tag.contains("throughput")
    }
    guard usual.count >= count else {
      return .impossible("the baseline has less than \(count) metrics that could disagree")
    }
    let ordered = usual.filter { $0.tag == tag } + usual.filter { $0.tag != tag }
    copy.trainerState?.series = ordered.prefix(count).map { metric in
      var series = metric.series
      series.shift(by: 1)
      return series
    }
    return .copy(copy)
  }

  /// A copy with parts that each began before the one before had ended.
  private func interleaved(times: Int) -> TrainingRun {
    var copy = self
    copy.source = .eventFiles
    copy.interleavedTags = []
    let last = metric(for: .trainLoss)?.series.steps.last ?? 1
    copy.segments = (0...times).map { number in
      Segment(
        firstStep: 0, lastStep: last, startTime: Double(number), endTime: Double(number) + 1000,
        origin: "copy\(number)")
    }
    return copy
  }

  /// A copy with event files in each of which a record has a wrong checksum.
  private func damaged(times: Int) -> TrainingRun {
    var copy = self
    for number in 0..<times {
      var file = EventFileContents(path: "copy\(number)")
      file.faults = [ReadFault(path: file.path, offset: 0, kind: .payloadChecksum(got: 0, want: 1))]
      copy.eventFiles.append(file)
    }
    return copy
  }

  private func cutSaves(times: Int) -> TrainingRun {
    var copy = self
    copy.incompleteSaves += (1...times).map {
      IncompleteSave(step: Int64($0), path: "checkpoint-\($0)", reason: "no weights")
    }
    return copy
  }

  /// What a trainer's file without points says.
  private static func trainerState(reached: Int64?, of planned: Int64?) -> TrainerState? {
    var state = try? TrainerState(parsing: Array("{\"log_history\": []}".utf8), path: "trainer_state.json")
    state?.globalStep = reached
    state?.maxSteps = planned
    return state
  }

  /// A copy in which one metric is changed.
  func changing(_ tag: String?, _ change: (inout Series) -> Void) -> TrainingRun {
    var copy = self
    guard let index = copy.metrics.firstIndex(where: { $0.tag == tag }) else { return copy }
    change(&copy.metrics[index].series)
    return copy
  }
}
