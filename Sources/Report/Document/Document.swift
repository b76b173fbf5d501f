/// A page as a value: what it says, in order, and nothing about how any format writes it.
///
/// Pages are built from Analysis' values, one folder a subject; a writer turns any document into one format. No page
/// knows a format, and no text in a document is escaped: that is the writers' work, and nobody else's.
public struct Document: Equatable, Sendable {
  /// The parts of the page, from top to bottom.
  public var blocks: [Block]

  /// A document of `blocks`.
  public init(_ blocks: [Block] = []) { self.blocks = blocks }

  /// One part of a page.
  public indirect enum Block: Equatable, Sendable {
    /// A heading; the title of the page has level 1.
    case heading(level: Int, InlineText)
    /// Sentences that belong together.
    case paragraph(InlineText)
    /// Items, numbered from 1 or with bullets.
    case list(isNumbered: Bool, [Item])
    /// Rows of cells under headers.
    case table(Table)
    /// A file with a picture.
    case picture(Picture)
    /// Pictures and sounds of the training's own, side by side.
    case media([Media])
    /// A drawing in characters, as wide as the format wants it.
    case chart(TextChart)
    /// Text for a machine, such as a command; `language` names it for highlighting.
    case code(String, language: String)
    /// Blocks that a reader unfolds; printed and plain formats show them.
    case fold(summary: InlineText, [Block])
    /// A remark set apart from the text around it.
    case callOut(InlineText)
  }

  /// An item of a list.
  public struct Item: Equatable, Sendable {
    /// A word or two that say of which kind the item is; often empty. Those of one list stand in a column.
    public var label: InlineText
    /// The lines of the item; each but the first is a continuation of its own.
    public var lines: [InlineText]
    /// Items below it, with bullets.
    public var children: [InlineText]
    /// Where a picture of the page shows what the item says; nil for nowhere.
    public var place: Place?

    /// An item of `lines` with `children` below it.
    public init(_ lines: InlineText..., children: [InlineText] = []) {
      self.init(label: "", lines, children: children)
    }

    /// An item of `lines` behind a label.
    public init(label: InlineText, _ lines: [InlineText], children: [InlineText] = []) {
      self.label = label
      self.lines = lines
      self.children = children
    }
  }

  /// A stretch of steps in a picture.
  public struct Place: Equatable, Sendable {
    /// The picture's `name`.
    public var picture: String
    /// The steps.
    public var steps: ClosedRange<Int64>
  }

  /// A picture that stands in a file of its own.
  public struct Picture: Equatable, Sendable {
    /// The path of the file relative to the page.
    public var path: String
    /// What it shows, for those who cannot see it.
    public var words: String
    /// The picture itself, an SVG document, for formats that hold everything in one file.
    public var svg: String
    /// The numbers in it as JSON, for a page that answers the mouse; nil where it only stands there.
    public var data: String?

    /// A picture from its parts.
    public init(path: String, words: String, svg: String, data: String? = nil) {
      self.path = path
      self.words = words
      self.svg = svg
      self.data = data
    }

    /// What a page calls it: the name of its file without the ending.
    var name: String { String(path.prefix { $0 != "." }) }
  }
}

extension Document {
  /// Adds `block` at the end.
  mutating func add(_ block: Block) { blocks.append(block) }

  /// Adds the table at the end, unless it has no row.
  mutating func add(_ table: Table) { if !table.isEmpty { add(.table(table)) } }

  /// Adds all of `more` at the end.
  mutating func add(_ more: some Sequence<Block>) { blocks += more }
}

extension Document.Block {
  /// A section's heading.
  static func section(_ title: InlineText) -> Self { .heading(level: 2, title) }

  /// A list with bullets, an item of one line for each of `items`.
  static func bullets(_ items: [InlineText]) -> Self {
    .list(isNumbered: false, items.map { Document.Item($0) })
  }

  /// The same block with every heading one level deeper, for a page within a page.
  var deeper: Self {
    switch self {
    case .heading(let level, let text): .heading(level: level + 1, text)
    case .fold(let summary, let blocks): .fold(summary: summary, blocks.map(\.deeper))
    default: self
    }
  }
}
