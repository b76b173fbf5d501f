/// Something in a document that cannot stand, and where.
public struct YAMLProblem: Error, Equatable, Sendable, CustomStringConvertible {
  /// Where it stands.
  public var position: SourcePosition
  /// What is wrong.
  public var message: String

  /// A problem from its parts.
  public init(_ position: SourcePosition, _ message: String) {
    self.position = position
    self.message = message
  }

  /// `12:5: what`.
  public var description: String { "\(position.line):\(position.column): \(message)" }
}

/// Everything that is wrong with a text as YAML.
public struct YAMLError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The problems in the order in which they were found; never empty.
  public var problems: [YAMLProblem]

  init(_ problems: [YAMLProblem]) { self.problems = problems }
  init(_ position: SourcePosition, _ message: String) { problems = [.init(position, message)] }

  /// `12:5: what` of each.
  public var description: String { problems.map(\.description).joined(separator: "; ") }
}
