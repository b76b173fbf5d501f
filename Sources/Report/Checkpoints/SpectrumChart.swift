internal import Analysis
internal import Checkpoint
internal import Weights

/// The singular values of ΔW for each type of module: the median over the layers of both checkpoints, and the range of
/// the second.
struct SpectrumChart {
  private let analysis: CheckpointAnalysis
  private let curves: [Curve]
  private let labels: CheckpointLabels

  /// The values of one type of module.
  private struct Curve {
    var name: String
    var before: [Double]
    var after: [Double]
    var range: [(low: Double, high: Double)]
  }

  /// The most types in one picture.
  private static let limit = 16

  /// The chart; nil where there are no singular values.
  init?(_ analysis: CheckpointAnalysis) {
    let groups = Dictionary(grouping: analysis.comparison.modules) { $0.name.stack + "/" + $0.name.type }
    curves = analysis.groups.compactMap { group in
      guard let modules = groups[group.stack + "/" + group.type] else { return nil }
      let after = Self.columns(modules.map(\.singularValues.after))
      let curve = Curve(
        name: group.type, before: Self.columns(modules.map(\.singularValues.before)).map(Self.median),
        after: after.map(Self.median), range: after.map { ($0.min() ?? 0, $0.max() ?? 0) })
      return curve.before.contains { $0 > 0 } || curve.after.contains { $0 > 0 } ? curve : nil
    }
    guard !curves.isEmpty else { return nil }
    self.analysis = analysis
    labels = CheckpointLabels(analysis)
  }

  /// The i-th values of all lists.
  private static func columns(_ lists: [[Double]]) -> [[Double]] {
    let length = lists.map(\.count).max() ?? 0
    return (0..<length).map { index in lists.compactMap { index < $0.count ? $0[index] : nil } }
  }

  private static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    let middle = sorted.count / 2
    guard !sorted.isEmpty else { return 0 }
    return sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
  }

  var title: String { "Singular values of ΔW, median over the layers" }

  var document: SVGDocument {
    let shown = Array(curves.prefix(Self.limit))
    let columns = shown.count > 6 ? 4 : min(3, shown.count)
    let rows = (shown.count + columns - 1) / columns
    let left = 56.0, gap = 18.0, height = 96.0, top = 76.0
    let width = (Theme.width - left - 16 - Double(columns - 1) * gap) / Double(columns)
    let pitch = height + 40
    var document = SVGDocument(
      width: Theme.width, height: top + Double(rows) * pitch + 30, title: title, description: description)
    document.text(title, x: 16, y: 25, size: Theme.titleSize, bold: true)
    let rest = curves.count - shown.count
    document.text(
      "all with the same axes" + (rest > 0 ? "; \(rest) more types in the tables" : ""), x: 16, y: 43,
      size: Theme.labelSize, paint: .muted)
    let values = shown.flatMap { $0.before + $0.after }
    let greatest = values.max() ?? 1
    let floor = greatest * 1e-6
    let least = max(values.filter { $0 > floor }.min() ?? greatest, floor)
    let isLogarithmic = greatest > 10 * least
    let domain = isLogarithmic ? least / 1.3...greatest * 1.3 : 0...greatest * 1.08
    let count = max(2, shown.map { max($0.before.count, $0.after.count) }.max() ?? 2)
    for (number, curve) in shown.enumerated() {
      let column = number % columns
      let frame = Frame(
        left: left + Double(column) * (width + gap), top: top + Double(number / columns) * pitch,
        width: width,
        height: height)
      let panel = Panel(
        frame: frame, x: 1...Double(count), y: domain, yKind: isLogarithmic ? .logarithmic : .linear)
      let yTicks = panel.y.ticks(3)
      panel.drawGrid(yTicks: yTicks, in: &document)
      if column == 0 { panel.drawLeftLabels(yTicks, in: &document) }
      if number + columns >= shown.count {
        panel.drawBottomLabels(panel.x.wholeTicks(4), name: column == 0 ? "i" : "", in: &document)
      }
      document.text(
        TextMeasure.fitted(curve.name, size: Theme.tickSize, width: width), x: frame.left, y: frame.top - 5)
      draw(curve, in: panel, &document)
    }
    var caption = Caption()
    if analysis.comparison.isPair {
      caption.add(.line(.series(0), dash: "4 2"), "\(labels.columns.before): \(labels.before)")
      caption.add(.line(.series(1)), "\(labels.columns.after): \(labels.after)")
      caption.add(.patch(.series(1), opacity: Theme.band), "its range over the layers")
    } else {
      caption.add(.line(.series(1)), "median")
      caption.add(.patch(.series(1), opacity: Theme.band), "range over the layers")
    }
    caption.draw(x: left, y: top + Double(rows) * pitch - 4, width: Theme.width - left - 16, in: &document)
    return document
  }

  private func draw(_ curve: Curve, in panel: Panel, _ document: inout SVGDocument) {
    func y(_ value: Double) -> Double { panel.y.clamped(max(value, panel.y.domain.lowerBound)) }
    func place(_ index: Int) -> Double { panel.x(Double(index + 1)) }
    if curve.range.count > 1 {
      var band = PathData()
      for (index, range) in curve.range.enumerated() {
        if index == 0 {
          band.move(place(index), y(range.high))
        } else {
          band.line(place(index), y(range.high))
        }
      }
      for (index, range) in curve.range.enumerated().reversed() { band.line(place(index), y(range.low)) }
      band.close()
      document.path(band, fill: .series(1), opacity: Theme.band)
    }
    for (values, paint, dash) in [
      (curve.before, Paint.series(0), "4 2" as String?), (curve.after, .series(1), nil),
    ] {
      var line = PathData()
      for (index, value) in values.enumerated() where value > 0 {
        if index == 0 { line.move(place(index), y(value)) } else { line.line(place(index), y(value)) }
      }
      document.path(line, stroke: paint, lineWidth: Theme.line, dash: dash)
      if values.count == 1, let value = values.first, value > 0 {
        document.rectangle(x: place(0) - 2, y: y(value) - 2, width: 4, height: 4, fill: paint)
      }
    }
  }

  private var description: String {
    curves.map { curve in
      let figures = curve.after.prefix(8).map { NumberText.significant($0, digits: 3) }
      return "\(curve.name) \(labels.columns.after): \(figures.joined(separator: ", "))"
    }.joined(separator: "; ")
  }
}
