extension RunAnalysis {
  /// The same, with what the weights of the run's saves tell of it among the findings: values that are not finite, and
  /// saves that are the same.
  public func considering(_ history: CheckpointHistory?) -> RunAnalysis {
    guard let history else { return self }
    let found = Self.findings(in: history)
    guard !found.isEmpty else { return self }
    var analysis = self
    analysis.findings += found
    // The gravest first, as they were.
    analysis.findings = analysis.findings.enumerated()
      .sorted { (-$0.element.severity.rawValue, $0.offset) < (-$1.element.severity.rawValue, $1.offset) }
      .map(\.element)
    if analysis.severity == .failure, analysis.forecast != nil { analysis.forecast = .failure(.failed) }
    return analysis
  }

  private static func findings(in history: CheckpointHistory) -> [Finding] {
    let entries = history.entries.filter { $0.problem == nil }
    var findings: [Finding] = []
    let broken = entries.filter { $0.nonFiniteCount > 0 }
    if let first = broken.first, let last = broken.last {
      let lasts = entries.last?.step == last.step
      findings.append(
        Finding(
          .nonFinite, lasts ? .failure : .warning, metric: "", step: first.step, lastStep: last.step,
          count: broken.count, cause: .savedWeights(lasts: lasts)))
    }
    // That what was lost stayed lost is no news.
    let same = entries.filter { $0.change?.movement == .identical && $0.nonFiniteCount == 0 }
    if let first = same.first, let last = same.last {
      let isAll = same.count == entries.count - 1
      findings.append(
        Finding(
          .identicalSaves, isAll ? .warning : .note, metric: "", step: first.step, lastStep: last.step,
          reference: Double(entries.count), count: same.count))
    }
    return findings
  }
}
