internal import Analysis
internal import EventFile
internal import RunFolder

/// The picture of one run: its losses over strips of learning rate and gradient norm.
struct LossChart {
  private let analysis: RunAnalysis
  private let mapping: HorizontalMapping

  /// The picture of `analysis`; nil where the run has neither a training nor an evaluation loss.
  init?(_ analysis: RunAnalysis, axis: HorizontalAxis) {
    guard analysis.loss != nil || analysis.evaluation != nil else { return nil }
    self.analysis = analysis
    mapping = HorizontalMapping(axis, for: analysis)
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
    for seam in analysis.quality.seams {
      chart.rules.append(
        .init(
          place: mapping.place(of: seam.step), words: "resumed at \(NumberText.count(seam.step))",
          paint: .muted))
    }
    for finding in analysis.findings where finding.kind == .diverged {
      guard let step = finding.step else { continue }
      chart.rules.append(
        .init(
          place: mapping.place(of: step), words: "diverges at \(NumberText.count(step))", paint: .alert,
          isBefore: true))
    }
    chart.caption = caption(chart)
    return chart
  }

  private func domain(_ lossPlaces: Places?) -> ClosedRange<Double> {
    var places = [lossPlaces, analysis.evaluation.map { mapping.places(of: $0.series) }].compactMap { $0 }
    if let superseded = analysis.loss?.superseded, !superseded.isEmpty {
      places.append(mapping.places(of: superseded))
    }
    return HorizontalMapping.domain(of: places)
  }

  /// Whether the values are no losses any more, only zeros in the place of NaN.
  private var isFiltered: Bool { analysis.isFiltered }

  // MARK: Losses

  private func lossRow(_ places: Places?) -> StackedChart.Row {
    let evaluation = analysis.evaluation
    let values = analysis.loss?.series.values ?? []
    let evaluations = evaluation?.series.values ?? []
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
            hasDots: loss.superseded.count <= 40))
      }
      row.lines += Self.trainLines(loss, places, smoothing: isFiltered ? 0 : analysis.smoothing.weight)
      row.labels += Self.trainLabel(loss, isFiltered: isFiltered)
      row.marks.append(
        .init(marker: .disc, points: spikes(loss.series), paint: .alert, size: 3))
    }
    if let evaluation {
      let points = zip(mapping.places(of: evaluation.series), evaluations).map { ChartPoint(x: $0, y: $1) }
      row.lines.append(
        .init(x: Places(points.map(\.x)), y: evaluations, paint: .series(1), width: 1.4, dash: "5 3"))
      // Rings that would touch say less than the line alone.
      if points.count <= 70 {
        row.marks.append(
          .init(marker: .ring, points: points, paint: .series(1), size: points.count > 40 ? 2.8 : 3.8))
      }
      if let best = evaluation.best {
        row.marks.append(
          .init(
            marker: .star, points: [.init(x: mapping.place(of: best.step), y: best.value)], paint: .series(1),
            size: 5))
      }
      if let last = evaluations.last(where: \.isFinite) {
        row.labels.append(
          .init(
            lines: ["eval \(TickLabels.minus(NumberText.significant(last)))"], paint: .series(1), value: last)
        )
      }
    }
    return row
  }

  /// The raw values, faint, and the smoothed ones over them; the raw ones alone where nothing was smoothed.
  static func trainLines(_ loss: LossAnalysis, _ places: Places, smoothing: Double) -> [StackedChart.Line] {
    let isSmoothed = isSmoothed(loss, smoothing)
    var raw = StackedChart.Line(
      x: places, y: loss.series.values, paint: .series(0), marksClipped: true, marksGaps: true)
    raw.width = isSmoothed ? 1 : Theme.strongLine
    raw.opacity = isSmoothed ? Theme.faint : 1
    raw.hasDots = loss.series.count <= 60
    guard isSmoothed else { return [raw] }
    let smoothed = loss.smoothing.curve(of: loss.series.values)
    return [
      raw,
      .init(
        x: places.at(smoothed.indices), y: smoothed.values, paint: .series(0), width: Theme.strongLine),
    ]
  }

  /// Whether a smoothed line is drawn: a few points are better seen as they are.
  private static func isSmoothed(_ loss: LossAnalysis, _ smoothing: Double) -> Bool {
    smoothing > 0 && loss.series.count >= 8
  }

  /// The label of the training loss: the level of its end, or that it has none.
  static func trainLabel(_ loss: LossAnalysis, isFiltered: Bool) -> [StackedChart.EndLabel] {
    let values = loss.series.values
    let drawn = values.count >= 8 ? loss.smoothing.curve(of: values).values : values
    guard let end = drawn.last(where: \.isFinite), let last = loss.series.values.last else { return [] }
    if isFiltered { return [.init(lines: ["train NaN"], paint: .alert, value: 0)] }
    if !last.isFinite {
      return [.init(lines: ["train \(NumberText.nonFinite(last))"], paint: .alert, value: end)]
    }
    let value = TickLabels.minus(NumberText.significant(loss.final?.level ?? last))
    return [.init(lines: ["train \(value)"], paint: .series(0), value: end)]
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
        hasDots: series.count <= 40)
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
      let weight = NumberText.significant(analysis.smoothing.weight, trimmed: true)
      if Self.isSmoothed(loss, analysis.smoothing.weight), !isFiltered {
        caption.add(.line(.series(0), width: 1, opacity: Theme.faint), "every point")
        caption.add(.line(.series(0)), "smoothed, weight \(weight)")
      } else {
        caption.add(.line(.series(0)), "training loss")
      }
      if !loss.superseded.isEmpty {
        caption.add(.line(.quiet, width: Theme.line, opacity: 0.85), "replaced by the resume")
      }
    }
    if analysis.evaluation != nil { caption.add(.marker(.ring, .series(1)), "evaluation") }
    if analysis.evaluation?.best != nil { caption.add(.marker(.star, .series(1)), "best evaluation") }
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

extension HorizontalMapping {
  /// The axis of a picture.
  func axis(over domain: ClosedRange<Double>) -> StackedChart.Axis {
    .init(
      domain: domain, name: name, ticks: { ticks(on: $0, count: 8) },
      second: { secondTicks(on: $0, count: 8) })
  }

  /// The range of all places, from 0 where the first is near it.
  static func domain(of places: [[Double]]) -> ClosedRange<Double> { domain(of: places.map { Places($0) }) }

  /// The range of all places, from 0 where the first is near it.
  static func domain(of places: [Places]) -> ClosedRange<Double> {
    let hulls = places.compactMap(\.hull)
    guard let least = hulls.map(\.lowerBound).min(), let greatest = hulls.map(\.upperBound).max() else {
      return 0...1
    }
    if least == greatest { return least - 1...greatest + 1 }
    return least > 0 && least <= 0.15 * greatest ? 0...greatest : least...greatest
  }
}

/// The words of a loss picture.
struct LossWords {
  /// The sentence under the title.
  let subtitle: String
  /// The numbers for those who cannot see the picture.
  let description: String

  init(_ analysis: RunAnalysis) {
    var parts: [String] = []
    if let steps = analysis.extent.steps { parts.append("\(NumberText.count(steps.upperBound)) steps") }
    if let filtered = analysis.filtered, let step = filtered.step {
      parts.append("no training loss from step \(NumberText.count(step)) on")
    } else if let final = analysis.loss?.final {
      parts.append("final training loss \(NumberText.interval(final.level, halfWidth: final.halfWidth))")
    } else if let last = analysis.loss?.series.last {
      parts.append("last training loss \(NumberText.significant(last.value))")
    }
    if let best = analysis.evaluation?.best {
      parts.append(
        "best evaluation \(NumberText.significant(best.value)) at step \(NumberText.count(best.step))")
    }
    subtitle = TickLabels.minus(parts.joined(separator: " · "))
    var sentences: [String] = []
    if let loss = analysis.loss, let first = loss.first, let lowest = loss.lowest {
      sentences.append(
        "Training loss (\(loss.tag), \(NumberText.count(loss.series.count, "point"))): "
          + "\(NumberText.significant(first.value)) at step \(first.step), lowest "
          + "\(NumberText.significant(lowest.value)) at step \(lowest.step).")
    }
    if let evaluation = analysis.evaluation {
      sentences.append(
        "Evaluation loss (\(evaluation.tag), \(NumberText.count(evaluation.series.count, "point"))): last "
          + "\(NumberText.significant(evaluation.last.value)) at step \(evaluation.last.step).")
    }
    description = ([parts.joined(separator: ", ")] + sentences).joined(separator: ". ")
  }
}
