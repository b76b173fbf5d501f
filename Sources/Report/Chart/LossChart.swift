internal import Analysis
internal import EventFile
internal import RunFolder

/// The picture of one run: its losses over strips of learning rate and gradient norm.
struct LossChart {
  private let analysis: RunAnalysis
  private let mapping: HorizontalMapping
  private let look: PictureOptions

  /// The picture of `analysis`; nil where the run has neither a training nor an evaluation loss.
  init?(_ analysis: RunAnalysis, axis: HorizontalScale, look: PictureOptions = PictureOptions()) {
    guard analysis.loss != nil || analysis.evaluation != nil else { return nil }
    self.analysis = analysis
    mapping = HorizontalMapping(axis, for: analysis)
    self.look = look
  }

  /// The picture.
  var document: SVGDocument { chart.document }

  /// The panels.
  var chart: StackedChart {
    let words = LossWords(analysis)
    let loss = analysis.loss.map { (series: $0.series, x: mapping.places(of: $0.series)) }
    var chart = StackedChart(
      title: analysis.run.name, subtitle: words.subtitle, description: words.description,
      rows: [lossRow(loss?.x)],
      axis: mapping.axis(over: domain(loss?.x)))
    for strip in strips { chart.rows.append(strip) }
    chart.flags = analysis.run.checkpoints.map { mapping.place(of: $0.step) }
    chart.rules = analysis.seamRules(mapping)
    for finding in analysis.findings where finding.kind == .diverged {
      guard let step = finding.step else { continue }
      chart.rules.append(
        .init(
          place: mapping.place(of: step), words: "diverges at \(NumberText.count(step))", paint: .alert,
          isBefore: true))
    }
    chart.caption = caption(chart)
    chart.clocks = [ReadoutClock(analysis)]
    chart.smoothing = analysis.curveSmoothing.words
    return look.applied(to: chart)
  }

  /// The picture with its numbers for a page's script, which counts in steps whatever the picture does.
  var illustration: (svg: String, data: String) {
    let chart = chart
    let data =
      mapping.isOfSteps
      ? chart.data() : LossChart(analysis, axis: .step, look: look)?.chart.data(seenFirst: chart)
    return (chart.document.text, data ?? "")
  }

  private func domain(_ lossPlaces: Places?) -> ClosedRange<Double> {
    var places = [lossPlaces, analysis.evaluation.map { mapping.places(of: $0.series) }].compactMap { $0 }
    if let superseded = analysis.loss?.superseded, !superseded.isEmpty {
      places.append(mapping.places(of: superseded))
    }
    return HorizontalMapping.domain(of: places)
  }

  // MARK: Losses

  private func lossRow(_ places: Places?) -> StackedChart.Row {
    let evaluation = analysis.evaluation
    let values = analysis.loss?.series.values ?? []
    let evaluations = drawnEvaluations.flatMap(\.series.values)
    let hull = analysis.valueRange(of: analysis.loss?.tag)
    let shown = ValueRange.shown(values, always: evaluations, hull: hull) ?? 0...1
    let kind: Scale.Kind =
      ValueRange.wantsLogarithm(values, always: evaluations, hull: hull) && shown.lowerBound > 0
      ? .logarithmic : .linear
    var row = StackedChart.Row(
      height: 270, domain: ValueRange.padded(shown, by: 0.05, kind: kind), kind: kind,
      name: kind == .logarithmic ? "loss, logarithmic" : "loss")
    row.shades = shades
    if let loss = analysis.loss, let places {
      if !loss.superseded.isEmpty {
        row.lines.append(
          .init(
            x: mapping.places(of: loss.superseded), y: loss.superseded.values, paint: .quiet, opacity: 0.85,
            hasDots: loss.superseded.count <= 40, name: "replaced by the resume"))
      }
      row.lines += trainLines(loss, places)
      row.labels += Self.trainLabel(loss)
      row.marks.append(
        .init(marker: .disc, points: spikes(loss.series), paint: .alert, size: 3))
    }
    if let evaluation { add(evaluation, name: evaluationName(evaluation), paint: .series(1), to: &row) }
    for (index, other) in analysis.otherEvaluations.prefix(Paint.seriesCount - 4).enumerated() {
      add(other, name: evaluationName(other), paint: .series(4 + index), to: &row)
    }
    if let course = analysis.objective, let best = course.best,
      let index = drawnEvaluations.firstIndex(where: { $0.tag == course.objective.tag })
    {
      row.marks.append(
        .init(
          marker: .star, points: [.init(x: mapping.place(of: best.step), y: best.value)],
          paint: index == 0 ? .series(1) : .series(3 + index), size: 5,
          name: evaluationName(drawnEvaluations[index])))
    } else if let best = bestEvaluation,
      let value = evaluation?.series.first(where: { $0.step == best.step })?.value
    {
      row.marks.append(
        .init(
          marker: .star, points: [.init(x: mapping.place(of: best.step), y: value)], paint: .series(1),
          size: 5,
          name: evaluation.map(evaluationName)))
    }
    return row
  }

  /// The sets whose losses have a line.
  private var drawnEvaluations: [EvaluationAnalysis] {
    [analysis.evaluation].compactMap { $0 } + analysis.otherEvaluations.prefix(Paint.seriesCount - 4)
  }

  /// The best evaluation by what the run is judged by; nil where no evaluation decides.
  private var bestEvaluation: Point? {
    guard let course = analysis.objective, course.isOfEvaluations else { return nil }
    return course.best
  }

  private func evaluationName(_ evaluation: EvaluationAnalysis) -> String {
    guard !analysis.otherEvaluations.isEmpty else { return "evaluation" }
    return "eval " + ForeignText.shortened(ForeignText.visible(evaluation.setName ?? evaluation.tag), to: 24)
  }

  private func add(
    _ evaluation: EvaluationAnalysis, name: String, paint: Paint, to row: inout StackedChart.Row
  ) {
    let values = evaluation.series.values
    let points = zip(mapping.places(of: evaluation.series), values).map { ChartPoint(x: $0, y: $1) }
    var line = StackedChart.Line(x: Places(points.map(\.x)), y: values, paint: paint, width: 1.4, dash: "5 3")
    line.name = name
    row.lines.append(line)
    // Rings that would touch say less than the line alone.
    if points.count <= 70 {
      row.marks.append(
        .init(marker: .ring, points: points, paint: paint, size: points.count > 40 ? 2.8 : 3.8, name: name))
    }
    guard let last = values.last(where: \.isFinite) else { return }
    let label = analysis.otherEvaluations.isEmpty ? "eval" : name
    row.labels.append(
      .init(lines: ["\(label) \(TickLabels.minus(NumberText.significant(last)))"], paint: paint, value: last))
  }

  /// The raw values, faint, and the smoothed ones over them; the raw ones alone where nothing was smoothed.
  private func trainLines(_ loss: LossAnalysis, _ places: Places) -> [StackedChart.Line] {
    let smoothed = analysis.smoothed(loss.series)
    var raw = StackedChart.Line(
      x: places, y: loss.series.values, paint: .series(0), marksClipped: true, marksGaps: true)
    raw.width = smoothed == nil ? Theme.strongLine : 1
    raw.opacity = smoothed == nil ? 1 : Theme.faint
    raw.hasDots = loss.series.count <= 60
    raw.name = "training loss"
    raw.breaks = analysis.seams.map { mapping.place(of: $0) }
    guard let smoothed else { return [raw] }
    return [
      raw,
      .init(
        x: places.at(smoothed.indices), y: smoothed.values, paint: .series(0), width: Theme.strongLine,
        isSmoothed: true),
    ]
  }

  /// The label of the training loss: the level of its end, at the height of that level, or that it has none.
  static func trainLabel(_ loss: LossAnalysis) -> [StackedChart.EndLabel] {
    guard let end = loss.series.values.last(where: \.isFinite), let last = loss.series.values.last else {
      return []
    }
    if !last.isFinite {
      return [.init(lines: ["train \(NumberText.nonFinite(last))"], paint: .alert, value: end)]
    }
    let level = loss.final?.level ?? last
    let value = TickLabels.minus(NumberText.significant(level))
    return [.init(lines: ["train \(value)"], paint: .series(0), value: level)]
  }

  private func spikes(_ series: Series) -> [ChartPoint] {
    analysis.findings.compactMap { finding in
      guard finding.kind == .spike, let step = finding.step, let value = finding.value else { return nil }
      return ChartPoint(x: mapping.place(of: step), y: value)
    }
  }

  /// The stretches in which the losses are not what they should be.
  private var shades: [StackedChart.Shade] {
    analysis.findings.compactMap { finding in
      guard finding.metric == analysis.loss?.tag || finding.metric == analysis.evaluation?.tag,
        let step = finding.step
      else { return nil }
      let end = mapping.place(of: finding.lastStep ?? step)
      let start = min(mapping.place(of: step), end)
      guard start.isFinite, end.isFinite else { return nil }
      let at = NumberText.count(step)
      switch finding.kind {
      case .filteredNaN:
        return .init(range: start...end, words: "NaN, logged as 0.0, from \(at)", paint: .alert)
      case .nonFinite where finding.metric == analysis.loss?.tag:
        let what = finding.value.map(NumberText.nonFinite) ?? "NaN"
        return .init(
          range: start...end, words: finding.count > 1 ? "\(what) from \(at)" : "\(what) at \(at)",
          paint: .alert)
      case .deadRun: return .init(range: start...end, words: "no gradient from \(at)", paint: .alert)
      default: return nil
      }
    }
  }

  // MARK: Strips

  private var strips: [StackedChart.Row] {
    [(MetricRole.learningRate, "learning rate", 2), (.gradientNorm, "gradient norm", 3)].compactMap {
      role, name, paint in
      guard let series = analysis.run.metric(for: role)?.series, series.count > 1 else { return nil }
      return Self.strip(
        series, places: mapping.places(of: series), name: name, paint: .series(paint), height: 46,
        hull: analysis.valueRange(of: series.tag))
    }
  }

  /// A low panel with one line.
  static func strip(
    _ series: Series, places: Places, name: String, paint: Paint, height: Double,
    hull: ClosedRange<Double>? = nil
  ) -> StackedChart.Row? {
    guard let shown = ValueRange.shown(series.values, hull: hull) else { return nil }
    let domain = ValueRange.padded(
      shown.lowerBound > 0 && shown.lowerBound < shown.upperBound * 0.3
        ? 0...shown.upperBound : shown, by: shown.lowerBound == 0 ? 0.03 : 0.06)
    var row = StackedChart.Row(height: height, domain: domain, tickCount: height > 80 ? 4 : 2, name: name)
    row.lines = [
      .init(
        x: places, y: series.values, paint: paint, marksClipped: true, marksGaps: true,
        hasDots: series.count <= 40, name: name)
    ]
    if let last = series.values.last(where: \.isFinite) {
      row.labels = [
        .init(
          lines: [TickLabels.minus(NumberText.significant(last, trimmed: true))], paint: paint, value: last)
      ]
    }
    return row
  }

  // MARK: Key

  private func caption(_ chart: StackedChart) -> Caption {
    var caption = Caption()
    if let loss = analysis.loss {
      if chart.rows.first?.lines.contains(where: \.isSmoothed) == true {
        caption.add(.line(.series(0), width: 1, opacity: Theme.faint), "every point")
        caption.add(.line(.series(0)), analysis.curveSmoothing.words)
      } else {
        caption.add(.line(.series(0)), "training loss")
      }
      if !loss.superseded.isEmpty {
        caption.add(.line(.quiet, width: Theme.line, opacity: 0.85), "replaced by the resume")
      }
    }
    if analysis.evaluation != nil { caption.add(.marker(.ring, .series(1)), "evaluation") }
    if chart.rows.first?.marks.contains(where: { $0.marker == .star }) == true {
      let tag = analysis.objective?.objective.tag
      let isLoss = tag == nil || drawnEvaluations.contains { $0.tag == tag }
      caption.add(
        .marker(.star, .series(1)),
        isLoss
          ? "best evaluation" : "best by \(ForeignText.shortened(ForeignText.visible(tag ?? ""), to: 30))")
    }
    if !chart.flags.isEmpty { caption.add(.marker(.down, .muted), "checkpoint") }
    if analysis.findings.contains(where: { $0.kind == .spike }) {
      caption.add(.marker(.disc, .alert), "spike")
    }
    if let domain = chart.rows.first?.domain, let hull = analysis.valueRange(of: analysis.loss?.tag),
      hull.upperBound > domain.upperBound || hull.lowerBound < domain.lowerBound
    {
      caption.add(.marker(.up, .warning), "beyond the axis")
    }
    let strips = [MetricRole.learningRate, .gradientNorm].map { analysis.run.metric(for: $0)?.tag }
    let drawn = ([analysis.loss?.tag, analysis.evaluation?.tag] + strips).compactMap { $0 }
    if analysis.metrics.contains(where: { drawn.contains($0.tag) && $0.nonFiniteCount > 0 }) {
      caption.add(.rule(.alert), "NaN or infinite")
    }
    return caption
  }
}
