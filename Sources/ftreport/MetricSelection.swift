import EventFile
import RunFolder

/// The tags of runs that were asked for by patterns.
struct MetricSelection {
  /// For each run the tags; nil for all.
  private(set) var tags: [Set<String>?]

  /// The tags of `runs` that any of `patterns` names; all, where there is no pattern.
  init(_ patterns: [String], in runs: [TrainingRun]) throws(Failure) {
    guard !patterns.isEmpty else {
      tags = runs.map { _ in nil }
      return
    }
    var sets = runs.map { _ in Set<String>() }
    for pattern in patterns {
      var isKnown = false
      for (index, run) in runs.enumerated() {
        let found = run.metrics(matching: pattern)
        if !found.isEmpty { isKnown = true }
        sets[index].formUnion(found.map(\.tag))
      }
      guard isKnown else { throw Self.unknown(pattern, in: runs) }
    }
    tags = sets
  }

  private static func unknown(_ pattern: String, in runs: [TrainingRun]) -> Failure {
    var known: [String] = []
    for run in runs {
      for metric in run.metrics where !known.contains(metric.tag) { known.append(metric.tag) }
    }
    let nearest = Suggestion.nearest(to: pattern, among: known).map { "; did you mean '\($0)'?" }
    let listed = known.prefix(12).joined(separator: ", ") + (known.count > 12 ? ", …" : "")
    return Failure(
      status: .usage, message: "--metric '\(pattern)' fits no tag\(nearest ?? "; there are \(listed)")")
  }
}
