internal import Bytes

/// What of a panel is taken by lines, marks and words, so that further words find a place where nothing is.
///
/// The panel is cut into cells of two pixels: as exact as words need, and cheap enough for lines of thousands of points.
struct LabelSpace {
  /// Where words may stand.
  let region: Frame

  private static let cell = 2.0
  /// What has to be free around words.
  private static let rim = 1.5
  private let columns: Int
  private let rows: Int
  private var isTaken: [Bool]
  private var words: [Frame] = []

  /// A region of which nothing is taken.
  init(_ region: Frame) {
    self.region = region
    columns = max(0, Int(clamping: (region.width / Self.cell).rounded(.up)))
    rows = max(0, Int(clamping: (region.height / Self.cell).rounded(.up)))
    isTaken = Array(repeating: false, count: columns * rows)
  }

  /// Whether `box` lies within the region and nothing in it is taken.
  ///
  /// - Complexity: O(area of the box).
  func isFree(_ box: Frame) -> Bool {
    guard box.left >= region.left, box.right <= region.right, box.top >= region.top,
      box.bottom <= region.bottom,
      let (across, down) = cells(
        box.left - Self.rim...box.right + Self.rim, box.top - Self.rim...box.bottom + Self.rim)
    else { return false }
    return across.allSatisfy { column in down.allSatisfy { !isTaken[column * rows + $0] } }
  }

  /// Whether a straight line leads past all words.
  func crossesNoWords(from start: (x: Double, y: Double), to end: (x: Double, y: Double)) -> Bool {
    let (left, right) = (min(start.x, end.x), max(start.x, end.x))
    let (top, bottom) = (min(start.y, end.y), max(start.y, end.y))
    return !words.contains {
      $0.left - Self.rim < right && $0.right + Self.rim > left && $0.top - Self.rim < bottom
        && $0.bottom + Self.rim > top
    }
  }

  /// Takes a rectangle.
  mutating func take(_ box: Frame, isOfWords: Bool = false) {
    if isOfWords { words.append(box) }
    take(box.left...max(box.right, box.left), box.top...max(box.bottom, box.top))
  }

  /// Takes the square about a mark.
  mutating func take(markAt place: (x: Double, y: Double), size: Double) {
    take(Frame(left: place.x - size, top: place.y - size, width: 2 * size, height: 2 * size))
  }

  /// Takes a straight line.
  ///
  /// - Complexity: O(cells that it crosses).
  mutating func take(from start: (x: Double, y: Double), to end: (x: Double, y: Double)) {
    guard start.x.isFinite, start.y.isFinite, end.x.isFinite, end.y.isFinite else { return }
    let (first, last) = start.x <= end.x ? (start, end) : (end, start)
    let slope = last.x > first.x ? (last.y - first.y) / (last.x - first.x) : 0
    guard slope != 0, let (across, _) = cells(first.x...last.x, region.top...region.bottom) else {
      return take(first.x...last.x, min(first.y, last.y)...max(first.y, last.y))
    }
    for column in across {
      let left = max(first.x, region.left + Double(column) * Self.cell)
      let right = min(last.x, region.left + Double(column + 1) * Self.cell)
      guard left <= right else { continue }
      let heights = (first.y + (left - first.x) * slope, first.y + (right - first.x) * slope)
      take(left...right, min(heights.0, heights.1)...max(heights.0, heights.1))
    }
  }

  private mutating func take(_ across: ClosedRange<Double>, _ down: ClosedRange<Double>) {
    guard let (across, down) = cells(across, down) else { return }
    for column in across { for row in down { isTaken[column * rows + row] = true } }
  }

  /// The cells that two stretches of pixels reach into; nil where those lie outside.
  private func cells(_ across: ClosedRange<Double>, _ down: ClosedRange<Double>)
    -> (across: ClosedRange<Int>, down: ClosedRange<Int>)?
  {
    func cells(_ range: ClosedRange<Double>, from start: Double, count: Int) -> ClosedRange<Int>? {
      let first = Int(clamping: ((range.lowerBound - start) / Self.cell).rounded(.down))
      let last = Int(clamping: ((range.upperBound - start) / Self.cell).rounded(.down))
      guard count > 0, first < count, last >= 0 else { return nil }
      return max(first, 0)...min(last, count - 1)
    }
    guard let across = cells(across, from: region.left, count: columns),
      let down = cells(down, from: region.top, count: rows)
    else { return nil }
    return (across, down)
  }
}

/// One line of words with a place.
struct PlacedWords {
  var text: String
  /// Where the text begins, or ends.
  var x: Double
  /// The baseline.
  var y: Double
  /// Whether it ends at `x`.
  var isBefore = false

  /// The box around the letters.
  var box: Frame {
    let width = TextMeasure.width(text, size: Theme.tickSize)
    return Frame(
      left: isBefore ? x - width : x, top: y - Theme.tickSize * 0.76, width: width,
      height: Theme.tickSize * 0.98)
  }

  /// Draws the words.
  func draw(_ paint: Paint, in document: inout SVGDocument) {
    document.text(text, x: x, y: y, paint: paint, anchor: isBefore ? .end : .start, halo: true)
  }
}

extension LabelSpace {
  /// The first of `candidates` that has room, taken; nil where none has.
  mutating func placed(_ candidates: some Sequence<PlacedWords>) -> PlacedWords? {
    for words in candidates where isFree(words.box) {
      take(words.box, isOfWords: true)
      return words
    }
    return nil
  }
}
