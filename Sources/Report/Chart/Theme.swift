internal import Bytes

/// The sizes that all pictures share.
enum Theme {
  /// The fonts, by their names on macOS, Windows and Linux; no picture loads one.
  static let fonts = "-apple-system,'Segoe UI',Helvetica,Arial,'Liberation Sans',sans-serif"
  /// The width of a picture of its own.
  static let width = 800.0
  /// The size of a title.
  static let titleSize = 15.0
  /// The size of labels beside lines and of the words in captions.
  static let labelSize = 12.0
  /// The size of the numbers of an axis and of captions.
  static let tickSize = 11.0
  /// The width of the line that a picture is about.
  static let strongLine = 1.8
  /// The width of other lines.
  static let line = 1.2
  /// The width of frames and grids.
  static let hairline = 1.0
  /// The opacity of raw points under their smoothed line.
  static let faint = 0.45
  /// The opacity of bands.
  static let band = 0.18
  /// The dash patterns of lines, so that colour is never the only cue: the first is solid.
  static let dashes: [String?] = [nil, "6 3", "2 2.5", "8 3 2 3", "4 2", "1.5 3", "10 4", "6 2 1.5 2 1.5 2"]

  /// The dash pattern of line `index`.
  static func dash(_ index: Int) -> String? { dashes[((index % dashes.count) + dashes.count) % dashes.count] }
}

/// How wide a text will be drawn, by the widths of Helvetica's letters, a little on the safe side.
enum TextMeasure {
  /// The width of `text` at `size`, in pixels.
  static func width(_ text: String, size: Double, bold: Bool = false) -> Double {
    let units = text.unicodeScalars.reduce(0.0) { $0 + width(of: $1) }
    return units * size * (bold ? 1.12 : 1.05)
  }

  /// `text`, cut in its middle until it is no wider than `width`.
  static func fitted(_ text: String, size: Double, width: Double, bold: Bool = false) -> String {
    guard Self.width(text, size: size, bold: bold) > width else { return text }
    var limit = min(text.count - 1, Int(clamping: width / (size * 0.2)))
    while limit > 1 {
      let short = ForeignText.shortened(text, to: limit)
      if Self.width(short, size: size, bold: bold) <= width { return short }
      limit -= 1
    }
    return "…"
  }

  private static func width(of scalar: Unicode.Scalar) -> Double {
    switch scalar {
    case "i", "j", "l", "'", "|", "!", ".", ",", ":", ";", "I", " ", "·": 0.28
    case "f", "t", "r", "(", ")", "[", "]", "/", "\\", "-", "`": 0.33
    case "m", "M", "%", "W", "@", "…", "—": 0.9
    case "w", "A"..."Z", "&", "+", "=", "<", ">", "±", "~", "−": 0.68
    case "a"..."z", "0"..."9", "_", "\u{20}"..."\u{7e}": 0.556
    case "\u{300}"..."\u{36f}": 0
    case "\u{80}"..."\u{10ff}": 0.62
    default: 1
    }
  }
}
