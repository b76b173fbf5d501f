public import EventFile
internal import RunFolder

/// A metric of several runs, reduced to a few figures at each step.
///
/// The columns are those that tensorboard-reducer gives (`mean`, `median`, `min`, `max`, `std` with n − 1), over the runs
/// that have a finite point at the step.
public struct ReducedCurve: Equatable, Sendable {
  /// The tag.
  public var tag: String
  /// The steps, rising: all that any of the runs has.
  public var steps: [Int64] = []
  /// The number of runs with a finite point at each step.
  public var counts: [Int] = []
  /// Their means; NaN where no run has a finite point.
  public var means: [Double] = []
  /// Their medians, likewise.
  public var medians: [Double] = []
  /// The least values, likewise.
  public var least: [Double] = []
  /// The greatest values, likewise.
  public var greatest: [Double] = []
  /// The standard deviations, with n − 1 in the divisor; NaN of fewer than two.
  public var deviations: [Double] = []

  /// The curves of `series` as one. Of a step that a series has twice, its last point counts.
  ///
  /// - Complexity: O(points · log points).
  public init(tag: String, reducing series: [Series]) {
    self.tag = tag
    var points: [(step: Int64, source: Int, order: Int, value: Double)] = []
    points.reserveCapacity(series.reduce(0) { $0 + $1.count })
    for (source, one) in series.enumerated() {
      for index in one.indices { points.append((one.steps[index], source, index, one.values[index])) }
    }
    points.sort { ($0.step, $0.source, $0.order) < ($1.step, $1.source, $1.order) }
    var index = 0
    var figures: [Double] = []
    while index < points.count {
      let step = points[index].step
      figures.removeAll(keepingCapacity: true)
      while index < points.count, points[index].step == step {
        let source = points[index].source
        while index + 1 < points.count, points[index + 1].step == step, points[index + 1].source == source {
          index += 1
        }
        figures.append(points[index].value)
        index += 1
      }
      append(step, SeedStatistics(of: figures))
    }
  }

  private mutating func append(_ step: Int64, _ statistics: SeedStatistics?) {
    steps.append(step)
    counts.append(statistics?.count ?? 0)
    means.append(statistics?.mean ?? .nan)
    medians.append(statistics?.median ?? .nan)
    least.append(statistics?.least ?? .nan)
    greatest.append(statistics?.greatest ?? .nan)
    deviations.append(statistics?.deviation ?? .nan)
  }
}

extension RunGroup {
  /// The metric `tag` of the group's runs, reduced over those that did not fail; nil where none has it.
  public func curve(_ tag: String, of analyses: [RunAnalysis]) -> ReducedCurve? {
    let series = members.filter { !analyses[$0].isLost }.compactMap {
      analyses[$0].run.metric(tagged: tag)?.series
    }
    return series.isEmpty ? nil : ReducedCurve(tag: tag, reducing: series)
  }

  /// The tags of the metrics of the group's runs, in order of first appearance.
  public func tags(of analyses: [RunAnalysis]) -> [String] {
    var seen: Set<String> = []
    return members.flatMap { analyses[$0].run.metrics.map(\.tag) }.filter { seen.insert($0).inserted }
  }
}
