/// Pieces of GitHub-flavoured Markdown made from text that somebody else wrote.
enum InlineMarkdown {
  /// `text` as it is read, with every sign that Markdown or HTML would act on escaped; fit for a table's cell.
  static func text(_ text: String) -> String {
    var result = ""
    for character in ForeignText.visible(text) {
      switch character {
      case "\\", "`", "*", "_", "[", "]", "|", "~", "#", "$", "@": result += "\\\(character)"
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      default: result.append(character)
      }
    }
    return result
  }

  /// `text` as code, with a fence longer than any run of backticks in it; fit for a table's cell.
  static func code(_ text: String) -> String {
    let visible = ForeignText.visible(text)
    guard !visible.isEmpty else { return "` `" }
    var longest = 0
    var run = 0
    for character in visible {
      run = character == "`" ? run + 1 : 0
      longest = max(longest, run)
    }
    let fence = String(repeating: "`", count: longest + 1)
    let space = visible.hasPrefix("`") || visible.hasSuffix("`") ? " " : ""
    let cell = visible.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
    return fence + space + cell + space + fence
  }

  /// A table with its header; `alignment` has `l` or `r` for each column. Cells are Markdown already.
  static func table(_ header: [String], alignment: String, rows: [[String]]) -> String {
    let rule = alignment.map { $0 == "r" ? "--:" : "---" }
    return ([header, rule] + rows).map { "| " + $0.joined(separator: " | ") + " |" }.joined(separator: "\n")
      + "\n"
  }
}
