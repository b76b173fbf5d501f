/// The `d` attribute of a path, in coordinates to a tenth of a pixel.
///
/// Lines are written relative to the place before, which is shorter; the differences are those of the rounded places,
/// so that nothing adds up.
struct PathData: Equatable {
  /// The attribute's text.
  private(set) var text = ""
  private var x = 0
  private var y = 0
  private var isDrawing = false

  /// An empty path.
  init() {}

  /// Whether there is nothing to draw.
  var isEmpty: Bool { text.isEmpty }

  /// Begins a new piece.
  mutating func move(_ newX: Double, _ newY: Double) {
    x = SVGNumber.tenths(newX)
    y = SVGNumber.tenths(newY)
    text += "M"
    SVGNumber.append(tenths: x, to: &text)
    if y >= 0 { text += " " }
    SVGNumber.append(tenths: y, to: &text)
    isDrawing = false
  }

  /// Draws a line from the last place.
  mutating func line(_ newX: Double, _ newY: Double) {
    let (placeX, placeY) = (SVGNumber.tenths(newX), SVGNumber.tenths(newY))
    let (right, down) = (placeX - x, placeY - y)
    if !isDrawing { text += "l" } else if right >= 0 { text += " " }
    isDrawing = true
    SVGNumber.append(tenths: right, to: &text)
    if down >= 0 { text += " " }
    SVGNumber.append(tenths: down, to: &text)
    x = placeX
    y = placeY
  }

  /// Closes the piece.
  mutating func close() {
    text += "Z"
    isDrawing = false
  }

  /// A piece that is one dot, drawn by a round line cap.
  mutating func dot(_ x: Double, _ y: Double) {
    move(x, y)
    text += "h0"
  }

  /// A whole circle.
  mutating func circle(_ x: Double, _ y: Double, radius: Double) {
    move(x - radius, y)
    let size = SVGNumber.text(radius)
    let across = SVGNumber.text(2 * radius)
    text += "a\(size) \(size) 0 1 0 \(across) 0a\(size) \(size) 0 1 0 -\(across) 0Z"
  }
}

/// Numbers of SVG attributes: at most one digit after the point, never anything that is no number.
enum SVGNumber {
  /// `value` as text.
  static func text(_ value: Double) -> String {
    var text = ""
    append(value, to: &text)
    return text
  }

  /// Appends `value`; NaN becomes 0, and what is beyond a million pixels stays there.
  static func append(_ value: Double, to text: inout String) {
    append(tenths: tenths(value), to: &text)
  }

  /// `value` in whole tenths.
  static func tenths(_ value: Double) -> Int {
    let bounded = value.isNaN ? 0 : min(max(value, -1e6), 1e6)
    return Int((bounded * 10).rounded())
  }

  /// Appends a number of tenths.
  static func append(tenths: Int, to text: inout String) {
    if tenths < 0 { text += "-" }
    text += (tenths.magnitude / 10).description
    if tenths % 10 != 0 { text += "." + (tenths.magnitude % 10).description }
  }
}
