/// A value of a YAML document and where it begins.
struct YAMLNode: Equatable, Sendable {
  /// Where the value begins.
  var position: SourcePosition
  /// What the value is.
  var content: Content

  /// The kinds of value.
  indirect enum Content: Equatable, Sendable {
    /// A scalar by its text; `isPlain` where it stands without quotes, so that it may be a number or a truth value.
    case scalar(String, isPlain: Bool)
    /// The elements of a sequence.
    case sequence([YAMLNode])
    /// The entries of a mapping, in the order of the text.
    case mapping([Entry])
  }

  /// A key with its value.
  struct Entry: Equatable, Sendable {
    /// The key, which is always a scalar here.
    var key: String
    /// Where the key begins.
    var position: SourcePosition
    /// The value.
    var value: YAMLNode
  }

  /// What the value is, for error texts.
  var kindName: String {
    switch content {
    case .scalar("", isPlain: true): "nothing"
    case .scalar(let text, _): "\"\(text)\""
    case .sequence: "a list"
    case .mapping: "a mapping"
    }
  }
}

/// A place in a text.
public struct SourcePosition: Equatable, Sendable, Comparable {
  /// The line, from 1.
  public var line: Int
  /// The column, from 1, in characters.
  public var column: Int

  /// A place from its parts.
  public init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }

  /// Whether `left` stands before `right`.
  public static func < (left: Self, right: Self) -> Bool {
    (left.line, left.column) < (right.line, right.column)
  }
}
