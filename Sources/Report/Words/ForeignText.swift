/// Text that somebody else wrote (names, paths, settings), made safe to show.
public enum ForeignText {
  /// `text` on one line, with every character that acts instead of showing written as an escape: control characters
  /// (`\x1b`, `\n`), bidirectional overrides, line and paragraph separators, invisible marks and tags.
  public static func visible(_ text: String) -> String {
    // Most texts are printable ASCII, of which nothing acts.
    if text.utf8.allSatisfy({ 0x20..<0x7f ~= $0 }) { return text }
    guard text.unicodeScalars.contains(where: acts) else { return text }
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case _ where !acts(scalar): result.unicodeScalars.append(scalar)
      case _ where scalar.value < 0x100: result += "\\x" + hexadecimal(scalar.value, digits: 2)
      default: result += "\\u{" + hexadecimal(scalar.value, digits: 4) + "}"
      }
    }
    return result
  }

  /// `text` as a line of a terminal or a log: visible, and nothing that a CI system would take for its own command.
  ///
  /// GitHub acts on `::` at the start of a line, behind spaces too, and on `##[` anywhere in it; Azure Pipelines on
  /// `##vso[`. The first sign of these is written as an escape.
  public static func line(_ text: String) -> String {
    let visible = visible(text)
    guard visible.utf8.contains(where: { $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: "#") }) else {
      return visible
    }
    let shown = Array(visible.unicodeScalars)
    var result = String.UnicodeScalarView()
    let start = shown.firstIndex { !$0.properties.isWhitespace }
    for (index, scalar) in shown.enumerated() {
      let rest = shown[index...]
      let acts =
        index == start && rest.starts(with: "::".unicodeScalars)
        || rest.starts(with: "##[".unicodeScalars) || rest.starts(with: "##vso[".unicodeScalars)
      if acts {
        result.append(contentsOf: "\\x\(hexadecimal(scalar.value, digits: 2))".unicodeScalars)
      } else {
        result.append(scalar)
      }
    }
    return String(result)
  }

  /// `text` cut in its middle to at most `limit` characters.
  static func shortened(_ text: String, to limit: Int) -> String {
    guard text.count > limit, limit > 1 else { return text }
    let tail = (limit - 1) / 2
    return text.prefix(limit - 1 - tail) + "…" + text.suffix(tail)
  }

  private static func acts(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7f..<0xa0, 0xad, 0x61c, 0x180e, 0x200b, 0x200e...0x200f, 0x2028...0x202e,
      0x2060...0x206f,
      0xfeff, 0xfff9...0xfffb, 0xe0000...0xe0fff:
      true
    default: scalar.value & 0xfffe == 0xfffe || 0xfdd0...0xfdef ~= scalar.value
    }
  }

  private static func hexadecimal(_ value: UInt32, digits: Int) -> String {
    let text = String(value, radix: 16)
    return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
  }
}
