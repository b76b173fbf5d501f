internal import Analysis
internal import EventFile
internal import RunFolder

/// Further metrics of a run, one panel each over one axis.
struct MetricsChart {
  /// The most panels in one picture.
  static let limit = 10

  private let analysis: RunAnalysis
  private let metrics: [Metric]
  private let mapping: HorizontalMapping
  private let clock: ReadoutClock
  private let width: Double

  /// The pictures of `metrics`, at most `limit` each; metrics without a finite value are left out.
  static func pages(
    _ metrics: [Metric], of analysis: RunAnalysis, axis: HorizontalScale, width: Double = Theme.width
  ) -> [MetricsChart] {
    let kept = metrics.filter { !isConstant($0) && $0.series.values.contains(where: \.isFinite) }
    guard !kept.isEmpty else { return [] }
    let mapping = HorizontalMapping(axis, for: analysis)
    let clock = ReadoutClock(analysis)
    return stride(from: 0, to: kept.count, by: limit).map { start in
      MetricsChart(
        analysis: analysis, metrics: Array(kept[start..<min(start + limit, kept.count)]), mapping: mapping,
        clock: clock, width: width)
    }
  }

  /// Whether all values of `metric` are one: a sentence says that better than a panel.
  static func isConstant(_ metric: Metric) -> Bool {
    guard metric.series.count > 1, let first = metric.series.values.first, first.isFinite else {
      return false
    }
    return metric.series.values.allSatisfy { $0 == first }
  }

  /// The picture.
  var document: SVGDocument { chart.document }

  /// The picture with its numbers for a page's script, which counts in steps whatever the picture does.
  var illustration: (svg: String, data: String) {
    let chart = chart
    guard !mapping.isOfSteps else { return (chart.document.text, chart.data()) }
    let inSteps = MetricsChart(
      analysis: analysis, metrics: metrics, mapping: HorizontalMapping(.step, for: analysis), clock: clock,
      width: width)
    return (chart.document.text, inSteps.chart.data(seenFirst: chart))
  }

  /// The panels.
  var chart: StackedChart {
    let places = metrics.map { mapping.places(of: $0.series) }
    let rows = zip(metrics, places).enumerated().compactMap { number, entry -> StackedChart.Row? in
      let (metric, x) = entry
      let paint = Paint.series(number)
      guard
        var row = LossChart.strip(
          metric.series, places: x, name: metric.tag, paint: paint, height: 96)
      else { return nil }
      row.lines[0].breaks = analysis.seams.map { mapping.place(of: $0) }
      if !Self.isSchedule(metric), let smoothed = analysis.smoothed(metric.series) {
        row.lines[0].opacity = Theme.faint
        row.lines.append(
          .init(x: x.at(smoothed.indices), y: smoothed.values, paint: paint, width: 1.5, isSmoothed: true))
      }
      return row
    }
    var chart = StackedChart(
      title: analysis.run.name, subtitle: subtitle, description: description, rows: rows,
      axis: mapping.axis(over: HorizontalMapping.domain(of: places)))
    chart.rules = analysis.seamRules(mapping)
    chart.smoothing = analysis.curveSmoothing.words
    chart.clocks = [clock]
    chart.width = width
    return chart
  }

  /// The picture in words, for those who cannot see it.
  var words: String { "Courses of " + metrics.map(\.tag).joined(separator: ", ") }

  /// Whether a metric is set, not measured: it has no noise that could be smoothed.
  private static func isSchedule(_ metric: Metric) -> Bool {
    guard let role = MetricRole.role(of: metric.tag) else { return false }
    return [.learningRate, .epoch, .tokens].contains(role)
  }

  private var subtitle: String {
    let words = NumberText.count(metrics.count, "metric")
    let isSmoothed = metrics.contains { !Self.isSchedule($0) && $0.series.count >= Trend.fewestPoints }
    return isSmoothed ? words + " · every point faint, \(analysis.curveSmoothing.words) over it" : words
  }

  private var description: String {
    metrics.compactMap { metric in
      metric.series.last.map { "\(metric.tag): last \(NumberText.significant($0.value)) at step \($0.step)" }
    }.joined(separator: ". ")
  }
}
