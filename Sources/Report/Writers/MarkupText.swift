/// Text in HTML and XML.
enum MarkupText {
  /// `text` for an element's content, line feeds kept, nothing in it that acts.
  static func lines(_ text: String) -> String {
    text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
      .map { escaped(String($0)) }.joined(separator: "\n")
  }

  /// `text` for element content and attribute values, nothing in it that acts.
  ///
  /// It works on bytes: a sign with a combining mark behind it is escaped as the sign alone is.
  static func escaped(_ text: String) -> String {
    let shown = ForeignText.visible(text)
    guard shown.utf8.contains(where: { escape($0) != nil }) else { return shown }
    var result: [UInt8] = []
    result.reserveCapacity(shown.utf8.count + 32)
    for byte in shown.utf8 {
      if let escape = escape(byte) { result += escape.utf8 } else { result.append(byte) }
    }
    return String(decoding: result, as: UTF8.self)
  }

  private static func escape(_ byte: UInt8) -> String? {
    switch byte {
    case UInt8(ascii: "&"): "&amp;"
    case UInt8(ascii: "<"): "&lt;"
    case UInt8(ascii: ">"): "&gt;"
    case UInt8(ascii: "\""): "&quot;"
    case UInt8(ascii: "'"): "&#39;"
    default: nil
    }
  }
}
