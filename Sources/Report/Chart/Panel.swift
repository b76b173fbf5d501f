internal import Bytes

/// A rectangle in pixels.
struct Frame: Equatable {
  var left: Double
  var top: Double
  var width: Double
  var height: Double

  /// The right edge.
  var right: Double { left + width }
  /// The lower edge.
  var bottom: Double { top + height }
}

/// A plotting area with its two scales, which draws into a document and never outside its frame.
struct Panel {
  /// Where it is.
  let frame: Frame
  /// The horizontal scale, from the left edge to the right.
  let x: Scale
  /// The vertical scale, from the lower edge upwards.
  let y: Scale

  /// A panel with scales over two domains.
  init(
    frame: Frame, x xDomain: ClosedRange<Double>, y yDomain: ClosedRange<Double>, yKind: Scale.Kind = .linear
  ) {
    self.frame = frame
    x = .linear(xDomain, from: frame.left, to: frame.right)
    y =
      yKind == .linear
      ? .linear(yDomain, from: frame.bottom, to: frame.top)
      : .logarithmic(yDomain, from: frame.bottom, to: frame.top)
  }

  /// A line reduced to this panel's pixel columns.
  func reduced(x: [Double], y: [Double]) -> LineReduction { reduced(x: Places(x), y: y) }

  /// A line reduced to columns of `columnWidth` pixels; no extreme is lost, whatever the width.
  func reduced(x: Places, y: [Double], columnWidth: Double = 1) -> LineReduction {
    LineReduction(
      x: x, y: y, domain: self.x.domain, columns: max(1, Int(clamping: frame.width / columnWidth)))
  }

  // MARK: Axes

  /// Draws a grid line at each tick, and the frame's base line.
  func drawGrid(xTicks: [Tick] = [], yTicks: [Tick] = [], in document: inout SVGDocument) {
    var grid = PathData()
    for tick in yTicks {
      grid.move(frame.left, y(tick.value))
      grid.line(frame.right, y(tick.value))
    }
    for tick in xTicks {
      grid.move(x(tick.value), frame.top)
      grid.line(x(tick.value), frame.bottom)
    }
    document.path(grid, stroke: .grid, lineWidth: Theme.hairline)
    document.line(x1: frame.left, y1: frame.bottom, x2: frame.right, y2: frame.bottom, stroke: .frame)
  }

  /// Draws the labels of the vertical axis to the left of the frame, further off than the greatest mark on it reaches.
  func drawLeftLabels(_ ticks: [Tick], in document: inout SVGDocument) {
    for tick in ticks {
      document.text(tick.label, x: frame.left - 9, y: y(tick.value) + 3.8, paint: .muted, anchor: .end)
    }
  }

  /// Draws tick marks and labels under the frame, `row` lines down, and the axis's name to the left of the row.
  ///
  /// A label that would touch its neighbour is left out.
  func drawBottomLabels(
    _ ticks: [Tick], name: String, row: Int = 0, marks: Bool = true, in document: inout SVGDocument
  ) {
    let baseline = frame.bottom + 17 + Double(row) * 15
    if marks {
      var path = PathData()
      for tick in ticks {
        path.move(x(tick.value), frame.bottom)
        path.line(x(tick.value), frame.bottom + 4)
      }
      document.path(path, stroke: .frame, lineWidth: Theme.hairline)
    }
    var free = -Double.infinity
    for tick in ticks {
      let half = TextMeasure.width(tick.label, size: Theme.tickSize) / 2
      let middle = x(tick.value)
      guard middle - half > free else { continue }
      free = middle + half + 6
      document.text(tick.label, x: middle, y: baseline, paint: .muted, anchor: .middle)
    }
    // The name stands before the first label, and in the margin where that begins further in.
    let first = ticks.first.map { x($0.value) - TextMeasure.width($0.label, size: Theme.tickSize) / 2 }
    document.text(
      name, x: min(frame.left - 7, (first ?? .infinity) - 8), y: baseline, paint: .muted, anchor: .end)
  }

  // MARK: Data

  /// Draws a line, cut off at the frame; pieces of one point become dots.
  func drawLine(
    _ line: LineReduction, stroke: Paint, lineWidth: Double = Theme.line, dash: String? = nil,
    opacity: Double = 1,
    in document: inout SVGDocument
  ) {
    var path = PathData()
    var dots = PathData()
    for piece in line.pieces {
      if piece.count == 1 {
        let place = pixel(piece[0])
        guard place.y.isFinite, frame.top - 0.5...frame.bottom + 0.5 ~= place.y else { continue }
        dots.dot(place.x, place.y)
      } else {
        append(piece, to: &path)
      }
    }
    document.path(path, stroke: stroke, lineWidth: lineWidth, dash: dash, opacity: opacity)
    document.path(dots, stroke: stroke, lineWidth: max(lineWidth * 2.2, 3), opacity: opacity)
  }

  /// Draws a band between two lines with the same `x`; where either is not finite, the band has a gap.
  func drawBand(
    x: [Double], lower: [Double], upper: [Double], fill: Paint, opacity: Double = Theme.band,
    in document: inout SVGDocument
  ) {
    let columns = max(1, Int(clamping: frame.width))
    let low = LineReduction(x: x, y: lower, domain: self.x.domain, columns: columns)
    let high = LineReduction(x: x, y: upper, domain: self.x.domain, columns: columns)
    var path = PathData()
    for (below, above) in zip(low.pieces, high.pieces) where below.count + above.count > 2 {
      for (index, point) in (above + below.reversed()).enumerated() {
        let place = pixel(point)
        let bounded = min(max(place.y, frame.top), frame.bottom)
        if index == 0 { path.move(place.x, bounded) } else { path.line(place.x, bounded) }
      }
      path.close()
    }
    document.path(path, fill: fill, opacity: opacity)
  }

  /// Draws a marker at each point; those outside the frame are left out.
  func drawMarkers(
    _ marker: Marker, at points: [ChartPoint], paint: Paint, size: Double = 4, in document: inout SVGDocument
  ) {
    var path = PathData()
    for point in points {
      let place = pixel(point)
      guard place.y.isFinite, frame.left - 0.5...frame.right + 0.5 ~= place.x,
        frame.top - 0.5...frame.bottom + 0.5 ~= place.y
      else { continue }
      marker.append(to: &path, x: place.x, y: place.y, size: size)
    }
    marker.draw(path, paint: paint, in: &document)
  }

  /// The pixel of a point, whether inside the frame or not; y is NaN where the scale has no place for it.
  func pixel(_ point: ChartPoint) -> (x: Double, y: Double) { (x(point.x), y(point.y)) }

  /// Calls `body` with each straight part of a polyline that lies between the upper and the lower edge.
  func forEachPart(of points: [ChartPoint], _ body: ((x: Double, y: Double), (x: Double, y: Double)) -> Void)
  {
    var last: (x: Double, y: Double)?
    for point in points {
      var place = pixel(point)
      // What a logarithmic axis cannot show lies below its lower edge.
      if place.y.isNaN { place.y = frame.bottom + 1e4 }
      defer { last = place }
      guard let start = last, let part = clipped(from: start, to: place) else { continue }
      body(part.from, part.to)
    }
  }

  private func append(_ points: [ChartPoint], to path: inout PathData) {
    var pen: (x: Double, y: Double)?
    forEachPart(of: points) { from, to in
      if pen?.x != from.x || pen?.y != from.y { path.move(from.x, from.y) }
      path.line(to.x, to.y)
      pen = to
    }
  }

  private func clipped(from start: (x: Double, y: Double), to end: (x: Double, y: Double))
    -> (from: (x: Double, y: Double), to: (x: Double, y: Double))?
  {
    let (top, bottom) = (frame.top, frame.bottom)
    if start.y < top && end.y < top || start.y > bottom && end.y > bottom { return nil }
    return (cut(start, towards: end), cut(end, towards: start))
  }

  private func cut(_ place: (x: Double, y: Double), towards other: (x: Double, y: Double)) -> (
    x: Double, y: Double
  ) {
    let edge = place.y < frame.top ? frame.top : place.y > frame.bottom ? frame.bottom : place.y
    guard edge != place.y, other.y != place.y else { return place }
    let share = (edge - place.y) / (other.y - place.y)
    return (place.x + (other.x - place.x) * share, edge)
  }
}
