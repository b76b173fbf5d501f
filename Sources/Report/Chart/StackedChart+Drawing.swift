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
      drawName(row, frame, isFirst: frame == layout.frames.first, in: &document)
    }
    let rules = placedRules(layout)
    drawRules(rules, layout, in: &document)
    for (row, frame) in zip(rows, layout.frames) {
      let panel = Panel(frame: frame, x: axis.domain, y: row.domain, yKind: row.kind)
      let isFirst = frame == layout.frames.first
      var taken = isFirst ? flags.filter(panel.x.contains).map { Self.flagBox(panel.x($0), frame) } : []
      if let name = nameWords(row, frame, isFirst: isFirst) { taken.append(name.box) }
      row.draw(in: panel, rules: rules, saysRules: isFirst, taken: taken, document: &document)
      drawLabels(row, frame, in: &document)
    }
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

  /// The name of a panel, above its upper left corner, and above the flags that stand there.
  private func nameWords(_ row: Row, _ frame: Frame, isFirst: Bool) -> PlacedWords? {
    guard let name = row.name else { return nil }
    let words = TextMeasure.fitted(name, size: Theme.tickSize, width: width - frame.left - 16)
    let placed = PlacedWords(text: words, x: frame.left, y: frame.top - 4)
    let scale = Scale.linear(axis.domain, from: frame.left, to: frame.right)
    let isFlagged = isFirst && flags.contains { scale($0) - 6 < placed.box.right }
    return isFlagged ? PlacedWords(text: words, x: frame.left, y: frame.top - 9) : placed
  }

  private func drawName(_ row: Row, _ frame: Frame, isFirst: Bool, in document: inout SVGDocument) {
    guard let words = nameWords(row, frame, isFirst: isFirst) else { return }
    document.text(words.text, x: words.x, y: words.y, paint: .muted)
  }

  private func drawRules(_ rules: [PlacedRule], _ layout: Layout, in document: inout SVGDocument) {
    for (rule, x) in rules {
      for frame in layout.frames {
        document.line(x1: x, y1: frame.top, x2: x, y2: frame.bottom, stroke: rule.paint, dash: "3 3")
      }
    }
  }

  /// A rule with its pixel.
  typealias PlacedRule = (rule: Rule, x: Double)

  private func placedRules(_ layout: Layout) -> [PlacedRule] {
    let scale = Scale.linear(axis.domain, from: layout.left, to: layout.right)
    return rules.sorted { $0.place < $1.place }.map { ($0, scale($0.place)) }
      .filter { $0.1 >= layout.left - 0.5 && $0.1 <= layout.right + 0.5 }
  }

  private static func flagBox(_ x: Double, _ frame: Frame) -> Frame {
    Frame(left: x - 4, top: frame.top - 6, width: 8, height: 6)
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
