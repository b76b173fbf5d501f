/// A table in columns that fit a terminal.
///
/// Numbers are never broken. Where the columns do not fit, those of words become narrower and their cells take several
/// lines; where even that is not enough, each row becomes a few lines of its own.
struct TerminalTable {
  private let table: Table
  private let width: Int
  private let cells: [[TerminalText]]
  private let headers: [TerminalText]
  /// The columns between two columns.
  private static let gap = 2
  /// What a column of words keeps.
  private static let least = 10

  /// The table in at most `width` columns of the terminal.
  init(_ table: Table, width: Int) {
    self.table = table
    self.width = width
    headers = table.isOfFacts ? [] : table.columns.map { TerminalText($0.header, pens: [.dim]) }
    cells = table.rows.map { row in
      row.enumerated().map { column, cell in
        TerminalText(cell.text, pens: table.isOfFacts && column > 1 ? [.dim] : [])
      }
    }
  }

  /// The lines.
  var lines: [TerminalText] {
    guard let widths = fittingWidths else { return stacked }
    let rows = (headers.isEmpty ? [] : [headers]) + cells
    return rows.flatMap { row -> [TerminalText] in
      let columns = row.enumerated().map { $1.lines(width: widths[$0]) }
      return (0..<(columns.map(\.count).max() ?? 0)).map { line in
        var text = TerminalText()
        // Spaces are owed until something stands behind them.
        var space = 0
        for (column, lines) in columns.enumerated() {
          let cell = line < lines.count ? lines[line] : TerminalText()
          let rest = widths[column] - cell.width
          let isRight = !table.isOfFacts && table.columns[column].side == .right
          if isRight { space += rest }
          if cell.width > 0 {
            text.append(String(repeating: " ", count: space))
            text.append(cell)
            space = 0
          }
          space += (isRight ? 0 : rest) + Self.gap
        }
        return text
      }
    }
  }

  /// The widths of the columns; nil where the table has to be stacked.
  private var fittingWidths: [Int]? {
    var widths = table.columns.indices.map { column in
      ((headers.isEmpty ? [] : [headers[column]]) + cells.map { $0[column] }).map(\.width).max() ?? 0
    }
    var excess = widths.reduce(0, +) + Self.gap * (widths.count - 1) - width
    while excess > 0 {
      // The widest column of words gives way, down to the next in width, so that all of them stay readable.
      let flexible = widths.indices.filter { isFlexible($0) && widths[$0] > Self.least }
      guard let widest = flexible.max(by: { (widths[$0], $0) < (widths[$1], $1) }) else { return nil }
      let next = flexible.filter { $0 != widest }.map { widths[$0] }.max() ?? Self.least
      let cut = min(excess, max(1, widths[widest] - max(next, Self.least)))
      widths[widest] -= cut
      excess -= cut
    }
    return widths
  }

  /// Whether the cells of a column may take several lines: words, but neither numbers nor the name of a fact.
  private func isFlexible(_ column: Int) -> Bool {
    table.isOfFacts ? column == table.columns.count - 1 : table.columns[column].side == .left
  }

  /// A row as lines: its first cell, and the others below it behind their headers.
  private var stacked: [TerminalText] {
    cells.flatMap { row -> [TerminalText] in
      var lines = row.first?.lines(width: width) ?? []
      for (column, cell) in row.enumerated().dropFirst() where cell.width > 0 {
        var entry = TerminalText()
        if !headers.isEmpty, headers[column].width > 0 {
          entry.append(headers[column])
          entry.append(": ", [.dim])
        }
        entry.append(cell)
        lines += entry.lines(width: width - 2).map { $0.indented(by: 2) }
      }
      return lines
    }
  }
}

extension TerminalText {
  /// The same line behind `count` spaces.
  func indented(by count: Int) -> TerminalText {
    var text = TerminalText()
    text.append(String(repeating: " ", count: count))
    text.append(self)
    return text
  }
}
