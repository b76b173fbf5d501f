public import YAML

/// Something in a configuration that cannot stand, and where.
public struct ConfigurationProblem: Error, Equatable, Sendable, CustomStringConvertible {
  /// Where it stands.
  public var position: SourcePosition
  /// What is wrong, with what was expected.
  public var message: String

  /// A problem from its parts.
  public init(_ position: SourcePosition, _ message: String) {
    self.position = position
    self.message = message
  }

  /// `12:5: what`.
  public var description: String { "\(position.line):\(position.column): \(message)" }
}

/// All the problems of a configuration: a reader of the errors can mend them in one go.
public struct ConfigurationError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The path of the file.
  public var path: String
  /// The problems in the order of their places; never empty.
  public var problems: [ConfigurationProblem]

  /// An error from its parts.
  public init(path: String, problems: [ConfigurationProblem]) {
    self.path = path
    self.problems = problems.sorted { $0.position < $1.position }
  }

  /// A line `file:line:column: what` for each problem.
  public var description: String {
    problems.map { "\(path):\($0)" }.joined(separator: "\n")
  }
}
