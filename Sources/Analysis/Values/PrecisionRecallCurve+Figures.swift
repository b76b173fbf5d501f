public import EventFile

extension PrecisionRecallCurve {
  /// The average precision: the sum over thresholds of the precision times the rise of the recall, as scikit-learn's
  /// `average_precision_score` has it, with the precision 1 that a recall of 0 stands for. Nil without positives.
  ///
  /// Thresholds with nothing taken for positive have no precision and count for nothing. Nil where a number is none.
  public var averagePrecision: Double? {
    guard !recall.isEmpty, (recall + precision).allSatisfy(\.isFinite), hasPositives else { return nil }
    // The columns are by rising thresholds: recall falls.
    var sum = 0.0
    for index in recall.indices {
      let next = index + 1 < recall.count ? recall[index + 1] : 0
      sum += (recall[index] - next) * precision[index]
    }
    return sum
  }

  /// Whether any example is positive; without one there is no recall.
  public var hasPositives: Bool {
    zip(truePositives, falseNegatives).contains { $0 + $1 > 0 } || recall.contains { $0 > 0 }
  }

  /// The threshold, of equally spaced ones from 0 to 1, at which precision and recall are best together, and their
  /// harmonic mean there.
  public var best: (threshold: Double, score: Double)? {
    var best: (threshold: Double, score: Double)?
    for index in recall.indices where recall[index] + precision[index] > 0 {
      let score = 2 * recall[index] * precision[index] / (recall[index] + precision[index])
      guard score > best?.score ?? 0 else { continue }
      best = (recall.count > 1 ? Double(index) / Double(recall.count - 1) : 0, score)
    }
    return best
  }
}
