/// A grid of dots, eight to a character: two columns of four, as Unicode's braille patterns have them.
struct BrailleCanvas {
  /// The number of characters in a row.
  let columns: Int
  /// The number of rows.
  let rows: Int
  private var cells: [UInt8]

  /// An empty canvas.
  init(columns: Int, rows: Int) {
    self.columns = columns
    self.rows = rows
    cells = Array(repeating: 0, count: columns * rows)
  }

  /// The dots from left to right.
  var width: Int { columns * 2 }
  /// The dots from top to bottom.
  var height: Int { rows * 4 }

  /// Sets the dot at (`x`, `y`), counted from the upper left; outside is nothing.
  mutating func set(_ x: Int, _ y: Int) {
    guard x >= 0, x < width, y >= 0, y < height else { return }
    let bits: [[UInt8]] = [[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]]
    cells[y / 4 * columns + x / 2] |= bits[x % 2][y % 4]
  }

  /// Draws a straight line.
  mutating func line(from start: (x: Int, y: Int), to end: (x: Int, y: Int)) {
    let steps = max(abs(end.x - start.x), abs(end.y - start.y))
    guard steps > 0, steps < 100_000 else { return set(start.x, start.y) }
    for step in 0...steps {
      // Rounded to the nearest dot, in whole numbers.
      let x = start.x + ((end.x - start.x) * step * 2 + (end.x >= start.x ? steps : -steps)) / (2 * steps)
      let y = start.y + ((end.y - start.y) * step * 2 + (end.y >= start.y ? steps : -steps)) / (2 * steps)
      set(x, y)
    }
  }

  /// The character of a cell: a braille pattern, or a space where there is no dot.
  func character(_ column: Int, _ row: Int) -> Character {
    let cell = cells[row * columns + column]
    guard cell != 0, let scalar = Unicode.Scalar(0x2800 + UInt32(cell)) else { return " " }
    return Character(scalar)
  }
}
