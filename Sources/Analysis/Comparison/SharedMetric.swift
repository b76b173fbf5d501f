internal import EventFile
internal import RunFolder

/// A metric that two runs share, by its tag or by its role.
struct SharedMetric {
  let base: Metric
  let new: Metric
  let role: MetricRole?

  /// The shared metrics: the losses first, then in the order of the baseline.
  static func all(_ base: TrainingRun, _ new: TrainingRun, patterns: [String]) -> [SharedMetric] {
    var result: [SharedMetric] = []
    for role in [MetricRole.trainLoss, .evalLoss] {
      if let left = base.metric(for: role), let right = new.metric(for: role) {
        result.append(SharedMetric(base: left, new: right, role: role))
      }
    }
    let newByTag = Dictionary(new.metrics.map { ($0.tag, $0) }, uniquingKeysWith: { first, _ in first })
    let known = Set(result.map(\.base.tag))
    for metric in base.metrics where !known.contains(metric.tag) && !metric.series.isEmpty {
      guard let other = newByTag[metric.tag], !other.series.isEmpty else { continue }
      result.append(SharedMetric(base: metric, new: other, role: MetricRole.role(of: metric.tag)))
    }
    guard !patterns.isEmpty else { return result }
    let wanted = Set(patterns.flatMap { base.metrics(matching: $0).map(\.tag) })
    return result.filter { wanted.contains($0.base.tag) }
  }
}
