internal import Analysis

/// ‖ΔW‖ over all saves of a training, a line for each type of module.
struct TypeNormChart {
  private let history: CheckpointHistory
  private let types: [String]

  /// The most types with a colour and a label; those with the greatest norm at the end have them.
  private static let labelled = Paint.seriesCount

  /// The chart; nil with fewer than three saves whose norms are known.
  init?(_ history: CheckpointHistory) {
    let known = history.entries.filter { !$0.typeNorms.isEmpty }
    guard known.count >= 3, let last = known.last else { return nil }
    self.history = history
    let rest = known.flatMap { $0.typeNorms.map(\.type) }
    var types = last.typeNorms.sorted { ($1.norm, $0.type) < ($0.norm, $1.type) }.map(\.type)
    for type in rest where !types.contains(type) { types.append(type) }
    self.types = types
  }

  var title: String { "‖ΔW‖ over all saves, by type of module" }

  var document: SVGDocument { chart.document }

  private var chart: StackedChart {
    let lines = types.map { type -> (steps: [Double], norms: [Double]) in
      let points = history.entries.compactMap { entry in
        entry.typeNorms.first { $0.type == type }.map { (Double(entry.step), $0.norm) }
      }
      return (points.map(\.0), points.map(\.1))
    }
    let greatest = lines.flatMap(\.norms).filter(\.isFinite).max() ?? 1
    var row = StackedChart.Row(
      height: 300, domain: ValueRange.widened(0...max(greatest * 1.06, 1e-300)), name: "‖ΔW‖")
    for (index, line) in lines.enumerated().reversed() {
      let isLabelled = index < Self.labelled
      var drawn = StackedChart.Line(
        x: line.steps, y: line.norms, paint: isLabelled ? .series(index) : .quiet,
        width: isLabelled ? 1.6 : 0.9,
        dash: isLabelled ? Theme.dash(index) : nil, hasDots: true)
      drawn.opacity = isLabelled ? 1 : 0.5
      row.lines.append(drawn)
      guard isLabelled, let end = line.norms.last(where: \.isFinite) else { continue }
      row.labels.append(
        .init(
          lines: [
            "\(ForeignText.shortened(types[index], to: 40)) \(TickLabels.minus(NumberText.significant(end)))"
          ],
          paint: .series(index), value: end))
    }
    let steps = history.entries.map(\.step)
    let places = Places.steps(steps)
    var subtitle = NumberText.count(history.entries.count, "save")
    if types.count > Self.labelled {
      subtitle += " · the largest \(Self.labelled) of \(types.count) types in colour"
    }
    return StackedChart(
      title: title, subtitle: subtitle, description: description(lines.map(\.norms)), rows: [row],
      axis: .init(domain: HorizontalMapping.domain(of: [places]), name: "step", ticks: { $0.wholeTicks(8) }))
  }

  private func description(_ norms: [[Double]]) -> String {
    zip(types, norms).prefix(40).map { type, norms in
      "\(type): " + norms.prefix(40).map { NumberText.significant($0) }.joined(separator: ", ")
    }.joined(separator: ". ")
  }
}
