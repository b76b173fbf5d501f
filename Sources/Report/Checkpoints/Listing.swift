public import JSON

/// What `inspect` tells of a path, in each of its formats.
public protocol Listing: Sendable {
  /// For a terminal.
  var terminal: String { get }
  /// A page of Markdown.
  var markdown: String { get }
  /// An object under keys that stay.
  var json: JSONValue { get }
}
