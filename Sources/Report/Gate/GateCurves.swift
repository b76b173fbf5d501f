internal import Analysis
internal import Bytes
internal import EventFile
internal import RunFolder

/// What a gate looked at: the run's curve, those of its baselines, the bound, and where they part.
struct GateCurves: Equatable, Sendable {
  /// The figure of the run, where that is the level of the end.
  var level: Double?
  /// The gate's id, and what came of it in a line.
  var id: String, words: String
  /// The tag of the metric.
  var tag: String
  /// The run's name and curve.
  var name: String, run: Series
  /// The baselines' names and curves; of a golden file the levels of its places.
  var baselines: [Baseline]
  /// The figure that may not be passed; nil where the gate is on something else than the curve's height.
  var limit: Double?
  /// The step from which on the curves differ, or at which the finding stands.
  var place: Int64?
  /// Whether the curves are smoothed: not where each point is a measurement of its own.
  var isSmoothed: Bool

  /// A curve that the run's is held against.
  struct Baseline: Equatable, Sendable {
    var name: String
    var series: Series
    /// Its figure, where that is the level of the end.
    var level: Double?
  }

  /// What `result` was about, in runs whose zeros are losses; nil where that is no curve (weights, a metric that is not there).
  init?(_ result: GateResult, words: GateWords, run: TrainingRun, baseline: GateBaseline) {
    guard let check = GateWords.deciding(result).first else { return nil }
    let metric: Metric?
    switch result.gate.subject {
    case .metric:
      metric = run.metric(tagged: check.subject)
      limit = check.limit
    case .finding(_, let pattern), .findings(_, let pattern):
      metric = pattern.flatMap { run.metrics(matching: $0.pattern).first } ?? run.metric(for: .trainLoss)
      limit = nil
    case .weights: return nil
    }
    guard let series = metric?.series, series.values.contains(where: \.isFinite) else { return nil }
    id = result.gate.id
    self.words = "\(id): \(result.status.name); \(words.reason(check))"
    tag = series.tag
    name = run.name
    self.run = series
    place = check.divergingStep ?? check.foundStep
    let isLevel = if case .metric = result.gate.subject { result.gate.statistic == .final } else { false }
    level = isLevel ? check.found : nil
    isSmoothed = MetricRole.evalLoss.rank(of: series.tag) == nil && series.count >= Self.fewestSmoothed
    switch baseline {
    case .none: baselines = []
    case .runs(let runs):
      baselines = runs.prefix(Self.baselineLimit).enumerated().compactMap {
        index, run in
        let level = isLevel && check.baseline.indices.contains(index) ? check.baseline[index] : nil
        return (run.metric(tagged: series.tag) ?? run.metrics(matching: series.tag).first).map {
          Baseline(name: run.name, series: $0.series, level: level)
        }
      }
    case .golden(let golden):
      let curve = golden.metric(named: series.tag)?.curve
      // The mean of its runs; what is held against a number has none of them.
      let level = isLevel && !check.baseline.isEmpty ? check.effect?.base : nil
      baselines =
        curve.map {
          [Baseline(name: "golden file", series: Self.series($0, tag: series.tag), level: level)]
        } ?? []
    }
    baselines.removeAll { !$0.series.values.contains(where: \.isFinite) }
    guard case .runs = baseline else { return }
    let names = ShortNames.suffixes([name] + baselines.map(\.name))
    name = names[0]
    for index in baselines.indices { baselines[index].name = names[index + 1] }
  }

  /// The points below which they say more by themselves.
  static let fewestSmoothed = 40
  /// The most baselines that are drawn.
  static let baselineLimit = 6

  private static func series(_ curve: GoldenCurve, tag: String) -> Series {
    // A place is the mean from its first step up to the next.
    let firsts = curve.places.map(\.firstStep)
    let steps = zip(firsts, firsts.dropFirst()).map { $0 + $1.clampedSubtract($0) / 2 } + firsts.suffix(1)
    return Series(
      tag: tag, steps: steps, wallTimes: steps.map { _ in 0 }, values: curve.places.map(\.level))
  }

  /// The smoothed line of a curve; nil where its points say more.
  private func smoothed(_ series: Series) -> SmoothedCurve? {
    isSmoothed && series.count >= Self.fewestSmoothed ? CurveSmoothing.trend.curve(of: series.values) : nil
  }

  /// The values that the picture has to show, and how.
  private var range: (domain: ClosedRange<Double>, kind: Scale.Kind) {
    let all = [run.values] + baselines.map(\.series.values)
    let shown = ValueRange.shown(of: all, always: [limit].compactMap { $0 }) ?? 0...1
    let kind: Scale.Kind =
      shown.lowerBound > 0 && shown.upperBound > 10 * shown.lowerBound ? .logarithmic : .linear
    return (ValueRange.padded(shown, by: 0.05, kind: kind), kind)
  }

  // MARK: In characters

  /// The run's curve as a line, the first baseline's as points.
  var drawing: TextChart.Drawing {
    let smoothed = smoothed(run)
    let places = Places.steps(run.steps)
    var drawing = TextChart.Drawing(
      mapping: .steps, places: smoothed.map { places.at($0.indices) } ?? places,
      values: smoothed?.values ?? run.values, gaps: TextChart.gaps(run.values, at: places), level: limit,
      kind: range.kind, domain: range.domain,
      words: ["line: \(tag)" + (smoothed == nil ? "" : ", \(CurveSmoothing.trend.words)")])
    if let base = baselines.first {
      let line = self.smoothed(base.series)
      let indices = line?.indices ?? Array(base.series.values.indices)
      let values = line?.values ?? base.series.values
      // As many as stand apart at any width.
      let stride = max(1, (indices.count + 15) / 16)
      drawing.dots = Swift.stride(from: 0, to: indices.count, by: stride).map {
        ChartPoint(x: Double(base.series.steps[indices[$0]]), y: values[$0])
      }
      drawing.words.append("o baseline")
    }
    if limit != nil { drawing.words.append("╌ bound") }
    return drawing
  }

  // MARK: As a picture

  /// The picture.
  var picture: StackedChart {
    let (domain, kind) = range
    var row = StackedChart.Row(
      height: 240, domain: domain, kind: kind, name: kind == .logarithmic ? "\(tag), logarithmic" : tag)
    for (index, base) in baselines.enumerated().reversed() {
      let look = Look(
        name: base.name, paint: .series(index + 1), dash: Theme.dash(index + 1), level: base.level)
      add(base.series, look, to: &row)
    }
    add(run, Look(name: name, paint: .series(0), dash: nil, level: level), to: &row)
    var chart = StackedChart(
      title: "\(id): \(tag)", subtitle: words, description: words, rows: [],
      axis: HorizontalMapping.steps.axis(
        over: HorizontalMapping.domain(of: ([run] + baselines.map(\.series)).map { Places.steps($0.steps) })))
    chart.caption.add(.line(.series(0), dash: nil), name)
    for (index, base) in baselines.enumerated() {
      chart.caption.add(.line(.series(index + 1), dash: Theme.dash(index + 1)), base.name)
    }
    if let limit {
      row.levels.append(.init(value: limit, paint: .alert, dash: "6 3"))
      row.labels.append(
        .init(lines: ["bound \(TickLabels.minus(GateWords.number(limit)))"], paint: .alert, value: limit))
    }
    chart.rows = [row]
    if let place {
      chart.rules.append(.init(place: Double(place), words: "step \(NumberText.count(place))", paint: .muted))
    }
    return chart
  }

  /// How a curve is drawn and called, and the figure that its end stands for; its last value without one.
  private struct Look {
    var name: String
    var paint: Paint
    var dash: String?
    var level: Double?
  }

  private func add(_ series: Series, _ look: Look, to row: inout StackedChart.Row) {
    let places = Places.steps(series.steps)
    let smoothed = smoothed(series)
    var line = StackedChart.Line(
      x: places, y: series.values, paint: look.paint, marksClipped: true, marksGaps: true,
      hasDots: series.count <= 40)
    line.name = look.name
    if smoothed == nil {
      line.width = Theme.strongLine
      line.dash = look.dash
    } else {
      line.width = Theme.hairline
      line.opacity = 0.3
    }
    row.lines.append(line)
    if let smoothed {
      row.lines.append(
        .init(
          x: places.at(smoothed.indices), y: smoothed.values, paint: look.paint, width: Theme.strongLine,
          dash: look.dash, isSmoothed: true))
    }
    guard let end = look.level ?? series.values.last(where: \.isFinite) else { return }
    row.labels.append(
      .init(
        lines: ["\(look.name) \(TickLabels.minus(NumberText.significant(end)))"], paint: look.paint,
        value: end))
  }
}
