internal import Bytes

/// The `d` attribute of a path, in coordinates to a tenth of a pixel.
///
/// Lines are written relative to the place before, which is shorter; the differences are those of the rounded places,
/// so that nothing adds up.
struct PathData: Equatable {
  /// The attribute's text in ASCII: appending a byte costs a fraction of appending to a string.
  private var bytes: [UInt8] = []
  private var x = 0
  private var y = 0
  private var isDrawing = false

  /// An empty path.
  init() {}

  /// Whether there is nothing to draw.
  var isEmpty: Bool { bytes.isEmpty }

  /// Appends the attribute's text.
  func append(to text: inout [UInt8]) { text += bytes }

  /// The attribute's text.
  var text: String { String(decoding: bytes, as: UTF8.self) }

  /// Begins a new piece.
  mutating func move(_ newX: Double, _ newY: Double) {
    x = SVGNumber.tenths(newX)
    y = SVGNumber.tenths(newY)
    bytes.append(UInt8(ascii: "M"))
    SVGNumber.append(tenths: x, to: &bytes)
    if y >= 0 { bytes.append(UInt8(ascii: " ")) }
    SVGNumber.append(tenths: y, to: &bytes)
    isDrawing = false
  }

  /// Draws a line from the last place.
  mutating func line(_ newX: Double, _ newY: Double) {
    let (placeX, placeY) = (SVGNumber.tenths(newX), SVGNumber.tenths(newY))
    let (right, down) = (placeX - x, placeY - y)
    if !isDrawing { bytes.append(UInt8(ascii: "l")) } else if right >= 0 { bytes.append(UInt8(ascii: " ")) }
    isDrawing = true
    SVGNumber.append(tenths: right, to: &bytes)
    if down >= 0 { bytes.append(UInt8(ascii: " ")) }
    SVGNumber.append(tenths: down, to: &bytes)
    x = placeX
    y = placeY
  }

  /// Closes the piece.
  mutating func close() {
    bytes.append(UInt8(ascii: "Z"))
    isDrawing = false
  }

  /// A piece that is one dot, drawn by a round line cap.
  mutating func dot(_ x: Double, _ y: Double) {
    move(x, y)
    bytes += "h0".utf8
  }

  /// A whole circle.
  mutating func circle(_ x: Double, _ y: Double, radius: Double) {
    move(x - radius, y)
    let size = SVGNumber.text(radius)
    let across = SVGNumber.text(2 * radius)
    bytes += "a\(size) \(size) 0 1 0 \(across) 0a\(size) \(size) 0 1 0 -\(across) 0Z".utf8
  }
}

/// Numbers of SVG attributes: at most one digit after the point, never anything that is no number.
enum SVGNumber {
  /// `value` as text.
  static func text(_ value: Double) -> String {
    var bytes: [UInt8] = []
    append(tenths: tenths(value), to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// `value` in whole tenths; NaN becomes 0, and what is beyond a million pixels stays there.
  static func tenths(_ value: Double) -> Int {
    let bounded = value.isNaN ? 0 : min(max(value, -1e6), 1e6)
    return Int(clamping: (bounded * 10).rounded())
  }

  /// Appends a number of tenths in ASCII.
  static func append(tenths: Int, to bytes: inout [UInt8]) {
    if tenths < 0 { bytes.append(UInt8(ascii: "-")) }
    let digits = UInt32(truncatingIfNeeded: tenths.magnitude)
    let (whole, tenth) = digits.quotientAndRemainder(dividingBy: 10)
    if tenth == 0 { bytes.append(digits: whole) } else { bytes.append(digits: digits, behindPoint: 1) }
  }
}
