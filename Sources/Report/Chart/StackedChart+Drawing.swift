extension StackedChart {
  private static let top = 68.0
  private static let gap = 16.0
  private static let labelGap = 10.0

  /// The picture.
  var document: SVGDocument {
    let layout = Layout(self)
    var document = SVGDocument(width: width, height: layout.height, title: title, description: description)
    let textWidth = width - 2 * 16
    document.text(
      TextMeasure.fitted(title, size: Theme.titleSize, width: textWidth, bold: true), x: 16, y: 25,
      size: Theme.titleSize, bold: true)
    document.text(
      TextMeasure.fitted(subtitle, size: Theme.labelSize, width: textWidth), x: 16, y: 43,
      size: Theme.labelSize, paint: .muted)
    document.group("plot") { drawPanels(layout, in: &$0) }
    caption.draw(x: layout.left, y: layout.captionTop, width: width - layout.left - 16, in: &document)
    return document
  }

  private func drawPanels(_ layout: Layout, in document: inout SVGDocument) {
    let xTicks = axis.ticks(.linear(axis.domain, from: layout.left, to: layout.right))
    for (row, frame) in zip(rows, layout.frames) {
      let panel = Panel(frame: frame, x: axis.domain, y: row.domain, yKind: row.kind)
      let ticks = row.ticks(on: panel.y)
      panel.drawGrid(xTicks: xTicks, yTicks: ticks, in: &document)
      panel.drawLeftLabels(ticks, in: &document)
      if let name = row.name {
        let isFlagged = flags.contains { abs(panel.x($0) - frame.left) < 8 } && frame == layout.frames.first
        document.text(name, x: frame.left + (isFlagged ? 10 : 0), y: frame.top - 4, paint: .muted)
      }
    }
    drawRules(layout, in: &document)
    for (row, frame) in zip(rows, layout.frames) {
      row.draw(in: Panel(frame: frame, x: axis.domain, y: row.domain, yKind: row.kind), document: &document)
      drawLabels(row, frame, in: &document)
    }
    drawRuleWords(layout, in: &document)
    if let first = layout.frames.first { drawFlags(first, in: &document) }
    if let last = layout.frames.last, let row = rows.last {
      let panel = Panel(frame: last, x: axis.domain, y: row.domain, yKind: row.kind)
      panel.drawBottomLabels(xTicks, name: axis.name, in: &document)
      if let second = axis.second(panel.x) {
        panel.drawBottomLabels(second.ticks, name: second.name, row: 1, marks: false, in: &document)
      }
    }
  }

  /// Where everything stands.
  struct Layout {
    var left: Double
    var right: Double
    var frames: [Frame] = []
    var captionTop: Double
    var height: Double

    init(_ chart: StackedChart) {
      let tickWidth =
        chart.rows.flatMap { row in
          // The ticks of any scale over this domain are the ticks of the panel.
          row.ticks(
            on: row.kind == .linear
              ? .linear(row.domain, from: 0, to: 1) : .logarithmic(row.domain, from: 0, to: 1))
        }.map { TextMeasure.width($0.label, size: Theme.tickSize) }.max() ?? 0
      let labelWidth =
        chart.rows.flatMap(\.labels).flatMap(\.lines)
        .map { TextMeasure.width($0, size: Theme.labelSize) }.max() ?? 0
      left = max(50, (tickWidth + 22).rounded(.up))
      right = chart.width - max(28, (min(labelWidth, 190) + StackedChart.labelGap + 14).rounded(.up))
      var top = StackedChart.top + (chart.flags.isEmpty ? 0 : 4)
      for (index, row) in chart.rows.enumerated() {
        if index > 0 { top += StackedChart.gap + (row.name == nil ? 0 : 8) }
        frames.append(Frame(left: left, top: top, width: right - left, height: row.height))
        top += row.height
      }
      let hasSecond = chart.axis.second(.linear(chart.axis.domain, from: left, to: right)) != nil
      captionTop = top + (hasSecond ? 46 : 31)
      height = captionTop + chart.caption.height(width: chart.width - left - 16) + 10
    }
  }

  private func drawRules(_ layout: Layout, in document: inout SVGDocument) {
    for (rule, x) in placedRules(layout) {
      for frame in layout.frames {
        document.line(x1: x, y1: frame.top, x2: x, y2: frame.bottom, stroke: rule.paint, dash: "3 3")
      }
    }
  }

  /// The words of the rules in the first panel, below the row that clipped values stand in, each on the side that it
  /// wants where that has the room; words that would touch go a row down, or become fewer, or go: the line stays.
  private func drawRuleWords(_ layout: Layout, in document: inout SVGDocument) {
    guard let frame = layout.frames.first else { return }
    var taken: [(row: Int, range: ClosedRange<Double>)] = []
    for (rule, x) in placedRules(layout) {
      for words in [rule.words, rule.short] where !words.isEmpty {
        let size = TextMeasure.width(words, size: Theme.tickSize) + 8
        let isBefore = rule.isBefore ? x - size > frame.left : x + size > frame.right
        let range = isBefore ? x - size...x : x...x + size
        guard
          let row = (1...2).first(where: { row in
            !taken.contains { $0.row == row && $0.range.overlaps(range) }
          })
        else { continue }
        taken.append((row, range))
        document.text(
          words, x: isBefore ? x - 5 : x + 5, y: frame.top + 12 + Double(row) * 14, paint: rule.paint,
          anchor: isBefore ? .end : .start, halo: true)
        break
      }
    }
  }

  private func placedRules(_ layout: Layout) -> [(Rule, x: Double)] {
    let scale = Scale.linear(axis.domain, from: layout.left, to: layout.right)
    return rules.sorted { $0.place < $1.place }.map { ($0, scale($0.place)) }
      .filter { $0.1 >= layout.left - 0.5 && $0.1 <= layout.right + 0.5 }
  }

  private func drawFlags(_ frame: Frame, in document: inout SVGDocument) {
    let scale = Scale.linear(axis.domain, from: frame.left, to: frame.right)
    var path = PathData()
    for place in flags where axis.domain.contains(place) {
      Marker.down.append(to: &path, x: scale(place), y: frame.top, size: 4)
    }
    Marker.down.draw(path, paint: .muted, in: &document)
  }

  private func drawLabels(_ row: Row, _ frame: Frame, in document: inout SVGDocument) {
    guard !row.labels.isEmpty else { return }
    let panel = Panel(frame: frame, x: axis.domain, y: row.domain, yKind: row.kind)
    let lineHeight = Theme.labelSize + 2
    let lineCount = row.labels.map(\.lines.count).max() ?? 1
    let wanted = row.labels.map { panel.y.clamped($0.value) }
    let half = Double(lineCount) * lineHeight / 2
    let range =
      row.height > 2 * half ? frame.top + half - 4...frame.bottom - half + 4 : frame.top...frame.bottom
    let places = LabelColumn.places(wanted, gap: Double(lineCount) * lineHeight, in: range)
    for (index, label) in row.labels.enumerated() {
      var leader = PathData()
      leader.move(frame.right + 1, wanted[index])
      leader.line(frame.right + Self.labelGap - 3, places[index])
      document.path(leader, stroke: label.paint, lineWidth: 1)
      for (line, words) in label.lines.enumerated() {
        let offset = (Double(line) - Double(label.lines.count - 1) / 2) * lineHeight
        document.text(
          TextMeasure.fitted(words, size: Theme.labelSize, width: width - frame.right - Self.labelGap - 2),
          x: frame.right + Self.labelGap, y: places[index] + offset + 4.2, size: Theme.labelSize,
          paint: label.paint)
      }
    }
  }
}

extension StackedChart.Row {
  /// The ticks of the vertical axis: about `tickCount`, at least two.
  func ticks(on scale: Scale) -> [Tick] {
    let ticks = scale.ticks(tickCount)
    return ticks.count < 2 ? scale.ticks(tickCount + 1) : ticks
  }

  /// Draws everything inside the panel.
  func draw(in panel: Panel, document: inout SVGDocument) {
    for shade in shades { draw(shade, in: panel, document: &document) }
    for band in bands {
      panel.drawBand(x: band.x, lower: band.lower, upper: band.upper, fill: band.paint, in: &document)
    }
    for level in levels where panel.y.contains(level.value) {
      let y = panel.y(level.value)
      document.line(
        x1: panel.frame.left, y1: y, x2: panel.frame.right, y2: y, stroke: level.paint, dash: level.dash)
    }
    var clipped = ClippedMarks(panel, limit: height > 80 ? 8 : 3)
    for line in lines {
      let reduced = panel.reduced(x: line.x, y: line.y, columnWidth: line.columnWidth).broken(at: line.breaks)
      panel.drawLine(
        reduced, stroke: line.paint, lineWidth: reduced.isReduced ? line.width * 0.75 : line.width,
        dash: line.dash, opacity: line.opacity,
        in: &document)
      if line.hasDots {
        panel.drawMarkers(.disc, at: reduced.points, paint: line.paint, size: 2, in: &document)
      }
      if line.marksClipped { clipped.add(reduced) }
      if line.marksGaps { drawGaps(reduced.gaps, in: panel, document: &document) }
    }
    for mark in marks {
      panel.drawMarkers(mark.marker, at: mark.points, paint: mark.paint, size: mark.size, in: &document)
      drawGaps(mark.points.filter { !$0.y.isFinite }.map(\.x), in: panel, document: &document)
    }
    clipped.draw(in: &document)
  }

  private func draw(_ shade: StackedChart.Shade, in panel: Panel, document: inout SVGDocument) {
    let left = panel.x.clamped(shade.range.lowerBound)
    let right = panel.x.clamped(shade.range.upperBound)
    document.rectangle(
      x: left, y: panel.frame.top, width: max(right - left, 1.5), height: panel.frame.height,
      fill: shade.paint,
      opacity: 0.1)
    let size = TextMeasure.width(shade.words, size: Theme.tickSize)
    // In the middle of a wide stretch, which holds no line; else on the foot, after it or before it.
    let isWide = right - left > size + 12
    let fits = isWide || left + 6 + size < panel.frame.right
    document.text(
      shade.words, x: fits ? left + 6 : left - 6,
      y: isWide ? panel.frame.top + panel.frame.height * 0.45 : panel.frame.bottom - 12, paint: shade.paint,
      anchor: fits ? .start : .end, halo: true)
  }

  /// Short strokes on the foot of the panel where values are not finite.
  private func drawGaps(_ places: [Double], in panel: Panel, document: inout SVGDocument) {
    var path = PathData()
    for place in places where panel.x.contains(place) {
      path.move(panel.x(place), panel.frame.bottom - 1)
      path.line(panel.x(place), panel.frame.bottom - 7)
    }
    document.path(path, stroke: .alert, lineWidth: 1.4)
  }
}

/// ▲ on the upper edge of a panel for points above it, ▼ on the lower one for those below, the farthest with values.
struct ClippedMarks {
  private let panel: Panel
  private let limit: Int
  private var above: [ChartPoint] = []
  private var below: [ChartPoint] = []

  /// Marks for a panel; where more than twelve stretches leave it, only the `limit` farthest are marked.
  init(_ panel: Panel, limit: Int) {
    self.panel = panel
    self.limit = limit
  }

  /// Collects the farthest point of each stretch of a line that the panel has no place for.
  mutating func add(_ line: LineReduction) {
    for piece in line.pieces {
      var side = 0
      for point in piece {
        let now = point.y > panel.y.domain.upperBound ? 1 : point.y < panel.y.domain.lowerBound ? -1 : 0
        defer { side = now }
        if now > 0 { Self.add(point, to: &above, goesOn: side == now) { $0 > $1 } }
        if now < 0 { Self.add(point, to: &below, goesOn: side == now) { $0 < $1 } }
      }
    }
  }

  private static func add(
    _ point: ChartPoint, to points: inout [ChartPoint], goesOn: Bool, isFarther: (Double, Double) -> Bool
  ) {
    guard goesOn, let last = points.last else { return points.append(point) }
    if isFarther(point.y, last.y) { points[points.count - 1] = point }
  }

  /// Draws them.
  func draw(in document: inout SVGDocument) {
    draw(above.sorted { ($1.y, $0.x) < ($0.y, $1.x) }, marker: .up, in: &document)
    draw(below.sorted { ($0.y, $0.x) < ($1.y, $1.x) }, marker: .below, in: &document)
  }

  private func draw(_ points: [ChartPoint], marker: Marker, in document: inout SVGDocument) {
    let frame = panel.frame
    let edge = marker == .up ? frame.top + 1 : frame.bottom - 1
    var path = PathData()
    var marked: [Double] = []
    var labelled: [ClosedRange<Double>] = []
    for point in points.count > 12 ? points.prefix(max(limit, 1)) : points[...] {
      let x = panel.x(point.x)
      let isOnLabel = labelled.contains { $0.contains(x - 4) || $0.contains(x + 4) }
      guard !isOnLabel, !marked.contains(where: { abs($0 - x) < 9 }) else { continue }
      marked.append(x)
      marker.append(to: &path, x: x, y: edge, size: 3.6)
      guard labelled.count < limit else { continue }
      let words = TickLabels.minus(NumberText.significant(point.y))
      let size = TextMeasure.width(words, size: Theme.tickSize)
      let isAtEnd = x + 7 + size > frame.right
      let range = isAtEnd ? x - 8 - size...x + 5 : x - 5...x + 9 + size
      guard !labelled.contains(where: { $0.overlaps(range) }) else { continue }
      labelled.append(range)
      document.text(
        words, x: isAtEnd ? x - 7 : x + 7, y: marker == .up ? frame.top + 10 : frame.bottom - 3,
        paint: .warning,
        anchor: isAtEnd ? .end : .start, halo: true)
    }
    marker.draw(path, paint: .warning, in: &document)
  }
}
