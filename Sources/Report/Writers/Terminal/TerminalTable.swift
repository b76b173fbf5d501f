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
  /// What a header keeps of its longest word.
  private static let leastHeader = 12
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
    let natural = table.columns.indices.map { column in
      max(headers.isEmpty ? 0 : headers[column].width, cells.map { $0[column].width }.max() ?? 0)
    }
    let least = table.columns.indices.map { min(natural[$0], leastWidth($0)) }
    var widths = natural
    var excess = widths.reduce(0, +) + Self.gap * (widths.count - 1) - width
    while excess > 0 {
      // The widest column that can gives way, so that all of them stay readable.
      let flexible = widths.indices.filter { widths[$0] > least[$0] }
      guard let widest = flexible.max(by: { (widths[$0], $0) < (widths[$1], $1) }) else { return nil }
      widths[widest] -= 1
      excess -= 1
    }
    return widths
  }

  /// What a column keeps: of words a readable width, of numbers all of them, under a header in several lines.
  private func leastWidth(_ column: Int) -> Int {
    if table.isOfFacts ? column == table.columns.count - 1 : table.columns[column].side == .left {
      return Self.least
    }
    let words = table.columns[column].header.plain.split(separator: " ")
    let header = headers.isEmpty ? 0 : words.map { TerminalText.width(String($0)) }.max() ?? 0
    // The name of a run is one long word: it is broken before the table is.
    return max(min(header, Self.leastHeader), cells.map { $0[column].width }.max() ?? 0)
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
