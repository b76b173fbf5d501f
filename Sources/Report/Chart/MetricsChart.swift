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

  /// The pictures of `metrics`, at most `limit` each; metrics without a finite value are left out.
  static func pages(_ metrics: [Metric], of analysis: RunAnalysis, axis: HorizontalAxis) -> [MetricsChart] {
    let mapping = HorizontalMapping(axis, for: analysis)
    let kept = metrics.filter { $0.series.values.contains(where: \.isFinite) }
    return stride(from: 0, to: kept.count, by: limit).map { start in
      MetricsChart(
        analysis: analysis, metrics: Array(kept[start..<min(start + limit, kept.count)]), mapping: mapping)
    }
  }

  /// The picture.
  var document: SVGDocument {
    let smoothing = analysis.smoothing
    let places = metrics.map { mapping.places(of: $0.series) }
    let rows = zip(metrics, places).enumerated().compactMap { number, entry -> StackedChart.Row? in
      let (metric, x) = entry
      let paint = Paint.series(number)
      guard
        var row = LossChart.strip(
          metric.series, places: x, name: metric.tag, paint: paint, height: 96)
      else { return nil }
      if smoothing.weight > 0, metric.series.count > 20 {
        row.lines[0].opacity = Theme.faint
        row.lines.append(.init(x: x, y: smoothing(metric.series.values), paint: paint, width: 1.5))
      }
      return row
    }
    var chart = StackedChart(
      title: analysis.run.name, subtitle: subtitle, description: description, rows: rows,
      axis: mapping.axis(over: HorizontalMapping.domain(of: places)))
    for seam in analysis.quality.seams {
      chart.rules.append(
        .init(
          place: mapping.place(of: seam.step), words: "resumed at \(NumberText.count(seam.step))",
          paint: .muted))
    }
    return chart.document
  }

  /// The picture in words, for those who cannot see it.
  var words: String { "Courses of " + metrics.map(\.tag).joined(separator: ", ") }

  private var subtitle: String {
    let weight = NumberText.significant(analysis.smoothing.weight, trimmed: true)
    let words = NumberText.count(metrics.count, "metric")
    return analysis.smoothing.weight > 0
      ? words + " · every point faint, smoothed with weight \(weight) over it" : words
  }

  private var description: String {
    metrics.compactMap { metric in
      metric.series.last.map { "\(metric.tag): last \(NumberText.significant($0.value)) at step \($0.step)" }
    }.joined(separator: ". ")
  }
}
