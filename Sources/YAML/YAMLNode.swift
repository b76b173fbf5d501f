/// A value of a YAML document and where it begins.
public struct YAMLNode: Equatable, Sendable {
  /// Where the value begins.
  public var position: SourcePosition
  /// What the value is.
  public var content: Content

  /// A value from its parts.
  public init(position: SourcePosition, content: Content) {
    self.position = position
    self.content = content
  }

  /// The kinds of value.
  public indirect enum Content: Equatable, Sendable {
    /// A scalar by its text; `isPlain` where it stands without quotes, so that it may be a number or a truth value.
    case scalar(String, isPlain: Bool)
    /// The elements of a sequence.
    case sequence([YAMLNode])
    /// The entries of a mapping, in the order of the text.
    case mapping([Entry])
  }

  /// A key with its value.
  public struct Entry: Equatable, Sendable {
    /// The key, which is always a scalar here.
    public var key: String
    /// Where the key begins.
    public var position: SourcePosition
    /// The value.
    public var value: YAMLNode

    /// An entry from its parts.
    public init(key: String, position: SourcePosition, value: YAMLNode) {
      self.key = key
      self.position = position
      self.value = value
    }
  }

  /// What the value is, for error texts.
  public var kindName: String {
    switch content {
    case .scalar("", isPlain: true): "nothing"
    case .scalar(let text, _): "\"\(text)\""
    case .sequence(let elements): elements.isEmpty ? "an empty list" : "a list"
    case .mapping(let entries): entries.isEmpty ? "an empty mapping" : "a mapping"
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
