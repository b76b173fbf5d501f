/// Foreign text in Markdown: names and values that must show as they are, and do nothing.
///
/// All of it works on Unicode scalars. A `Character` may hold a sign that acts together with a combining mark, which
/// then compares unequal to that sign and would go out as it is.
enum MarkdownText {
  /// `text` as code, which switches off all markup, mentions, links and references in it.
  ///
  /// The fence is longer than any run of backticks inside. In a table a pipe is escaped, which GitHub's tables undo
  /// even in code.
  static func code(_ text: String, inTable: Bool = false) -> String {
    let shown = ForeignText.visible(text).unicodeScalars
    guard let first = shown.first, let last = shown.last else { return "" }
    // A table is cut at a pipe behind two backslashes, so that no code may hold one behind a backslash of its own.
    let isCut = inTable && zip(shown, shown.dropFirst()).contains { $0 == "\\" && $1 == "|" }
    if isCut || ForeignText.line(text) != ForeignText.visible(text) {
      return "<code>" + plain(text) + "</code>"
    }
    let fence = String(repeating: "`", count: longestRun(of: "`", in: shown) + 1)
    let needsSpace = first == "`" || last == "`" || (first == " " && last == " ")
    let pad = needsSpace ? " " : ""
    var body = String.UnicodeScalarView()
    for scalar in shown {
      if inTable, scalar == "|" { body.append("\\") }
      body.append(scalar)
    }
    return fence + pad + String(body) + pad + fence
  }

  /// The length of the longest run of `sign` in `text`.
  static func longestRun(of sign: Unicode.Scalar, in text: some Sequence<Unicode.Scalar>) -> Int {
    var longest = 0
    var run = 0
    for scalar in text {
      run = scalar == sign ? run + 1 : 0
      longest = max(longest, run)
    }
    return longest
  }

  /// `text` as plain words: everything that Markdown or HTML might take for markup is escaped. Parentheses act only
  /// behind a bracket, which is; underscores not between letters and digits (CommonMark 0.31, section 6.2).
  static func plain(_ text: String) -> String {
    var result: [UInt8] = []
    let shown = Array(ForeignText.visible(text).unicodeScalars)
    result.reserveCapacity(shown.count + 32)
    func isWord(_ index: Int) -> Bool {
      guard shown.indices.contains(index) else { return false }
      if shown[index].isASCII {
        return "a"..."z" ~= shown[index] || "A"..."Z" ~= shown[index] || "0"..."9" ~= shown[index]
      }
      let properties = shown[index].properties
      return properties.isAlphabetic || properties.numericType != nil
    }
    for (index, scalar) in shown.enumerated() {
      switch scalar {
      case "&": result += "&amp;".utf8
      case "<": result += "&lt;".utf8
      case ">": result += "&gt;".utf8
      case "@": result += "&#64;".utf8
      case "\\" where index + 1 < shown.count && shown[index + 1] == "|":
        result += "&#92;".utf8
      // No address becomes a link, and no line a command of a CI system.
      case ":" where shown[(index + 1)...].starts(with: "//".unicodeScalars),
        ":" where index == 0 && shown.dropFirst().first == ":":
        result += "&#58;".utf8
      case "." where index >= 3 && shown[(index - 3)..<index].allSatisfy { $0 == "w" || $0 == "W" }:
        result += "&#46;".utf8
      case "_" where isWord(index - 1) && isWord(index + 1): result.append(scalar)
      case "\\", "`", "*", "_", "{", "}", "[", "]", "#", "!", "|", "~", "$":
        result.append(UInt8(ascii: "\\"))
        result.append(scalar)
      default: result.append(scalar)
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// `line`, which is Markdown already, such that its start makes no list, heading, code or rule of it: its first sign
  /// is escaped where it would (CommonMark 0.31, sections 4 and 5), and spaces before it go.
  static func paragraph(_ text: String) -> String {
    let scalars = text.unicodeScalars.drop { $0.properties.isWhitespace }
    let line = String(scalars)
    guard let first = scalars.first else { return line }
    if first == "-" || first == "+" || first == "=" { return "\\" + line }
    let digits = scalars.prefix { ("0"..."9").contains($0) }
    let rest = scalars.dropFirst(digits.count)
    guard !digits.isEmpty, digits.count < 10, let sign = rest.first, sign == "." || sign == ")",
      rest.dropFirst().first.map({ $0 == " " }) ?? true
    else { return line }
    return String(digits) + "\\" + String(rest)
  }

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
}
