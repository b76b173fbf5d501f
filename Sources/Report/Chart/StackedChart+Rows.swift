extension StackedChart.Row {
  /// The ticks of the vertical axis: about `tickCount`, at least two.
  func ticks(on scale: Scale) -> [Tick] {
    let ticks = scale.ticks(tickCount)
    return ticks.count < 2 ? scale.ticks(tickCount + 1) : ticks
  }

  /// Draws everything inside the panel.
  ///
  /// - Parameters:
  ///   - rules: the upright lines that go through it, which are drawn already.
  ///   - saysRules: whether the words of those stand in this panel.
  ///   - taken: what stands about its upper edge, where words have no place.
  func draw(
    in panel: Panel, rules: [StackedChart.PlacedRule], saysRules: Bool, taken: [Frame],
    document: inout SVGDocument
  ) {
    for shade in shades { drawArea(shade, in: panel, document: &document) }
    for band in bands {
      panel.drawBand(x: band.x, lower: band.lower, upper: band.upper, fill: band.paint, in: &document)
    }
    let levels = levels.filter { panel.y.contains($0.value) }
    for level in levels {
      let y = panel.y(level.value)
      document.line(
        x1: panel.frame.left, y1: y, x2: panel.frame.right, y2: y, stroke: level.paint, dash: level.dash)
    }
    var clipped = ClippedMarks(panel, limit: height > 80 ? 8 : 3)
    var drawn: [LineReduction] = []
    var gaps: [Double] = []
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
      if line.marksGaps { gaps += reduced.gaps }
      drawn.append(reduced)
    }
    for mark in marks {
      panel.drawMarkers(mark.marker, at: mark.points, paint: mark.paint, size: mark.size, in: &document)
      gaps += mark.points.filter { !$0.y.isFinite }.map(\.x)
    }
    drawGaps(gaps, in: panel, document: &document)
    let saysRules = saysRules && !rules.isEmpty
    guard saysRules || !shades.isEmpty || !clipped.isEmpty else { return }
    var space = space(panel, drawn: drawn, gaps: gaps, levels: levels)
    for box in taken { space.take(box, isOfWords: true) }
    for (_, x) in rules { space.take(from: (x, panel.frame.top), to: (x, panel.frame.bottom)) }
    clipped.draw(in: &document, space: &space)
    for shade in shades { drawWords(shade, in: panel, space: &space, document: &document) }
    if saysRules { drawWords(rules, in: panel.frame, space: &space, document: &document) }
  }

  /// The panel and the strip above it, with what was drawn there.
  private func space(_ panel: Panel, drawn: [LineReduction], gaps: [Double], levels: [StackedChart.Level])
    -> LabelSpace
  {
    let frame = panel.frame
    var space = LabelSpace(
      Frame(left: frame.left, top: frame.top - 14, width: frame.width, height: frame.height + 14))
    for (line, reduced) in zip(lines, drawn) {
      for piece in reduced.pieces {
        panel.forEachPart(of: piece) { space.take(from: $0, to: $1) }
        guard piece.count == 1 || line.hasDots else { continue }
        for point in piece { space.take(markAt: panel.pixel(point), size: 2) }
      }
    }
    for mark in marks {
      for point in mark.points where panel.y.contains(point.y) {
        space.take(markAt: panel.pixel(point), size: mark.size * 1.5)
      }
    }
    for place in gaps where panel.x.contains(place) {
      space.take(Frame(left: panel.x(place) - 1, top: frame.bottom - 8, width: 2, height: 8))
    }
    for level in levels {
      let y = panel.y(level.value)
      space.take(from: (frame.left, y), to: (frame.right, y))
    }
    return space
  }

  // MARK: Stretches

  private func drawArea(_ shade: StackedChart.Shade, in panel: Panel, document: inout SVGDocument) {
    let (left, right) = ends(shade, in: panel)
    document.rectangle(
      x: left, y: panel.frame.top, width: max(right - left, 1.5), height: panel.frame.height,
      fill: shade.paint, opacity: 0.1)
  }

  private func ends(_ shade: StackedChart.Shade, in panel: Panel) -> (left: Double, right: Double) {
    (panel.x.clamped(shade.range.lowerBound), panel.x.clamped(shade.range.upperBound))
  }

  /// The words of a stretch: in the middle of a wide one, which holds no line; else on the foot, after it or before it;
  /// where something is there, as near to that as there is room.
  private func drawWords(
    _ shade: StackedChart.Shade, in panel: Panel, space: inout LabelSpace, document: inout SVGDocument
  ) {
    let frame = panel.frame
    let (left, right) = ends(shade, in: panel)
    let isWide = right - left > TextMeasure.width(shade.words, size: Theme.tickSize) + 12
    let wanted = isWide ? frame.top + frame.height * 0.45 : frame.bottom - 12
    let heights = stride(from: frame.top + 12, through: frame.bottom - 5, by: 6)
      .sorted { abs($0 - wanted) < abs($1 - wanted) }
    let candidates = ([wanted] + heights).flatMap { y in
      [
        PlacedWords(text: shade.words, x: left + 6, y: y),
        PlacedWords(text: shade.words, x: left - 6, y: y, isBefore: true),
      ]
    }
    space.placed(candidates)?.draw(shade.paint, in: &document)
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

  // MARK: Rules

  /// The words of the rules, each on the side that it wants where that has room, below the row that clipped values stand
  /// in; where something is there, on the other side, further down, in fewer words, or further off with a line to them.
  /// The rule stays in any case.
  private func drawWords(
    _ rules: [StackedChart.PlacedRule], in frame: Frame, space: inout LabelSpace, document: inout SVGDocument
  ) {
    let rows = Array(stride(from: frame.top + 26, through: frame.bottom - 5, by: 14))
    let (high, low) = (rows.prefix(4), rows.dropFirst(4))
    for (rule, x) in rules {
      func candidates(_ text: String, _ rows: ArraySlice<Double>, _ distance: Double) -> [PlacedWords] {
        guard !text.isEmpty else { return [] }
        return rows.flatMap { y in
          [rule.isBefore, !rule.isBefore].map { isBefore in
            PlacedWords(text: text, x: isBefore ? x - distance : x + distance, y: y, isBefore: isBefore)
          }
        }
      }
      let near =
        candidates(rule.words, high, 5) + candidates(rule.short, high, 5) + candidates(rule.words, low, 5)
        + candidates(rule.short, low, 5)
      let far = stride(from: 14, through: 140, by: 9).flatMap { distance in
        candidates(rule.words, rows[...], distance) + candidates(rule.short, rows[...], distance)
      }
      for words in near + far where space.isFree(words.box) {
        let isFar = abs(words.x - x) > 5
        let (start, end) = (
          (x: x, y: words.y - 4), (x: words.isBefore ? words.x + 3 : words.x - 3, y: words.y - 4)
        )
        guard !isFar || space.crossesNoWords(from: start, to: end) else { continue }
        if isFar {
          document.line(x1: start.x, y1: start.y, x2: end.x, y2: end.y, stroke: rule.paint, opacity: 0.7)
          space.take(from: start, to: end)
        }
        space.take(words.box, isOfWords: true)
        words.draw(rule.paint, in: &document)
        break
      }
    }
  }
}
