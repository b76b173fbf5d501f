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
    let cells = ([headers] + rows).map { row in row.map { Cell(text: $0, width: Self.width($0)) } }
    let widths = headers.indices.map { column in
      max(min(cells.map { $0[column].width }.max() ?? 0, 120), 3)
    }
    var text: [UInt8] = []
    func add(_ line: [Cell]) {
      for (column, cell) in line.enumerated() {
        text += column == 0 ? "| ".utf8 : " | ".utf8
        let space = repeatElement(UInt8(ascii: " "), count: max(0, widths[column] - cell.width))
        if sides[column] == .right { text += space }
        text += cell.text.utf8
        if sides[column] == .left { text += space }
      }
      text += " |\n".utf8
    }
    add(cells[0])
    add(
      headers.indices.map { column in
        let dashes = String(repeating: "-", count: widths[column] - (sides[column] == .right ? 1 : 0))
        return Cell(text: sides[column] == .right ? dashes + ":" : dashes, width: widths[column])
      })
    for row in cells.dropFirst() { add(row) }
    return String(decoding: text, as: UTF8.self)
  }

  private struct Cell {
    var text: String
    var width: Int
  }

  /// The number of characters of `text`.
  private static func width(_ text: String) -> Int {
    // Of ASCII, only a carriage return and a line feed are one character.
    text.utf8.allSatisfy { $0 < 0x80 && $0 != UInt8(ascii: "\r") } ? text.utf8.count : text.count
  }
}
