public import EventFile

/// The tags of runs that patterns ask for.
public struct MetricSelection: Equatable, Sendable {
  /// For each run the tags; nil for all.
  public private(set) var tags: [Set<String>?]

  /// A pattern that fits no tag of any run.
  public struct UnknownMetric: Error, Equatable, Sendable, CustomStringConvertible {
    /// The pattern.
    public var pattern: String
    /// The tag that is spelt most like it; nil where none is near.
    public var nearest: String?
    /// All tags, in order of first appearance.
    public var known: [String]

    /// `'x' fits no tag; did you mean 'y'?`
    public var description: String {
      let listed = known.prefix(12).joined(separator: ", ") + (known.count > 12 ? ", …" : "")
      return "'\(pattern)' fits no tag\(nearest.map { "; did you mean '\($0)'?" } ?? "; there are \(listed)")"
    }
  }

  /// The tags of `runs` that any of `patterns` names; all, where there is no pattern.
  ///
  /// - Parameter kinds: the kinds of data beside scalars whose tags are looked at too.
  public init(
    _ patterns: [String], in runs: [TrainingRun], kinds: [PluginKind] = []
  ) throws(UnknownMetric) {
    guard !patterns.isEmpty else {
      tags = runs.map { _ in nil }
      return
    }
    var sets = runs.map { _ in Set<String>() }
    for pattern in patterns {
      var isKnown = false
      for (index, run) in runs.enumerated() {
        let found =
          run.metrics(matching: pattern).map(\.tag)
          + run.values(matching: pattern).filter { $0.kind.map(kinds.contains) ?? false }.map(\.tag)
        if !found.isEmpty { isKnown = true }
        sets[index].formUnion(found)
      }
      guard isKnown else { throw Self.unknown(pattern, in: runs) }
    }
    tags = sets
  }

  private static func unknown(_ pattern: String, in runs: [TrainingRun]) -> UnknownMetric {
    var known: [String] = []
    var seen: Set<String> = []
    for metric in runs.lazy.flatMap(\.metrics) where seen.insert(metric.tag).inserted {
      known.append(metric.tag)
    }
    return UnknownMetric(
      pattern: pattern, nearest: Suggestion.nearest(to: pattern, among: known), known: known)
  }
}
