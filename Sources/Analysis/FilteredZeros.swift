internal import EventFile
public import RunFolder

/// HF Trainer logs a loss that is not finite as 0, unless it is told not to: such zeros are no losses, and nothing that is
/// drawn or held against another may take them for one.
extension TrainingRun {
  /// The run with NaN again in the place of the zeros that stand for it.
  public var withoutFilteredZeros: TrainingRun { withoutFilteredZeros(of: lossFlaw) }

  /// The run with NaN again where `flaw` says that zeros of its training loss stand for it.
  func withoutFilteredZeros(of flaw: Finding?) -> TrainingRun {
    guard let flaw, flaw.kind == .filteredNaN, let tag = metric(for: .trainLoss)?.tag,
      let index = metrics.firstIndex(where: { $0.tag == tag })
    else { return self }
    var run = self
    run.metrics[index].series = run.metrics[index].series.withoutZeros(of: flaw)
    return run
  }

  /// What makes the training loss worthless though it looks finite. The whole run is only examined where its end looks like
  /// it: the loss at 0 or not moving, or the gradient norm at 0 or not finite.
  var lossFlaw: Finding? {
    guard let loss = metric(for: .trainLoss)?.series.values, let last = loss.last else { return nil }
    let gradient = metric(for: .gradientNorm)?.series.values.last
    let isSuspicious =
      last == 0 || loss.dropLast().last == last || gradient == 0 || gradient.map { !$0.isFinite } ?? false
    guard isSuspicious else { return nil }
    return RunAnalysis(of: self).findings.first { Finding.Kind.untrustworthy.contains($0.kind) }
  }
}

extension GateBaseline {
  /// The baseline with NaN again in the place of the zeros that stand for it in its runs.
  public var withoutFilteredZeros: GateBaseline {
    guard case .runs(let runs) = self else { return self }
    return .runs(runs.map(\.withoutFilteredZeros))
  }
}

extension Series {
  /// The series with NaN in the place of its zeros from the first step of `finding` to the last.
  func withoutZeros(of finding: Finding) -> Series {
    let first = finding.step ?? .min
    let last = finding.lastStep ?? .max
    var series = self
    for index in series.values.indices where series.values[index] == 0 {
      if (first...Swift.max(first, last)).contains(steps[index]) { series.values[index] = .nan }
    }
    return series
  }
}
