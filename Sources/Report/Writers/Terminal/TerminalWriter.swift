/// Documents as text for a terminal: as wide as it is, in its colours where it has some.
///
/// Pictures are left out, and what other formats fold is shown.
struct TerminalWriter {
  private let style: TerminalStyle

  /// A writer for terminals of one style.
  init(_ style: TerminalStyle) { self.style = style }

  /// The whole text, a line feed at its end.
  func text(_ document: Document) -> String {
    var text = ""
    var isBelowTitle = true
    for block in document.blocks {
      let lines = lines(block).map { $0.painted(style) + "\n" }
      guard !lines.isEmpty else { continue }
      if !isBelowTitle { text += "\n" }
      text += lines.joined()
      isBelowTitle = false
      if case .heading(level: 1, _) = block { isBelowTitle = true }
    }
    return text
  }

  private func lines(_ block: Document.Block) -> [TerminalText] {
    switch block {
    case .heading(_, let text): TerminalText(text, pens: [.bold]).lines(width: style.width)
    case .paragraph(let text): TerminalText(text).lines(width: style.width)
    case .list(let isNumbered, let items): list(items, isNumbered: isNumbered)
    case .table(let table): TerminalTable(table, width: style.width).lines
    case .picture, .media: []
    case .chart(let chart): chart.lines(width: style.width).map { TerminalText($0) }
    case .code(let text, _): text.split(separator: "\n").map { TerminalText(InlineText("  " + $0)) }
    case .fold(let summary, let blocks):
      TerminalText(summary, pens: [.bold]).lines(width: style.width) + blocks.flatMap(lines)
    case .callOut(let text):
      TerminalText(text).lines(width: style.width - 2).map { $0.indented(by: 2) }
    }
  }

  /// Items with labels stand behind the widest of them, others behind their number or two spaces.
  private func list(_ items: [Document.Item], isNumbered: Bool) -> [TerminalText] {
    let labels = items.enumerated().map { index, item in
      var label = TerminalText()
      if isNumbered { label.append("\(index + 1). ") }
      label.append(TerminalText(item.label))
      if !item.label.isEmpty || !isNumbered { label.append("  ") }
      return label
    }
    let indent = min(labels.map(\.width).max() ?? 0, style.width / 2)
    let width = style.width - indent
    return zip(labels, items).flatMap { label, item in
      var lines = item.lines.flatMap { TerminalText($0).lines(width: width) }
      lines += item.children.flatMap { TerminalText($0).lines(width: width - 2).map { $0.indented(by: 2) } }
      return lines.enumerated().map { index, line in
        guard index == 0 else { return line.indented(by: indent) }
        var first = label
        first.append(String(repeating: " ", count: max(0, indent - label.width)))
        first.append(line)
        return first
      }
    }
  }
}
