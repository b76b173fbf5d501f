public import EventFile
public import RunFolder

/// Scalars that a writer wanted to see together, found among a run's metrics: a category of the plugin
/// `custom_scalars`.
public struct ChartGroup: Equatable, Sendable {
  /// The title that the writer gave it.
  public var title: String
  /// The charts.
  public var charts: [Chart]
  /// How many charts are left out, where there are more than a page has room for.
  public var omittedCount = 0

  /// The most groups, and the most charts of a group.
  static let mostGroups = 24
  static let mostCharts = 24
  /// The most lines of a chart.
  static let mostLines = 64

  /// A chart.
  public struct Chart: Equatable, Sendable {
    /// The title that the writer gave it.
    public var title: String
    /// The tags of its lines, in the order of the run's metrics.
    public var lines: [String] = []
    /// Its lines with a band around each.
    public var margins: [ScalarLayout.Margin] = []
    /// How many lines are left out, where there are more than a chart has room for.
    public var omittedCount = 0
    /// What of it cannot be drawn.
    public var obstacles: [Obstacle] = []

    /// Whether there is nothing to draw.
    public var isEmpty: Bool { lines.isEmpty && margins.isEmpty }
  }

  /// Why a part of a chart cannot be drawn.
  public enum Obstacle: Equatable, Sendable {
    /// No metric's tag begins with what the pattern describes.
    case noTag(pattern: String)
    /// There is no metric of this tag.
    case unknownTag(String)
    /// The pattern is no regular expression, or one that is not followed.
    case badPattern(String, TagPatternError)
  }

  /// The groups of `layouts` with what `metrics` have for them: charts of groups of one title come together, and of charts
  /// of one group and title the last one stands.
  public static func groups(of layouts: [ScalarLayout], metrics: [Metric]) -> [ChartGroup] {
    var groups: [ChartGroup] = []
    for category in layouts.flatMap(\.categories) {
      let charts = category.charts.prefix(mostCharts).map { Chart($0, metrics) }
      let omitted = category.charts.count - charts.count
      if let index = groups.firstIndex(where: { $0.title == category.title }) {
        groups[index].add(charts)
        groups[index].omittedCount += omitted
      } else if groups.count < mostGroups {
        groups.append(ChartGroup(title: category.title, charts: [], omittedCount: omitted))
        groups[groups.count - 1].add(charts)
      }
    }
    return groups.filter { !$0.charts.isEmpty }
  }

  private mutating func add(_ more: [Chart]) {
    for chart in more {
      if let index = charts.firstIndex(where: { $0.title == chart.title }) {
        charts[index] = chart
      } else if charts.count < Self.mostCharts {
        charts.append(chart)
      } else {
        omittedCount += 1
      }
    }
  }
}

extension ChartGroup.Chart {
  fileprivate init(_ chart: ScalarLayout.Chart, _ metrics: [Metric]) {
    title = chart.title
    switch chart.content {
    case .lines(let patterns): addLines(patterns, metrics)
    case .margins(let all):
      let tags = Set(metrics.filter { !$0.series.isEmpty }.map(\.tag))
      for margin in all.prefix(ChartGroup.mostLines) {
        let unknown = [margin.value, margin.lower, margin.upper].filter { !tags.contains($0) }
        if unknown.isEmpty { margins.append(margin) }
        obstacles += unknown.map { .unknownTag($0) }
      }
      omittedCount = max(0, all.count - ChartGroup.mostLines)
    case .none: break
    }
  }

  private mutating func addLines(_ patterns: [String], _ metrics: [Metric]) {
    var wanted: Set<String> = []
    // Each pattern is gone through with every tag: of thousands of both only so many.
    for text in patterns.prefix(ChartGroup.mostLines) {
      do throws(TagPatternError) {
        let pattern = try TagPattern(text)
        let found = metrics.filter { !$0.series.isEmpty && pattern.matches($0.tag) }
        if found.isEmpty { obstacles.append(.noTag(pattern: text)) }
        wanted.formUnion(found.map(\.tag))
      } catch {
        obstacles.append(.badPattern(text, error))
      }
    }
    let tags = metrics.map(\.tag).filter(wanted.contains)
    lines = Array(tags.prefix(ChartGroup.mostLines))
    omittedCount = max(0, tags.count - lines.count) + max(0, patterns.count - ChartGroup.mostLines)
  }
}
