public import YAML

/// All the problems of a configuration: a reader of the errors can mend them in one go.
public struct ConfigurationError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The path of the file.
  public var path: String
  /// The problems in the order of their places; never empty.
  public var problems: [YAMLProblem]

  /// An error from its parts.
  public init(path: String, problems: [YAMLProblem]) {
    self.path = path
    self.problems = problems.sorted { $0.position < $1.position }
  }

  /// A line `file:line:column: what` for each problem.
  public var lines: [String] { problems.map { "\(path):\($0)" } }

  /// The lines as one text.
  public var description: String { lines.joined(separator: "\n") }
}
