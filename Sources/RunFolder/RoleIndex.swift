internal import Synchronization

/// Which of a run's metrics measures what: every rule asks for it, and a run can have very many metrics.
final class RoleIndex: Sendable {
  private let places = Mutex<[MetricRole: Int]?>(nil)

  /// The index of the metric with the best of the names for `role`, the first of equals; nil where there is none.
  ///
  /// - Parameter metrics: always the same.
  /// - Complexity: O(1), O(metrics) when it is first asked.
  func place(of role: MetricRole, among metrics: [Metric]) -> Int? {
    places.withLock { places in
      if let known = places { return known[role] }
      let found = Self.places(among: metrics)
      places = found
      return found[role]
    }
  }

  private static func places(among metrics: [Metric]) -> [MetricRole: Int] {
    var best: [MetricRole: (rank: Int, index: Int)] = [:]
    for (index, metric) in metrics.enumerated() where !metric.series.isEmpty {
      let meaning = TagMeaning.of(metric.tag)
      for role in MetricRole.allCases {
        guard let rank = meaning.rank(for: role), best[role].map({ rank < $0.rank }) ?? true else { continue }
        best[role] = (rank, index)
      }
    }
    return best.mapValues(\.index)
  }
}

extension RoleIndex: Equatable {
  /// It follows from the metrics, which are compared.
  static func == (left: RoleIndex, right: RoleIndex) -> Bool { true }
}
