/// A table whose source is as readable as its rendering: columns padded to one width.
struct MarkdownTable {
  private let headers: [String]
  private let sides: [Table.Side]
  private let rows: [[String]]

  /// The Markdown of `table`.
  init(_ table: Table) {
    headers = table.columns.map { MarkdownWriter.inline($0.header, inTable: true) }
    sides = table.columns.map(\.side)
    rows = table.rows.map { $0.map { MarkdownWriter.inline($0.text, inTable: true) } }
  }

  /// The lines, with a line feed after each.
  var text: String {
    let widths = headers.indices.map { column in
      min(([headers] + rows).map { $0[column].count }.max() ?? 0, 120)
    }
    func line(_ cells: [String]) -> String {
      let padded = cells.indices.map { column in
        let space = String(repeating: " ", count: max(0, max(widths[column], 3) - cells[column].count))
        return sides[column] == .left ? cells[column] + space : space + cells[column]
      }
      return "| " + padded.joined(separator: " | ") + " |\n"
    }
    let rule = headers.indices.map { column in
      let dashes = String(repeating: "-", count: max(widths[column], 3) - (sides[column] == .right ? 1 : 0))
      return sides[column] == .right ? dashes + ":" : dashes
    }
    return line(headers) + line(rule) + rows.map(line).joined()
  }
}
