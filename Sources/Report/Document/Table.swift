/// Rows of cells under headers.
public struct Table: Equatable, Sendable {
  /// The columns, from left to right.
  public var columns: [Column]
  /// The rows, each with a cell for every column.
  public private(set) var rows: [[Cell]] = []
  /// Whether each row is a fact: its name, its value, and perhaps a note. Who sees that needs no headers.
  public var isOfFacts = false

  /// On which side the cells of a column stand.
  public enum Side: Equatable, Sendable { case left, right }

  /// A column.
  public struct Column: Equatable, Sendable {
    /// What its cells tell.
    public var header: InlineText
    /// On which side they stand.
    public var side: Side
    /// Whether its cells are a few words each, which stay on one line however many columns there are beside them.
    public var isOnOneLine = false

    /// A column from its parts.
    public init(_ header: InlineText, _ side: Side = .left) {
      self.header = header
      self.side = side
    }
  }

  /// A cell: what it shows, and the number behind it where there is one, by which a reader may sort.
  public struct Cell: Equatable, Sendable, ExpressibleByStringInterpolation {
    /// What is shown.
    public var text: InlineText
    /// The number behind it, unrounded.
    public var value: Double?

    /// A cell from its parts.
    public init(_ text: InlineText, value: Double? = nil) {
      self.text = text
      self.value = value
    }

    /// A cell of plain words.
    public init(_ text: String, value: Double? = nil) { self.init(InlineText(text), value: value) }

    /// A cell of plain words, as a literal.
    public init(stringLiteral value: String) { self.init(value) }

    /// A cell of the runs that were interpolated.
    public init(stringInterpolation: InlineText.StringInterpolation) {
      self.init(InlineText(stringInterpolation: stringInterpolation))
    }

    /// A name or value as a machine spells it.
    public static func code(_ text: String) -> Self { Self(.code(text)) }

    /// A figure with four significant digits; empty for none.
    static func significant(_ value: Double?) -> Self { value.map { figure($0) } ?? "" }

    /// The same cell in strong type.
    var strong: Self { text.isEmpty ? self : Self(.strong(text), value: value) }
  }

  /// A table of facts; `sides` has an element for each header.
  static func facts(_ headers: [String], sides: [Side], rows: [[Cell]] = []) -> Self {
    var table = Table(headers, sides: sides, rows: rows)
    table.isOfFacts = true
    return table
  }

  /// A table with `columns` and no row.
  public init(_ columns: [Column]) { self.columns = columns }

  /// A table of plain words; `sides` has an element for each header.
  init(_ headers: [String], sides: [Side], rows: [[Cell]] = []) {
    columns = zip(headers, sides).map { Column(InlineText($0), $1) }
    for row in rows { add(row) }
  }

  /// Whether there is no row.
  public var isEmpty: Bool { rows.isEmpty }

  /// Adds a row; missing cells are empty, those beyond the columns are dropped.
  public mutating func add(_ cells: [Cell]) {
    rows.append(columns.indices.map { $0 < cells.count ? cells[$0] : "" })
  }
}
