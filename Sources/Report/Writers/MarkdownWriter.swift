internal import Media

/// Documents as Markdown: CommonMark 0.31 with GitHub's tables and HTML's fold-outs.
struct MarkdownWriter {
  /// The whole page.
  static func text(_ document: Document) -> String { text(document.blocks) }

  /// `blocks` with a blank line between any two, and a line feed at the end.
  static func text(_ blocks: [Document.Block]) -> String { blocks.map(block).joined(separator: "\n") }

  private static func block(_ block: Document.Block) -> String {
    switch block {
    case .heading(let level, let text):
      String(repeating: "#", count: min(max(level, 1), 6)) + " " + inline(text) + "\n"
    case .paragraph(let text): MarkdownText.paragraph(inline(text)) + "\n"
    case .list(let isNumbered, let items): list(items, isNumbered: isNumbered)
    case .table(let table): MarkdownTable(table).text
    case .picture(let picture):
      "![\(MarkdownText.plain(picture.words))](\(MarkdownText.link(picture.path)))\n"
    case .media(let media): media.map(self.media).joined(separator: "\n")
    case .chart(let chart):
      fenced(chart.lines(width: 80).map(\.plain).joined(separator: "\n"), language: "text")
    case .code(let text, let language): fenced(text, language: language)
    case .fold(let summary, let blocks):
      "<details>\n<summary>\(MarkupText.escaped(summary.plain))</summary>\n\n\(text(blocks))\n</details>\n"
    case .callOut(let text): "> \(MarkdownText.paragraph(inline(text)))\n"
    }
  }

  /// A picture with its caption; a sound as a link, for Markdown has no player.
  private static func media(_ media: Document.Media) -> String {
    let target = MarkdownText.link(media.path)
    let caption = inline(media.caption)
    return media.type.isPicture ? "![\(caption)](\(target)) \(caption)\n" : "[\(caption)](\(target))\n"
  }

  private static func list(_ items: [Document.Item], isNumbered: Bool) -> String {
    var text = ""
    for (index, item) in items.enumerated() {
      let sign = isNumbered ? "\(index + 1). " : "- "
      let indent = String(repeating: " ", count: isNumbered ? 3 : 2)
      for (line, words) in item.lines.enumerated() {
        let label = line > 0 || item.label.isEmpty ? "" : inline(item.label) + " "
        text += (line == 0 ? sign : indent) + MarkdownText.paragraph(label + inline(words)) + "\n"
      }
      for child in item.children { text += indent + "- " + MarkdownText.paragraph(inline(child)) + "\n" }
    }
    return text
  }

  /// A fence that no run of backticks inside can close.
  private static func fenced(_ text: String, language: String) -> String {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map {
      ForeignText.visible(String($0))
    }
    let shown = lines.joined(separator: "\n")
    let fence = String(
      repeating: "`", count: max(3, MarkdownText.longestRun(of: "`", in: shown.unicodeScalars) + 1))
    return "\(fence)\(language)\n\(shown)\(shown.hasSuffix("\n") ? "" : "\n")\(fence)\n"
  }

  /// Stars that take effect: none stands beside a space.
  private static func strong(_ text: String) -> String {
    let scalars = text.unicodeScalars
    let head = scalars.prefix { $0.properties.isWhitespace }
    let tail = scalars.dropFirst(head.count).reversed().prefix { $0.properties.isWhitespace }.count
    let body = scalars.dropFirst(head.count).dropLast(tail)
    return body.isEmpty ? text : "\(String(head))**\(String(body))**\(String(scalars.suffix(tail)))"
  }

  /// Words in the middle of a line; `inTable` for a cell, in which a pipe has to be escaped even in code.
  static func inline(_ text: InlineText, inTable: Bool = false) -> String {
    text.runs.map { run in
      switch run {
      case .text(let text), .number(let text): MarkdownText.plain(text)
      case .code(let text): MarkdownText.code(text, inTable: inTable)
      case .strong(let text): strong(inline(text, inTable: inTable))
      case .link(let text, let target): "[\(inline(text, inTable: inTable))](\(MarkdownText.link(target)))"
      case .toned(_, let text): inline(text, inTable: inTable)
      }
    }.joined()
  }
}
