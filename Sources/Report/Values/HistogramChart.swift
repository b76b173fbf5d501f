internal import Analysis
internal import EventFile

/// The histograms of one tag over the steps: where the elements lie as bands of their quantiles, and some of the
/// histograms one above another.
struct HistogramChart {
  private let course: HistogramCourse

  /// The chart; nil where no histogram can be drawn.
  init?(_ course: HistogramCourse) {
    guard !course.quantiles.isEmpty else { return nil }
    self.course = course
  }

  var title: String { course.tag }

  private static let top = 62.0
  private static let height = 190.0
  private static let bins = 100

  var document: SVGDocument {
    var document = SVGDocument(
      width: Theme.width, height: Self.top + Self.height + 62, title: title, description: words)
    document.text(
      TextMeasure.fitted(title, size: Theme.titleSize, width: Theme.width - 32, bold: true), x: 16, y: 25,
      size: Theme.titleSize, bold: true)
    let bands = Frame(left: 62, top: Self.top, width: 322, height: Self.height)
    let ridges = Frame(left: 470, top: Self.top, width: 314, height: Self.height)
    document.text("where the elements lie", x: bands.left, y: 48, size: Theme.labelSize, paint: .muted)
    document.text(
      "\(course.ridges.count) of \(NumberText.count(course.steps.count, "histogram")), the last in front",
      x: ridges.left, y: 48, size: Theme.labelSize, paint: .muted)
    drawBands(bands, &document)
    drawRidges(ridges, &document)
    return document
  }

  private func column(_ index: Int) -> [Double] { course.quantiles.map { $0[index] } }

  private func drawBands(_ frame: Frame, _ document: inout SVGDocument) {
    let steps = course.steps.map(Double.init)
    let columns = (0..<5).map(column)
    let values = ValueRange.hull(columns[0], columns[4]) ?? 0...1
    let panel = Panel(
      frame: frame, x: ValueRange.widened((steps.first ?? 0)...(steps.last ?? 0)),
      y: ValueRange.padded(values, by: 0.06))
    let ticks = panel.y.ticks(5)
    panel.drawGrid(yTicks: ticks, in: &document)
    panel.drawLeftLabels(ticks, in: &document)
    panel.drawBottomLabels(panel.x.wholeTicks(5), name: "step", in: &document)
    if steps.count == 1 {
      // One step has no course: its quantiles as marks.
      for (index, column) in columns.enumerated() {
        panel.drawMarkers(
          .disc, at: [ChartPoint(x: steps[0], y: column[0])], paint: index == 2 ? .series(1) : .series(0),
          in: &document)
      }
    } else {
      panel.drawBand(x: steps, lower: columns[0], upper: columns[4], fill: .series(0), in: &document)
      panel.drawBand(
        x: steps, lower: columns[1], upper: columns[3], fill: .series(0), opacity: 0.32, in: &document)
      panel.drawLine(
        panel.reduced(x: steps, y: columns[2]), stroke: .series(1), lineWidth: Theme.strongLine, in: &document
      )
    }
    var caption = Caption()
    caption.add(.line(.series(1)), "median")
    caption.add(.patch(.series(0), opacity: 0.45), "25–75 %")
    caption.add(.patch(.series(0), opacity: Theme.band), "5–95 %")
    caption.draw(x: frame.left, y: frame.bottom + 44, width: frame.width, in: &document)
  }

  private func drawRidges(_ frame: Frame, _ document: inout SVGDocument) {
    let shown = course.ridges
    let quantiles = shown.compactMap { $0.histogram.quantiles([0.005, 0.995]) }
    guard let hull = ValueRange.hull(quantiles.map { $0[0] }, quantiles.map { $0[1] }) else { return }
    let range = ValueRange.padded(hull, by: 0.05)
    let panel = Panel(frame: frame, x: range, y: 0...1)
    panel.drawBottomLabels(panel.x.ticks(4), name: "", in: &document)
    let shares = shown.map { $0.histogram.shares(over: panel.x.domain, count: Self.bins) }
    let most = shares.compactMap { $0.max() }.max() ?? 1
    // The highest ridge reaches the top when it is the first.
    let pitch = shown.count > 1 ? frame.height * 0.72 / Double(shown.count - 1) : 0
    let amplitude = shown.count > 1 ? frame.height * 0.28 : frame.height * 0.9
    let width = frame.width / Double(Self.bins)
    var free = -Double.infinity
    for (index, ridge) in shown.enumerated() {
      let base = shown.count > 1 ? frame.top + amplitude + Double(index) * pitch : frame.bottom
      var outline = PathData()
      var line = PathData()
      outline.move(frame.left, base)
      for bin in 0..<Self.bins {
        let y = base - (most > 0 ? shares[index][bin] / most : 0) * amplitude
        let x = frame.left + (Double(bin) + 0.5) * width
        outline.line(x, y)
        if bin == 0 { line.move(x, y) } else { line.line(x, y) }
      }
      outline.line(frame.right, base)
      outline.close()
      document.path(outline, fill: .background, opacity: 0.85)
      let age = shown.count > 1 ? Double(index) / Double(shown.count - 1) : 1
      document.path(outline, fill: .sequential(share: 0.25 + 0.6 * age), opacity: 0.5)
      document.path(line, stroke: .sequential(share: 0.35 + 0.65 * age), lineWidth: 1)
      guard base - free >= 13 || index == shown.count - 1 else { continue }
      if index == shown.count - 1, base - free < 13 { continue }
      free = base
      document.text(
        NumberText.count(ridge.step), x: frame.left - 7, y: base + 3.8, paint: .muted, anchor: .end)
    }
  }

  /// The first and the last quantiles in words.
  var words: String {
    func part(_ index: Int) -> String {
      let figures = course.quantiles[index].map { NumberText.significant($0, digits: 3) }
      return
        "at step \(NumberText.count(course.steps[index])) 5 % lie below \(figures[0]), half below \(figures[2]), "
        + "95 % below \(figures[4])"
    }
    let last = course.quantiles.count - 1
    return "Histograms of \(course.tag): " + (last == 0 ? part(0) : part(0) + "; " + part(last))
  }
}
