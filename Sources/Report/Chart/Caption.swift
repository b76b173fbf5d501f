/// The key under a picture: small samples of its lines and marks with a few words each, row after row.
struct Caption {
  /// What is drawn before the words.
  enum Key {
    /// A piece of line.
    case line(Paint, width: Double = Theme.strongLine, dash: String? = nil, opacity: Double = 1)
    /// A marker.
    case marker(Marker, Paint)
    /// An upright line, dashed unless it is an alarm.
    case rule(Paint)
    /// A patch.
    case patch(Paint, opacity: Double)
    /// Nothing: words alone.
    case none
  }

  /// A key and its words.
  struct Item {
    var key: Key
    var words: String
  }

  /// The items in order.
  var items: [Item] = []

  /// The height of a row.
  static let rowHeight = 17.0
  private static let space = 18.0

  /// Adds an item.
  mutating func add(_ key: Key, _ words: String) { items.append(Item(key: key, words: words)) }

  /// The items of each row, with their offsets from the left, for a given width.
  private func rows(width: Double) -> [[(item: Item, x: Double)]] {
    var rows: [[(item: Item, x: Double)]] = []
    var x = 0.0
    for item in items {
      let size = Self.keyWidth(item.key) + TextMeasure.width(item.words, size: Theme.tickSize)
      if rows.isEmpty || x + size > width {
        rows.append([])
        x = 0
      }
      rows[rows.count - 1].append((item, x))
      x += size + Self.space
    }
    return rows
  }

  /// The height of all rows at `width`.
  func height(width: Double) -> Double { Double(rows(width: width).count) * Self.rowHeight }

  /// Draws the rows with their upper edge at `y`.
  func draw(x: Double, y: Double, width: Double, in document: inout SVGDocument) {
    for (number, row) in rows(width: width).enumerated() {
      let baseline = y + Double(number) * Self.rowHeight + 12
      for (item, offset) in row {
        draw(item.key, x: x + offset, y: baseline - 4, in: &document)
        document.text(item.words, x: x + offset + Self.keyWidth(item.key), y: baseline, paint: .muted)
      }
    }
  }

  private static func keyWidth(_ key: Key) -> Double {
    switch key {
    case .line, .patch: 24
    case .marker, .rule: 13
    case .none: 0
    }
  }

  private func draw(_ key: Key, x: Double, y: Double, in document: inout SVGDocument) {
    switch key {
    case .line(let paint, let width, let dash, let opacity):
      document.line(
        x1: x, y1: y, x2: x + 19, y2: y, stroke: paint, lineWidth: width, dash: dash, opacity: opacity)
    case .marker(let marker, let paint):
      var path = PathData()
      let shift = marker == .down || marker == .below ? 3.0 : marker == .up ? -3.0 : 0
      marker.append(to: &path, x: x + 5, y: y + shift, size: 4)
      marker.draw(path, paint: paint, in: &document)
    case .rule(let paint):
      document.line(
        x1: x + 5, y1: y - 6, x2: x + 5, y2: y + 5, stroke: paint, dash: paint == .alert ? nil : "3 2")
    case .patch(let paint, let opacity):
      document.rectangle(x: x, y: y - 5, width: 19, height: 10, fill: paint, opacity: opacity)
    case .none: break
    }
  }
}
