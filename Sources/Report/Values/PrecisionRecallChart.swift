internal import Analysis
internal import EventFile

/// Precision over recall at a few steps of one tag.
struct PrecisionRecallChart {
  private let course: PrecisionRecallCourse

  /// The chart; nil where there is no curve.
  init?(_ course: PrecisionRecallCourse) {
    guard course.curves.contains(where: { !$0.curve.recall.isEmpty }) else { return nil }
    self.course = course
  }

  var title: String { course.tag }

  var document: SVGDocument {
    var document = SVGDocument(width: 480, height: 400, title: title, description: words)
    document.text(
      TextMeasure.fitted(title, size: Theme.titleSize, width: 448, bold: true), x: 16, y: 25,
      size: Theme.titleSize,
      bold: true)
    document.text("precision over recall", x: 16, y: 43, size: Theme.labelSize, paint: .muted)
    let panel = Panel(frame: Frame(left: 52, top: 58, width: 410, height: 270), x: 0...1, y: 0...1)
    let ticks = panel.y.ticks(5)
    panel.drawGrid(yTicks: ticks, in: &document)
    panel.drawLeftLabels(ticks, in: &document)
    panel.drawBottomLabels(panel.x.ticks(5), name: "", in: &document)
    var caption = Caption()
    for (index, entry) in course.curves.enumerated() {
      // A threshold that nothing reaches has neither precision nor recall.
      let points = zip(entry.curve.recall, entry.curve.precision).filter { $0 > 0 || $1 > 0 }
      var path = PathData()
      for (place, point) in points.enumerated() {
        guard point.0.isFinite, point.1.isFinite else { continue }
        let (x, y) = (panel.x(min(max(point.0, 0), 1)), panel.y(min(max(point.1, 0), 1)))
        if place == 0 { path.move(x, y) } else { path.line(x, y) }
      }
      document.path(path, stroke: .series(index), lineWidth: Theme.line, dash: Theme.dash(index))
      caption.add(.line(.series(index), dash: Theme.dash(index)), "step \(NumberText.count(entry.step))")
    }
    caption.draw(x: 52, y: 372, width: 410, in: &document)
    return document
  }

  /// The average precisions in words.
  var words: String {
    let parts = course.curves.map { entry in
      let figure = entry.curve.averagePrecision.map { NumberText.significant($0, digits: 3) } ?? "none"
      return "step \(NumberText.count(entry.step)): \(figure)"
    }
    return "Precision over recall of \(course.tag), average precision at " + parts.joined(separator: "; ")
  }
}
