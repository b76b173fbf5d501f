/// Text in HTML and XML.
enum MarkupText {
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
