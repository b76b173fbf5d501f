internal import Analysis
internal import EventFile

/// Charts that a writer laid out, a panel each over one axis: lines, and lines within their bands.
struct LayoutChart {
  /// The most panels in one picture.
  static let limit = 6

  /// The title of the group.
  let title: String
  private let charts: [ChartGroup.Chart]
  private let analysis: RunAnalysis
  private let mapping: HorizontalMapping

  /// The pictures of `group`, at most `limit` charts each; charts with nothing to draw are left out.
  static func pages(_ group: ChartGroup, of analysis: RunAnalysis, axis: HorizontalScale) -> [LayoutChart] {
    let charts = group.charts.filter { !$0.isEmpty }
    let mapping = HorizontalMapping(axis, for: analysis)
    return stride(from: 0, to: charts.count, by: limit).map { start in
      LayoutChart(
        title: group.title, charts: Array(charts[start..<min(start + limit, charts.count)]),
        analysis: analysis, mapping: mapping)
    }
  }

  /// The picture with its numbers for a page's script, which counts in steps whatever the picture does.
  var illustration: (svg: String, data: String) {
    let chart = chart
    guard !mapping.isOfSteps else { return (chart.document.text, chart.data()) }
    let inSteps = LayoutChart(
      title: title, charts: charts, analysis: analysis, mapping: HorizontalMapping(.step, for: analysis))
    return (chart.document.text, inSteps.chart.data(seenFirst: chart))
  }

  /// The picture in words, for those who cannot see it.
  var words: String {
    "Charts as the writer laid them out: "
      + charts.map { chart in
        let tags = chart.lines + chart.margins.map(\.value)
        return (chart.title.isEmpty ? "" : chart.title + ": ") + tags.joined(separator: ", ")
      }.joined(separator: "; ")
  }

  /// The panels.
  var chart: StackedChart {
    var places: [Places] = []
    let rows = charts.map { row($0, &places) }
    var chart = StackedChart(
      title: title.isEmpty ? "Charts" : title, subtitle: NumberText.count(charts.count, "chart"),
      description: words, rows: rows, axis: mapping.axis(over: HorizontalMapping.domain(of: places)))
    chart.rules = analysis.seamRules(mapping)
    chart.clocks = [ReadoutClock(analysis)]
    return chart
  }

  private func row(_ chart: ChartGroup.Chart, _ places: inout [Places]) -> StackedChart.Row {
    var lines: [(name: String, series: Series, band: (lower: [Double], upper: [Double])?)] = []
    for tag in chart.lines {
      if let metric = analysis.run.metric(tagged: tag) { lines.append((tag, metric.series, nil)) }
    }
    for margin in chart.margins { lines += band(margin).map { [$0] } ?? [] }
    let values = lines.flatMap { [$0.series.values, $0.band?.lower ?? [], $0.band?.upper ?? []] }
    let shown = ValueRange.shown(of: values) ?? 0...1
    var row = StackedChart.Row(
      height: charts.count > 2 ? 140 : 200, domain: ValueRange.padded(shown, by: 0.05), tickCount: 5,
      name: chart.title.isEmpty ? nil : chart.title)
    let names = ShortNames.telling(lines.map(\.name))
    for (index, line) in lines.enumerated() {
      let paint = index < Paint.seriesCount ? Paint.series(index) : .quiet
      let x = mapping.places(of: line.series)
      places.append(x)
      if let band = line.band {
        row.bands.append(.init(x: x.numbers, lower: band.lower, upper: band.upper, paint: paint))
      }
      var drawn = StackedChart.Line(x: x, y: line.series.values, paint: paint)
      drawn.width = line.band == nil ? Theme.line : Theme.strongLine
      drawn.dash = Theme.dash(index)
      drawn.name = line.name
      drawn.marksClipped = true
      drawn.marksGaps = true
      drawn.breaks = analysis.seams.map { mapping.place(of: $0) }
      row.lines.append(drawn)
      guard index < Paint.seriesCount, let last = line.series.values.last(where: \.isFinite) else { continue }
      row.labels.append(.init(lines: [names[index]], paint: paint, value: last))
    }
    return row
  }

  /// The line of `margin` with the edges of its band at the steps that all three have.
  private func band(
    _ margin: ScalarLayout.Margin
  ) -> (name: String, series: Series, band: (lower: [Double], upper: [Double])?)? {
    guard let value = analysis.run.metric(tagged: margin.value)?.series,
      let lower = analysis.run.metric(tagged: margin.lower)?.series,
      let upper = analysis.run.metric(tagged: margin.upper)?.series
    else { return nil }
    let low = Dictionary(lower.map { ($0.step, $0.value) }) { first, _ in first }
    let high = Dictionary(upper.map { ($0.step, $0.value) }) { first, _ in first }
    // Where one edge is missing, so is the band.
    let edges = value.steps.map { step -> (low: Double, high: Double) in
      let pair = (low: low[step] ?? .nan, high: high[step] ?? .nan)
      return pair.low.isFinite && pair.high.isFinite ? pair : (.nan, .nan)
    }
    return (margin.value, value, (edges.map(\.low), edges.map(\.high)))
  }
}
