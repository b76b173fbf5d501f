internal import Analysis
internal import Bytes
internal import EventFile

/// A small picture of each of many runs, all with the same two axes, so that they can be compared at a glance.
struct SmallMultiples {
  /// The most runs in one picture.
  static let limit = 48

  private let runs: [RunAnalysis]
  private let names: [String]
  private let title: String
  private let axis: HorizontalScale
  /// The width of the picture.
  private let wholeWidth: Double

  /// The pictures of `runs`, at most `limit` each, in the given order; runs without any loss are left out.
  static func pages(
    _ runs: [RunAnalysis], names: [String], title: String, axis: HorizontalScale, width: Double = Theme.width
  ) -> [SmallMultiples] {
    let kept = zip(runs, names).filter { $0.0.loss != nil || $0.0.evaluation != nil }
    return stride(from: 0, to: kept.count, by: limit).map { start in
      let page = kept[start..<min(start + limit, kept.count)]
      return SmallMultiples(
        runs: page.map(\.0), names: page.map(\.1), title: title, axis: axis, wholeWidth: width)
    }
  }

  /// As many panels a row as the width has room for.
  private var columns: Int {
    let usual = runs.count > 6 ? 4 : runs.count > 2 ? 3 : 2
    return max(
      1, min(runs.count > 2 ? runs.count : 2, Int(clamping: Double(usual) * wholeWidth / Theme.width)))
  }

  /// The picture.
  var document: SVGDocument {
    let curves = runs.map(curve)
    let shown =
      ValueRange.shown(of: curves.map(\.y), always: []) ?? ValueRange.shown(of: curves.map(\.evaluation))
      ?? 0...1
    let isLogarithmic = shown.lowerBound > 0 && shown.upperBound > 10 * shown.lowerBound
    let kind: Scale.Kind = isLogarithmic ? .logarithmic : .linear
    let yDomain = ValueRange.padded(shown, by: 0.06, kind: kind)
    let xDomain = HorizontalMapping.domain(of: curves.flatMap { [$0.x, $0.evaluationX] })
    let rows = (runs.count + columns - 1) / columns
    let left = 56.0
    let gap = 18.0
    let width = (wholeWidth - left - 16 - Double(columns - 1) * gap) / Double(columns)
    let height = 74.0
    let pitch = height + 34
    let top = 84.0

    var document = SVGDocument(
      width: wholeWidth, height: top + Double(rows) * pitch - 34 + 64, title: title, description: description
    )
    document.text(
      TextMeasure.fitted(title, size: Theme.titleSize, width: wholeWidth - 32, bold: true), x: 16, y: 25,
      size: Theme.titleSize, bold: true)
    document.text(
      "\(NumberText.count(runs.count, "run")), all with the same axes\(isLogarithmic ? ", losses logarithmic" : "")",
      x: 16, y: 43, size: Theme.labelSize, paint: .muted)
    for (index, curve) in curves.enumerated() {
      let column = index % columns
      let frame = Frame(
        left: left + Double(column) * (width + gap), top: top + Double(index / columns) * pitch, width: width,
        height: height)
      let panel = Panel(frame: frame, x: xDomain, y: yDomain, yKind: kind)
      let isLowest = index + columns >= runs.count
      draw(curve, number: index, in: panel, isFirst: column == 0, isLowest: isLowest, document: &document)
    }
    caption.draw(
      x: left, y: top + Double(rows) * pitch - 34 + 36, width: wholeWidth - left - 16, in: &document)
    return document
  }

  /// The columns of one run.
  private struct Curve {
    var x: Places = []
    var y: [Double] = []
    var smoothedX: Places = []
    var smoothed: [Double] = []
    var evaluationX: Places = []
    var evaluation: [Double] = []
    var mapping: HorizontalMapping
  }

  private func curve(_ run: RunAnalysis) -> Curve {
    let mapping = HorizontalMapping(axis.axis == .time ? .relative : axis, for: run)
    var curve = Curve(mapping: mapping)
    if let loss = run.loss {
      curve.x = mapping.places(of: loss.series)
      curve.y = loss.series.values
      if let smoothed = run.smoothed(loss.series) {
        curve.smoothedX = curve.x.at(smoothed.indices)
        curve.smoothed = smoothed.values
      }
    }
    if let series = run.evaluation?.series {
      curve.evaluationX = mapping.places(of: series)
      curve.evaluation = series.values
    }
    return curve
  }

  private func draw(
    _ curve: Curve, number: Int, in panel: Panel, isFirst: Bool, isLowest: Bool, document: inout SVGDocument
  ) {
    let frame = panel.frame
    let xTicks = curve.mapping.ticks(on: panel.x, count: 3)
    let yTicks = panel.y.ticks(3)
    panel.drawGrid(xTicks: xTicks, yTicks: yTicks, in: &document)
    if isFirst { panel.drawLeftLabels(yTicks, in: &document) }
    // A label that would reach over to the next panel is left out.
    let labelled = xTicks.filter {
      panel.x($0.value) + TextMeasure.width($0.label, size: Theme.tickSize) / 2 <= frame.right + 6
    }
    if isLowest { panel.drawBottomLabels(labelled, name: isFirst ? curve.mapping.name : "", in: &document) }
    let raw = panel.reduced(x: curve.x, y: curve.y)
    panel.drawLine(
      raw, stroke: .series(0), lineWidth: 0.8, opacity: curve.smoothed.isEmpty ? 1 : Theme.faint,
      in: &document)
    panel.drawLine(
      panel.reduced(x: curve.smoothedX, y: curve.smoothed), stroke: .series(0), lineWidth: 1.3, in: &document)
    panel.drawLine(
      panel.reduced(x: curve.evaluationX, y: curve.evaluation), stroke: .series(1), lineWidth: 1.2,
      dash: "4 2",
      in: &document)
    var clipped = ClippedMarks(panel, limit: 0)
    clipped.add(raw)
    clipped.draw(in: &document)
    let run = runs[number]
    let value = run.rankingFigure.map { TickLabels.minus(NumberText.significant($0)) } ?? "NaN"
    let isGrave = run.severity == .failure
    let valueWidth = TextMeasure.width(value, size: Theme.tickSize, bold: true) + 6
    document.text(
      value, x: frame.right, y: frame.top - 5, paint: isGrave ? .alert : .ink, anchor: .end, bold: true)
    var nameLeft = frame.left
    if isGrave {
      var path = PathData()
      Marker.cross.append(to: &path, x: frame.left + 4, y: frame.top - 9, size: 3)
      Marker.cross.draw(path, paint: .alert, in: &document)
      nameLeft += 12
    }
    document.text(
      TextMeasure.fitted(names[number], size: Theme.tickSize, width: frame.right - nameLeft - valueWidth),
      x: nameLeft, y: frame.top - 5)
  }

  private var caption: Caption {
    var caption = Caption()
    caption.add(.line(.series(0)), "training loss")
    if runs.contains(where: { $0.evaluation != nil }) {
      caption.add(.line(.series(1), width: 1.2, dash: "4 2"), "evaluation loss")
    }
    caption.add(.none, "number: best evaluation, else final training loss")
    if runs.contains(where: { $0.severity == .failure }) { caption.add(.marker(.cross, .alert), "failed") }
    return caption
  }

  private var description: String {
    zip(names, runs).map { "\($0): \(NumberText.significant($1.rankingFigure ?? .nan))" }.joined(
      separator: ". ")
  }
}
