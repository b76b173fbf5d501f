internal import Analysis
internal import EventFile
internal import RunFolder

/// The picture of a comparison: the losses one over the other, and below them the difference with its band.
struct ComparisonChart {
  private let comparison: RunComparison
  private let pairs:
    [(pair: PairComparison, curve: CurveComparison?, evaluation: CurveComparison?, index: Int)]
  private let names: [String]
  private let look: PictureOptions

  /// The picture; nil where no pair has a loss in common.
  init?(_ comparison: RunComparison, look: PictureOptions = PictureOptions()) {
    self.comparison = comparison
    self.look = look
    // One axis for all: pairs that were aligned by another one than the first stay out of the picture.
    let axis = comparison.pairs.compactMap(\.alignment?.axis).first
    pairs = comparison.pairs.enumerated().compactMap { index, pair in
      guard pair.alignment?.axis == axis, pair.loss != nil || pair.evaluation != nil else { return nil }
      return (pair, pair.loss, pair.evaluation, index + 1)
    }
    guard !pairs.isEmpty else { return nil }
    names = ComparisonWords(comparison).names
  }

  /// The picture.
  var document: SVGDocument { chart.document }

  /// The panels.
  var chart: StackedChart {
    let places = pairs.flatMap { entry in
      [entry.curve, entry.evaluation].compactMap { $0 }.flatMap { curve in
        [Self.ends(of: curve.base, on: curve.baseClock), Self.ends(of: curve.new, on: curve.newClock)]
      }
    }
    let words = ComparisonWords(comparison)
    var chart = StackedChart(
      title: words.title, subtitle: words.description, description: words.description, rows: [lossRow],
      axis: axis(over: HorizontalMapping.domain(of: places)))
    if let row = differenceRow { chart.rows.append(row) }
    if pairs.count == 1, let alignment = pairs[0].pair.alignment {
      if let step = pairs[0].curve?.firstDivergingStep,
        let place = pairs[0].curve?.difference?.places.first(where: { $0.step == step })?.position
      {
        chart.rules.append(.init(place: place, words: "apart from \(NumberText.count(step))", paint: .muted))
      }
      if alignment.baseCoverage < 0.98 || alignment.newCoverage < 0.98 {
        chart.rules.append(
          .init(
            place: alignment.overlap.upperBound, words: "end of the overlap", paint: .muted, isBefore: true))
      }
    }
    chart.caption = caption
    chart.smoothing = smoothing.words
    return look.applied(to: chart)
  }

  /// The places of the first and the last point; those of all others lie between.
  private static func ends(of series: Series, on clock: RunClock) -> [Double] {
    [series.steps.first, series.steps.last].compactMap { $0.map { clock.place(of: $0) } }
  }

  private func axis(over domain: ClosedRange<Double>) -> StackedChart.Axis {
    switch pairs[0].pair.alignment?.axis {
    case .epoch: .init(domain: domain, name: "epoch", ticks: { $0.ticks(8) }, quantity: "epoch")
    case .tokens: .init(domain: domain, name: "tokens", ticks: { $0.wholeTicks(6) }, quantity: "tokens")
    case .time:
      .init(
        domain: domain, name: "time", ticks: { TimeTicks.elapsed($0.domain, count: 8) }, quantity: "time")
    default: .init(domain: domain, name: "step", ticks: { $0.wholeTicks(8) })
    }
  }

  // MARK: Losses

  private var lossRow: StackedChart.Row {
    let curves = pairs.compactMap(\.curve)
    var training = curves.map(\.new.values)
    if let base = curves.first { training.append(base.base.values) }
    let evaluations = pairs.compactMap(\.evaluation).flatMap { $0.new.values + $0.base.values }
    let shown = ValueRange.shown(of: training, always: evaluations) ?? 0...1
    let isLogarithmic = shown.lowerBound > 0 && shown.upperBound > 10 * shown.lowerBound
    let kind: Scale.Kind = isLogarithmic ? .logarithmic : .linear
    var row = StackedChart.Row(
      height: 270, domain: ValueRange.padded(shown, by: 0.05, kind: kind), kind: kind,
      name: isLogarithmic ? "loss, logarithmic" : "loss")
    for entry in pairs.reversed() {
      guard let curve = entry.curve else { continue }
      add(
        curve.new, of: entry.pair.new, on: curve.newClock, level: level(entry.pair)?.new, index: entry.index,
        to: &row)
    }
    if let base = curves.first {
      let end = pairs.compactMap { level($0.pair)?.base }.first
      add(base.base, of: comparison.base, on: base.baseClock, level: end, index: 0, to: &row)
    }
    for entry in pairs {
      guard let curve = entry.evaluation else { continue }
      add(evaluation: curve.new, on: curve.newClock, index: entry.index, to: &row)
      if entry.index == pairs[0].index {
        add(evaluation: curve.base, on: curve.baseClock, index: 0, to: &row)
      }
    }
    return row
  }

  /// The levels of the end that the table has.
  private func level(_ pair: PairComparison) -> (base: Double, new: Double)? {
    let role = MetricRole.trainLoss
    let row = pair.metrics.first { $0.statistic == .final && MetricRole.role(of: $0.tag) == role }
    return row?.effect.map { ($0.base, $0.new) }
  }

  private func add(
    _ series: Series, of run: TrainingRun, on clock: RunClock, level: Double?, index: Int,
    to row: inout StackedChart.Row
  ) {
    let places = Places(series.steps, on: clock)
    let raw = series.values
    let seams = run.seams
    let smoothed = smoothing.curve(of: raw, breaks: series.indices(atOrAfter: seams))
    let paint = paint(index)
    if pairs.count <= 2 || smoothed == nil {
      var line = StackedChart.Line(x: places, y: raw, paint: paint, marksClipped: true, marksGaps: true)
      line.width = smoothed == nil ? Theme.strongLine : 1
      line.opacity = smoothed == nil ? 1 : 0.3
      line.name = names[index]
      line.breaks = seams.map { clock.place(of: $0) }
      row.lines.append(line)
    }
    if let smoothed {
      row.lines.append(
        .init(
          x: places.at(smoothed.indices), y: smoothed.values, paint: paint, width: Theme.strongLine,
          dash: Theme.dash(index), name: pairs.count <= 2 ? nil : names[index], isSmoothed: pairs.count <= 2))
    }
    guard let end = raw.last(where: \.isFinite) else { return }
    let isFinite = raw.last?.isFinite ?? false
    let shown = level ?? smoothed?.values.last(where: \.isFinite) ?? end
    let value = isFinite ? TickLabels.minus(NumberText.significant(shown)) : "NaN"
    row.labels.append(
      .init(
        lines: ["\(names[index]) \(value)"], paint: isFinite ? paint : .alert, value: isFinite ? shown : end))
  }

  private func add(
    evaluation series: Series, on clock: RunClock, index: Int, to row: inout StackedChart.Row
  ) {
    let places = Places(series.steps, on: clock)
    let points = zip(places, series.values).map { ChartPoint(x: $0, y: $1) }
    let name = "\(names[index]), evaluation"
    row.lines.append(
      .init(x: places, y: series.values, paint: paint(index), width: 1.2, dash: "5 3", name: name))
    if points.count <= 40 {
      row.marks.append(.init(marker: .ring, points: points, paint: paint(index), size: 3.4, name: name))
    }
    let best = points.filter(\.y.isFinite).min { $0.y < $1.y }
    if let best {
      row.marks.append(.init(marker: .star, points: [best], paint: paint(index), size: 5, name: name))
    }
  }

  private func paint(_ index: Int) -> Paint { .series(index) }

  // MARK: Difference

  private var differenceRow: StackedChart.Row? {
    let curves = pairs.compactMap { entry in entry.curve?.difference.map { ($0, entry.index) } }
    guard !curves.isEmpty else { return nil }
    let middles = curves.map { $0.0.places.map(\.difference) }
    let edges = curves.flatMap { curve, _ in
      curve.places.suffix(curve.places.count * 9 / 10)
        .flatMap { [$0.difference - $0.halfWidth, $0.difference + $0.halfWidth] }
    }
    guard let hull = ValueRange.shown(of: middles, always: [0] + edges) else { return nil }
    var row = StackedChart.Row(
      height: 120, domain: ValueRange.padded(hull, by: 0.05), tickCount: 4,
      name: "training loss minus \(names[0])")
    row.levels = [.init(value: 0, paint: .ink, dash: nil)]
    for (curve, index) in curves {
      let x = curve.places.map(\.position)
      let y = curve.places.map(\.difference)
      if curves.count <= 3 {
        row.bands.append(
          .init(
            x: x, lower: curve.places.map { $0.difference - $0.halfWidth },
            upper: curve.places.map { $0.difference + $0.halfWidth }, paint: paint(index)))
      }
      var line = StackedChart.Line(x: Places(x), y: y, paint: paint(index), width: 1.6)
      line.dash = Theme.dash(index)
      line.marksClipped = true
      line.name = curves.count == 1 ? "difference" : "\(names[index]), difference"
      row.lines.append(line)
      guard let last = y.last else { continue }
      row.labels.append(
        .init(lines: [TickLabels.minus(NumberText.signed(last, digits: 3))], paint: paint(index), value: last)
      )
    }
    return row
  }

  private var smoothing: CurveSmoothing { CurveSmoothing(weight: comparison.options.smoothing) }

  private var caption: Caption {
    var caption = Caption()
    for index in [0] + pairs.map(\.index) where index < 9 {
      caption.add(.line(paint(index), dash: Theme.dash(index)), names[index])
    }
    if pairs.contains(where: { $0.curve != nil }) {
      let isRawShown = pairs.count <= 2
      if isRawShown { caption.add(.line(.series(0), width: 1, opacity: 0.3), "every point") }
      caption.add(isRawShown ? .line(.series(0)) : .none, smoothing.words)
    }
    if pairs.contains(where: { $0.evaluation != nil }) {
      caption.add(.marker(.ring, .series(0)), "evaluation")
      caption.add(.marker(.star, .series(0)), "best")
    }
    if let curve = pairs.compactMap({ $0.curve?.difference }).first {
      let share = NumberText.significant(100 * curve.confidence, trimmed: true) + " %"
      let how = pairs.contains { $0.pair.pairing.isPaired } ? ", step by step" : ""
      caption.add(.patch(.series(1), opacity: Theme.band), "\(share) interval of the difference\(how)")
    }
    return caption
  }
}
