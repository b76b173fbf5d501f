/// Fields of RFC 4180.
enum CSVField {
  /// A name as a field.
  ///
  /// Spreadsheets calculate what begins with `=`, `+`, `-`, `@` or a control character, and a formula can fetch and send
  /// things. An apostrophe before it makes them take it for the text that it is. Numbers have columns of their own.
  ///
  /// - Parameter keepsFormulas: whether it stays as it is, also where a spreadsheet would calculate it.
  static func text(_ text: String, keepsFormulas: Bool) -> String {
    var text = text
    if !keepsFormulas, let first = text.unicodeScalars.first, "=+-@\t\r＝＋－＠".unicodeScalars.contains(first) {
      text = "'" + text
    }
    guard text.utf8.contains(where: { [0x22, 0x2c, 0x0a, 0x0d].contains($0) }) else { return text }
    var quoted = "\""
    for character in text.unicodeScalars {
      if character == "\"" { quoted += "\"" }
      quoted.unicodeScalars.append(character)
    }
    return quoted + "\""
  }
}
