internal import Analysis
internal import RunFolder

/// The curves of groups, each as the mean over its seeds with a band from the lowest to the highest.
struct BandChart {
  private let sweep: SweepAnalysis
  private let words: SweepWords
  private let title: String

  /// The most groups with a colour and a label, and the most of those with a band: more bands hide each other.
  private static let labelled = Paint.seriesCount
  private static let banded = 3

  /// The picture; nil where no group has a curve.
  init?(_ sweep: SweepAnalysis, title: String) {
    guard sweep.curves.contains(where: { $0.contains { $0.means.contains(where: \.isFinite) } }) else {
      return nil
    }
    self.sweep = sweep
    self.title = title
    words = SweepWords(sweep: sweep)
  }

  /// The picture.
  var document: SVGDocument { chart.document }

  private var tags: [String] {
    var tags: [String] = []
    for curve in sweep.curves.joined() where !tags.contains(curve.tag) { tags.append(curve.tag) }
    return Array(tags.prefix(3))
  }

  /// The panels, one for each metric.
  private var chart: StackedChart {
    let rows = tags.enumerated().map { row($1, height: $0 == 0 ? 280 : 200) }
    let places = sweep.curves.joined().map { Places.rising($0.steps) }
    let shown = min(sweep.groups.groups.count, Self.labelled)
    var parts = [words.extent, "mean over seeds"]
    if sweep.groups.groups.count > shown { parts.append("the best \(shown) in colour") }
    var chart = StackedChart(
      title: title, subtitle: parts.joined(separator: " · "), description: description, rows: rows,
      axis: .init(domain: HorizontalMapping.domain(of: places), name: "step", ticks: { $0.wholeTicks(8) }))
    chart.caption.add(.line(.series(0)), "mean over seeds")
    chart.caption.add(
      .patch(.series(0), opacity: Theme.band),
      sweep.groups.groups.count > Self.banded
        ? "from the lowest to the highest (best \(Self.banded))" : "from the lowest to the highest")
    return chart
  }

  private func row(_ tag: String, height: Double) -> StackedChart.Row {
    let curves = sweep.curves.enumerated().compactMap { index, curves in
      curves.first { $0.tag == tag }.map { (index: index, curve: $0) }
    }
    let banded = curves.filter { $0.index < Self.banded }
    let shown =
      ValueRange.shown(
        of: curves.map(\.curve.means) + banded.flatMap { [$0.curve.least, $0.curve.greatest] }) ?? 0...1
    let isLogarithmic = shown.lowerBound > 0 && shown.upperBound > 10 * shown.lowerBound
    let kind: Scale.Kind = isLogarithmic ? .logarithmic : .linear
    let name =
      MetricRole.trainLoss.rank(of: tag) != nil
      ? "training loss"
      : MetricRole.evalLoss.rank(of: tag) != nil ? "evaluation loss" : ForeignText.visible(tag)
    var row = StackedChart.Row(
      height: height, domain: ValueRange.padded(shown, by: 0.05, kind: kind), kind: kind,
      tickCount: height > 250 ? 6 : 4, name: isLogarithmic ? name + ", logarithmic" : name)
    for (index, curve) in banded where curve.counts.contains(where: { $0 > 1 }) {
      row.bands.append(
        .init(
          x: curve.steps.map(Double.init), lower: curve.least, upper: curve.greatest, paint: .series(index)))
    }
    // Grey ones first, and the best last, over all others.
    for (index, curve) in curves.reversed() {
      let isLabelled = index < Self.labelled
      var line = StackedChart.Line(
        x: .rising(curve.steps), y: curve.means, paint: isLabelled ? .series(index) : .quiet)
      line.width = isLabelled ? 1.6 : 0.9
      line.opacity = isLabelled ? 1 : 0.5
      line.dash = isLabelled ? Theme.dash(index) : nil
      line.columnWidth = isLabelled ? 1 : 4
      row.lines.append(line)
      guard isLabelled, let end = curve.means.last(where: \.isFinite) else { continue }
      row.labels.append(
        .init(
          lines: [
            "\(words.label(sweep.groups.groups[index])): \(TickLabels.minus(NumberText.significant(end)))"
          ],
          paint: .series(index), value: end))
    }
    return row
  }

  private var description: String {
    sweep.groups.groups.prefix(40).compactMap { group in
      group.statistics.map { "\(words.label(group)): \(words.figureName) \(words.level($0))" }
    }.joined(separator: ". ")
  }
}
