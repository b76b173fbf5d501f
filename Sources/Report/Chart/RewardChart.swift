internal import Analysis
internal import EventFile
internal import RunFolder

/// The picture of a training on rewards or preferences: what it is judged by over what tells whether to believe it.
struct RewardChart {
  private let analysis: RunAnalysis
  private let metrics: TrainingMetrics
  private let mapping: HorizontalMapping
  /// The panels, which the picture and its numbers share.
  private var rows: [StackedChart.Row] = []
  private let width: Double

  /// The picture of `analysis`; nil where the run trains on neither, or has too little to draw.
  init?(_ analysis: RunAnalysis, axis: HorizontalScale, width: Double = Theme.width) {
    guard [.reinforcement, .preference].contains(analysis.training) else { return nil }
    self.analysis = analysis
    metrics = TrainingMetrics(of: analysis.run)
    mapping = HorizontalMapping(axis, for: analysis)
    self.width = width
    rows = drawnRows
    guard rows.contains(where: { $0.height > 100 }) else { return nil }
  }

  /// The picture.
  var document: SVGDocument { chart.document }

  /// The picture in words, for those who cannot see it.
  var words: String { title + " of the run" }

  /// The picture's numbers for a page's script.
  var data: String {
    mapping.isOfSteps
      ? chart.data() : RewardChart(analysis, axis: .step, width: width)?.chart.data(seenFirst: chart) ?? ""
  }

  private var title: String {
    analysis.training == .preference ? "Rewards of chosen and rejected answers" : "Rewards"
  }

  /// The panels.
  var chart: StackedChart {
    let all = [
      metrics.reward, metrics.divergence, metrics.length, metrics.chosen, metrics.rejected, metrics.margin,
      metrics.accuracy,
    ].compactMap { $0 }
    var chart = StackedChart(
      title: analysis.run.name, subtitle: subtitle(all), description: description(all), rows: rows,
      axis: mapping.axis(over: HorizontalMapping.domain(of: all.map { mapping.places(of: $0.series) })))
    chart.flags = analysis.run.checkpoints.map { mapping.place(of: $0.step) }
    chart.rules = analysis.seamRules(mapping)
    chart.caption.add(.line(.series(0), width: 1, opacity: Theme.faint), "every point")
    chart.caption.add(.line(.series(0)), analysis.curveSmoothing.words)
    if metrics.reward != nil, metrics.rewardSpread != nil {
      chart.caption.add(.patch(.series(0), opacity: Theme.band), "± the standard deviation of rewards")
    }
    if best != nil { chart.caption.add(.marker(.star, .series(0)), "best of what the run is judged by") }
    if !chart.flags.isEmpty { chart.caption.add(.marker(.down, .muted), "checkpoint") }
    chart.clocks = [ReadoutClock(analysis)]
    chart.smoothing = analysis.curveSmoothing.words
    chart.width = width
    return chart
  }

  private var drawnRows: [StackedChart.Row] {
    var rows: [StackedChart.Row] = []
    if analysis.training == .preference {
      let pair = [metrics.chosen, metrics.rejected].compactMap { $0 }
      if let row = row(pair, names: ["chosen", "rejected"], title: "reward", height: 220) {
        rows.append(row)
      }
      if let margin = metrics.margin, let row = row([margin], names: ["margin"], title: "margin", height: 110)
      {
        rows.append(row)
      }
      if let accuracy = metrics.accuracy,
        let row = row([accuracy], names: ["accuracy"], title: "share of pairs ranked right", height: 90)
      {
        rows.append(row)
      }
      return rows
    }
    if let reward = metrics.reward, var row = row([reward], names: ["reward"], title: "reward", height: 220) {
      if let band = band(of: reward.series) {
        row.bands = [band]
        let shown = ValueRange.shown(reward.series.values, always: band.lower + band.upper) ?? row.domain
        row.domain = ValueRange.padded(shown, by: 0.05)
      }
      rows.append(row)
    }
    let strips: [([Metric], String)] = [
      ([metrics.divergence].compactMap { $0 }, "distance from the reference model, nats"),
      ([metrics.length].compactMap { $0 }, "mean length of answers"),
      (metrics.clipRatios, "clipped share"),
    ]
    for (index, strip) in strips.enumerated() {
      let names = strip.0.count > 1 ? ["answers", "updates"] : [strip.1]
      guard let row = row(strip.0, names: names, title: strip.1, height: 70, paint: index + 2) else {
        continue
      }
      rows.append(row)
    }
    return rows
  }

  /// A panel with a line for each metric, every point faint under its trend.
  private func row(
    _ metrics: [Metric], names: [String], title: String, height: Double, paint first: Int = 0
  ) -> StackedChart.Row? {
    guard let shown = ValueRange.shown(of: metrics.map(\.series.values)) else { return nil }
    var row = StackedChart.Row(
      height: height, domain: ValueRange.padded(shown, by: 0.06), tickCount: height > 100 ? 5 : 2, name: title
    )
    for (index, metric) in metrics.enumerated() {
      let paint = Paint.series(first + index)
      let places = mapping.places(of: metric.series)
      let smoothed = analysis.smoothed(metric.series)
      var raw = StackedChart.Line(
        x: places, y: metric.series.values, paint: paint, marksClipped: true, marksGaps: true,
        hasDots: metric.series.count <= 40)
      raw.opacity = smoothed == nil ? 1 : Theme.faint
      raw.name = names[index]
      raw.breaks = analysis.seams.map { mapping.place(of: $0) }
      row.lines.append(raw)
      if let smoothed {
        row.lines.append(
          .init(
            x: places.at(smoothed.indices), y: smoothed.values, paint: paint, width: Theme.strongLine,
            isSmoothed: true))
      }
      if let best, best.tag == metric.tag {
        let star = ChartPoint(x: mapping.place(of: best.point.step), y: best.point.value)
        row.marks.append(.init(marker: .star, points: [star], paint: paint, size: 5, name: names[index]))
      }
      if let level = analysis.level(atEndOf: metric.series) {
        let value = TickLabels.minus(NumberText.significant(level))
        row.labels.append(
          .init(lines: [metrics.count > 1 ? "\(names[index]) \(value)" : value], paint: paint, value: level))
      }
    }
    return row
  }

  /// The best point of the metric that decides.
  private var best: (tag: String, point: Point)? {
    analysis.objective.flatMap { course in course.best.map { (course.objective.tag, $0) } }
  }

  /// The mean plus and minus the standard deviation, where both were written at a step.
  private func band(of reward: Series) -> StackedChart.Band? {
    guard let spread = metrics.rewardSpread?.series else { return nil }
    let deviations = Dictionary(zip(spread.steps, spread.values)) { _, last in last }
    var steps: [Int64] = []
    var (lower, upper): ([Double], [Double]) = ([], [])
    for point in reward {
      guard let deviation = deviations[point.step], deviation.isFinite, point.value.isFinite else { continue }
      steps.append(point.step)
      lower.append(point.value - deviation)
      upper.append(point.value + deviation)
    }
    guard steps.count > 1 else { return nil }
    return .init(x: steps.map { mapping.place(of: $0) }, lower: lower, upper: upper, paint: .series(0))
  }

  private func subtitle(_ metrics: [Metric]) -> String {
    let steps = analysis.extent.steps.map { NumberText.count($0.upperBound) + " steps" }
    let best = best.map {
      "best \(ForeignText.visible($0.tag)) \(NumberText.significant($0.point.value)) at step "
        + NumberText.count($0.point.step)
    }
    return TickLabels.minus([steps, best].compactMap { $0 }.joined(separator: " · "))
  }

  private func description(_ metrics: [Metric]) -> String {
    metrics.compactMap { metric in
      metric.series.last.map { "\(metric.tag): last \(NumberText.significant($0.value)) at step \($0.step)" }
    }.joined(separator: ". ")
  }
}
