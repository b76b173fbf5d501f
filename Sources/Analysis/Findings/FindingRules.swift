internal import RunFolder

/// The rules by which a run is examined, one a facet in the files beside this one.
struct FindingRules {
  let run: TrainingRun
  let options: AnalysisOptions
  let loss: LossAnalysis?
  let evaluation: EvaluationAnalysis?
  let statistics: [MetricStatistics]
  let quality: DataQuality

  /// What every rule found, the gravest first, those of one gravity by kind and step.
  var findings: [Finding] {
    let filtered = filteredNaN
    let dead = deadRun
    var found = filtered + dead + nonFinite(besides: filtered)
    // A loss that is no loss any more has no spikes, no plateau and no overfitting.
    if filtered.isEmpty, dead.isEmpty {
      let rises = risesOfLoss
      found += rises
      found += overfitting
      if !rises.contains(where: { $0.kind == .diverged }) { found += plateau }
    }
    found += sourcesDisagree + interleaved + stoppedEarly + damagedFiles
    let kinds = Finding.Kind.allCases
    func order(_ finding: Finding) -> (Int, Int, Int64) {
      (-finding.severity.rawValue, kinds.firstIndex(of: finding.kind) ?? 0, finding.step ?? .min)
    }
    return found.sorted { order($0) < order($1) }
  }
}
