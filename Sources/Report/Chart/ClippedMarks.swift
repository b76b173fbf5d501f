/// ▲ on the upper edge of a panel for points above it, ▼ on the lower one for those below, the farthest with values.
struct ClippedMarks {
  private let panel: Panel
  private let limit: Int
  private var above: [ChartPoint] = []
  private var below: [ChartPoint] = []

  private static let size = 3.6
  /// How far from its mark a value may stand.
  private static let reach = 150.0

  /// Marks for a panel; where more than twelve stretches leave it, only the `limit` farthest are marked.
  init(_ panel: Panel, limit: Int) {
    self.panel = panel
    self.limit = limit
  }

  /// Whether no point lies outside.
  var isEmpty: Bool { above.isEmpty && below.isEmpty }

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

  /// Draws the marks without values.
  func draw(in document: inout SVGDocument) {
    for marker in [Marker.up, .below] { drawMarks(of: marker, in: &document) }
  }

  /// Draws the marks, and the values of the farthest where `space` has room for them.
  func draw(in document: inout SVGDocument, space: inout LabelSpace) {
    let sides = [Marker.up, .below].map { ($0, drawMarks(of: $0, in: &document)) }
    for (marker, points) in sides {
      for point in points { space.take(markAt: (panel.x(point.x), middle(of: marker)), size: Self.size) }
    }
    for (marker, points) in sides {
      for point in points.prefix(limit) { drawValue(of: point, marker, space: &space, in: &document) }
    }
  }

  /// Draws the marks of one edge, the farthest first and none on another, and returns what they stand for.
  @discardableResult
  private func drawMarks(of marker: Marker, in document: inout SVGDocument) -> [ChartPoint] {
    let points =
      marker == .up
      ? above.sorted { ($1.y, $0.x) < ($0.y, $1.x) } : below.sorted { ($0.y, $0.x) < ($1.y, $1.x) }
    let edge = marker == .up ? panel.frame.top + 1 : panel.frame.bottom - 1
    var path = PathData()
    var marked: [ChartPoint] = []
    for point in points.count > 12 ? points.prefix(max(limit, 1)) : points[...] {
      let x = panel.x(point.x)
      guard !marked.contains(where: { abs(panel.x($0.x) - x) < 9 }) else { continue }
      marked.append(point)
      marker.append(to: &path, x: x, y: edge, size: Self.size)
    }
    marker.draw(path, paint: .warning, in: &document)
    return marked
  }

  private func middle(of marker: Marker) -> Double {
    marker == .up ? panel.frame.top + 4 : panel.frame.bottom - 4
  }

  /// The value of a point beside its mark; where a curve is there, further off or above the panel, with a line to it.
  private func drawValue(
    of point: ChartPoint, _ marker: Marker, space: inout LabelSpace, in document: inout SVGDocument
  ) {
    let text = TickLabels.minus(NumberText.significant(point.y))
    let x = panel.x(point.x)
    let inside = marker == .up ? panel.frame.top + 10 : panel.frame.bottom - 3
    let isFarFrom = { (words: PlacedWords) in abs(words.x - x) > 14 }
    for distance in stride(from: 7, through: Self.reach, by: 3) {
      var candidates = [
        PlacedWords(text: text, x: x + distance, y: inside),
        PlacedWords(text: text, x: x - distance, y: inside, isBefore: true),
      ]
      if marker == .up {
        candidates += [
          PlacedWords(text: text, x: x + distance - 7, y: panel.frame.top - 4),
          PlacedWords(text: text, x: x - distance + 7, y: panel.frame.top - 4, isBefore: true),
        ]
      }
      for words in candidates where space.isFree(words.box) {
        guard isFarFrom(words) else { return place(words) }
        // A line to it may cross a curve, never words.
        let sign = words.isBefore ? -1.0 : 1.0
        let isAbove = words.y < panel.frame.top
        let start = (x: x + sign * (isAbove ? 2 : 6), y: isAbove ? panel.frame.top - 1 : middle(of: marker))
        let end = (x: words.x - sign * 3, y: words.y - 4)
        guard space.crossesNoWords(from: start, to: end) else { continue }
        document.line(
          x1: start.x, y1: start.y, x2: end.x, y2: end.y, stroke: .warning, opacity: 0.7)
        place(words)
        return space.take(from: start, to: end)
      }
    }

    func place(_ words: PlacedWords) {
      space.take(words.box, isOfWords: true)
      words.draw(.warning, in: &document)
    }
  }
}
