/// Foreign text in Markdown: names and values that must show as they are, and do nothing.
enum MarkdownText {
  /// `text` as code, which switches off all markup, mentions, links and references in it.
  ///
  /// The fence is longer than any run of backticks inside. In a table a pipe is escaped, which GitHub's tables undo
  /// even in code.
  static func code(_ text: String, inTable: Bool = false) -> String {
    var shown = ForeignText.visible(text)
    guard !shown.isEmpty else { return "" }
    var longest = 0
    var run = 0
    for character in shown {
      run = character == "`" ? run + 1 : 0
      longest = max(longest, run)
    }
    let fence = String(repeating: "`", count: longest + 1)
    if inTable { shown = replacing("|", in: shown, with: "\\|") }
    let needsSpace = shown.first == "`" || shown.last == "`" || (shown.first == " " && shown.last == " ")
    let pad = needsSpace ? " " : ""
    return fence + pad + shown + pad + fence
  }

  /// `text` as plain words: everything that Markdown or HTML might take for markup is escaped. Parentheses act only
  /// behind a bracket, which is; underscores not between letters and digits (CommonMark 0.31, section 6.2).
  static func plain(_ text: String) -> String {
    var result = ""
    let shown = Array(ForeignText.visible(text))
    func isWord(_ index: Int) -> Bool {
      shown.indices.contains(index) && (shown[index].isLetter || shown[index].isNumber)
    }
    for (index, character) in shown.enumerated() {
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "@": result += "&#64;"
      case "_" where isWord(index - 1) && isWord(index + 1): result += "_"
      case "\\", "`", "*", "_", "{", "}", "[", "]", "#", "!", "|", "~", "$":
        result += "\\" + String(character)
      default: result.append(character)
      }
    }
    return result
  }

  /// `text` for the inside of an HTML element.
  static func html(_ text: String) -> String { SVGDocument.escaped(text) }

  /// `path` as the target of a link: everything beyond plain letters escaped by percent signs.
  static func link(_ path: String) -> String {
    var result = ""
    for byte in path.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
        UInt8(ascii: "/"):
        result.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        let digits = String(byte, radix: 16, uppercase: true)
        result += "%" + (digits.utf8.count == 1 ? "0" : "") + digits
      }
    }
    return result
  }

  private static func replacing(_ character: Character, in text: String, with replacement: String) -> String {
    text.contains(character)
      ? text.split(separator: character, omittingEmptySubsequences: false).joined(separator: replacement)
      : text
  }
}
