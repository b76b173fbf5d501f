internal import Analysis
internal import EventFile

/// The losses of several runs in one picture.
struct OverlayChart {
  /// The most runs that are told apart by colour, dash and label; further ones stand behind them in grey.
  static let labelled = Paint.seriesCount

  private let runs: [RunAnalysis]
  private let names: [String]
  private let title: String
  private let axis: HorizontalScale
  private let look: PictureOptions

  /// The picture of the runs that have a training or evaluation loss; nil where none has.
  ///
  /// `names` are the words for the runs, one each.
  init?(
    _ runs: [RunAnalysis], names: [String], title: String, axis: HorizontalScale,
    look: PictureOptions = PictureOptions()
  ) {
    let kept = zip(runs, names).filter { $0.0.loss != nil || $0.0.evaluation != nil }
    guard !kept.isEmpty else { return nil }
    self.runs = kept.map(\.0)
    self.names = kept.map(\.1)
    self.title = title
    self.axis = axis
    self.look = look
  }

  /// The picture.
  var document: SVGDocument { chart.document }

  /// The panels: training losses, and evaluation losses where there are any.
  var chart: StackedChart {
    let mappings = commonMappings
    let ranks = RunRanking(of: runs).ranks
    var places: [Places] = []
    var training: [Curve] = []
    var evaluation: [Curve] = []
    for (index, run) in runs.enumerated() {
      let look = Look(rank: ranks[index], count: runs.count)
      if let loss = run.loss {
        let all = mappings[index].places(of: loss.series)
        let smoothed = run.smoothed(loss.series)
        let values =
          smoothed.map { Self.ending($0.values, loss.series.values) } ?? loss.series.values
        let x = smoothed.map { all.at($0.indices) } ?? all
        training.append(
          Curve(
            x: x, y: values, name: names[index], value: loss.final?.level ?? values.last ?? .nan, look: look,
            clock: index))
        places.append(x)
      }
      if let series = run.evaluation?.series {
        let x = mappings[index].places(of: series)
        evaluation.append(
          Curve(
            x: x, y: series.values, name: names[index], value: series.values.last ?? .nan, look: look,
            clock: index))
        places.append(x)
      }
    }
    var rows: [StackedChart.Row] = []
    if !training.isEmpty { rows.append(row(training, name: "training loss", height: 300, marked: false)) }
    if !evaluation.isEmpty {
      rows.append(row(evaluation, name: "evaluation loss", height: rows.isEmpty ? 300 : 180, marked: true))
    }
    var chart = StackedChart(
      title: title, subtitle: subtitle(training.count, evaluation.count), description: description(training),
      rows: rows,
      axis: mappings[0].axis(over: HorizontalMapping.domain(of: places)))
    if runs.count > 1 { chart.axis.second = { _ in nil } }
    chart.clocks = runs.map(ReadoutClock.init)
    return look.applied(to: chart)
  }

  /// The picture with its numbers for a page's script, which counts in steps whatever the picture does.
  var illustration: (svg: String, data: String) {
    let chart = chart
    let data =
      chart.axis.quantity == "step" && !chart.axis.isLogarithmic
      ? chart.data()
      : OverlayChart(runs, names: names, title: title, axis: .step, look: look)?.chart.data(seenFirst: chart)
    return (chart.document.text, data ?? "")
  }

  /// Mappings of all runs onto one axis: the wanted one where every run has it, else steps.
  private var commonMappings: [HorizontalMapping] {
    // Moments of different days have no common axis; durations have.
    let wanted = axis.axis == .time && runs.count > 1 ? .relative : axis
    let mappings = runs.map { HorizontalMapping(wanted, for: $0) }
    guard mappings.contains(where: { $0.axis != wanted.axis }) else { return mappings }
    return runs.map { HorizontalMapping(.step, for: $0) }
  }

  /// A line of the overlay.
  private struct Curve {
    var x: Places
    var y: [Double]
    var name: String
    var value: Double
    var look: Look
    var clock: Int
  }

  /// How a run is drawn, by its place in the order of final losses.
  private struct Look {
    let paint: Paint
    let dash: String?
    let isLabelled: Bool

    init(rank: Int, count: Int) {
      isLabelled = rank < OverlayChart.labelled
      paint = isLabelled ? .series(rank) : .quiet
      dash = isLabelled ? Theme.dash(rank) : nil
    }
  }

  private func row(_ curves: [Curve], name: String, height: Double, marked: Bool) -> StackedChart.Row {
    let values = curves.map(\.y)
    let shown = ValueRange.shown(of: values) ?? 0...1
    let isLogarithmic = shown.lowerBound > 0 && shown.upperBound > 10 * shown.lowerBound
    let kind: Scale.Kind = isLogarithmic ? .logarithmic : .linear
    var row = StackedChart.Row(
      height: height, domain: ValueRange.padded(shown, by: 0.05, kind: kind), kind: kind,
      tickCount: height > 200 ? 6 : 4, name: isLogarithmic ? name + ", logarithmic" : name)
    // Grey ones first, and the best last, over all others.
    for curve in curves.filter({ !$0.look.isLabelled }) + curves.filter(\.look.isLabelled).reversed() {
      var line = StackedChart.Line(x: curve.x, y: curve.y, paint: curve.look.paint)
      line.width = curve.look.isLabelled ? 1.6 : 0.9
      line.opacity = curve.look.isLabelled ? 1 : 0.45
      line.dash = curve.look.dash
      line.name = curve.name
      line.clock = curve.clock
      // A picture of hundreds of runs stays small enough to be shown.
      line.columnWidth = curve.look.isLabelled ? 1 : 6
      line.marksClipped = curve.look.isLabelled
      row.lines.append(line)
      let points = zip(curve.x, curve.y).map { ChartPoint(x: $0, y: $1) }.filter(\.y.isFinite)
      if marked, curve.look.isLabelled, points.count <= 40 {
        row.marks.append(
          .init(marker: .ring, points: points, paint: curve.look.paint, size: 2.8, name: curve.name))
      }
    }
    for curve in curves where curve.look.isLabelled {
      // A dot where the line ends, a cross where it goes on without numbers.
      if let index = curve.y.lastIndex(where: \.isFinite) {
        let isEnd = index == curve.y.count - 1
        row.marks.append(
          .init(
            marker: isEnd ? .disc : .cross, points: [.init(x: curve.x[index], y: curve.y[index])],
            paint: isEnd ? curve.look.paint : .alert, size: isEnd ? 2.6 : 3.5, name: curve.name))
      }
      guard let end = curve.y.last(where: \.isFinite) else { continue }
      let isFinite = curve.y.last?.isFinite ?? false
      let value = isFinite ? TickLabels.minus(NumberText.significant(curve.value)) : "NaN"
      row.labels.append(
        .init(
          lines: ["\(curve.name) \(value)"], paint: isFinite ? curve.look.paint : .alert,
          value: isFinite && curve.value.isFinite ? curve.value : end))
    }
    return row
  }

  /// The smoothed values, with the last of the raw ones in the place of their last where that is no number.
  private static func ending(_ smoothed: [Double], _ raw: [Double]) -> [Double] {
    guard let last = raw.last, !last.isFinite else { return smoothed }
    return smoothed + [last]
  }

  private func subtitle(_ training: Int, _ evaluation: Int) -> String {
    var parts = [NumberText.count(runs.count, "run")]
    if training > 0, let smoothing = runs.first?.curveSmoothing {
      parts.append("training losses: \(smoothing.words)")
    }
    if runs.count > Self.labelled { parts.append("the best \(Self.labelled) in colour") }
    return parts.joined(separator: " · ")
  }

  private func description(_ curves: [Curve]) -> String {
    curves.prefix(40).map { "\($0.name): final training loss \(NumberText.significant($0.value))" }
      .joined(separator: ". ")
  }
}
