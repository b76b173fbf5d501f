/// Text in HTML and XML.
enum MarkupText {
  /// `text` for an element's content, line feeds kept, nothing in it that acts.
  static func lines(_ text: String) -> String {
    text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
      .map { escaped(String($0)) }.joined(separator: "\n")
  }

  /// `text` for element content and attribute values, nothing in it that acts.
  ///
  /// It works on Unicode scalars: a sign with a combining mark behind it is escaped as the sign alone is.
  static func escaped(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in ForeignText.visible(text).unicodeScalars {
      switch scalar {
      case "&": result.append(contentsOf: "&amp;".unicodeScalars)
      case "<": result.append(contentsOf: "&lt;".unicodeScalars)
      case ">": result.append(contentsOf: "&gt;".unicodeScalars)
      case "\"": result.append(contentsOf: "&quot;".unicodeScalars)
      case "'": result.append(contentsOf: "&#39;".unicodeScalars)
      default: result.append(scalar)
      }
    }
    return String(result)
  }
}
