public import JSON

/// What `inspect` tells of a path, in each of its formats.
public protocol Listing: Sendable {
  /// For a terminal.
  var terminal: String { get }
  /// The page.
  var document: Document { get }
  /// An object under keys that stay.
  var json: JSONValue { get }
}

extension Listing {
  /// The page as Markdown.
  public var markdown: String { MarkdownWriter.text(document) }
}
