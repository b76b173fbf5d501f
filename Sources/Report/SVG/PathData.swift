/// The `d` attribute of a path, in absolute coordinates to a tenth of a pixel.
struct PathData: Equatable {
  /// The attribute's text.
  private(set) var text = ""

  /// An empty path.
  init() {}

  /// Whether there is nothing to draw.
  var isEmpty: Bool { text.isEmpty }

  /// Begins a new piece.
  mutating func move(_ x: Double, _ y: Double) { append("M", x, y) }

  /// Draws a line from the last place.
  mutating func line(_ x: Double, _ y: Double) { append("L", x, y) }

  /// Closes the piece.
  mutating func close() { text += "Z" }

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

  private mutating func append(_ command: String, _ x: Double, _ y: Double) {
    text += command
    SVGNumber.append(x, to: &text)
    text += " "
    SVGNumber.append(y, to: &text)
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
    let bounded = value.isNaN ? 0 : min(max(value, -1e6), 1e6)
    let tenths = Int((bounded * 10).rounded())
    if tenths < 0 { text += "-" }
    text += (tenths.magnitude / 10).description
    if tenths % 10 != 0 { text += "." + (tenths.magnitude % 10).description }
  }
}
