internal import EventFile
internal import RunFolder

extension TrainingRun {
  /// Whether `other` has the same values at the same steps in all metrics: it is a copy, or was trained with the same seed
  /// on the same machine, and tells nothing new.
  func hasPoints(of other: TrainingRun) -> Bool {
    !metrics.isEmpty && metrics.count == other.metrics.count
      && zip(metrics, other.metrics).allSatisfy { left, right in
        left.tag == right.tag && left.series.steps == right.series.steps
          && zip(left.series.values, right.series.values).allSatisfy { $0 == $1 || $0.isNaN && $1.isNaN }
      }
  }
}
