public import Analysis
public import JSON

/// One checkpoint, or the comparison of two, in each of the forms that a report has.
public struct CheckpointReport: Sendable {
  /// What is reported.
  public let analysis: CheckpointAnalysis

  /// A report on `analysis`.
  public init(_ analysis: CheckpointAnalysis) { self.analysis = analysis }

  /// The figures under the keys that `CheckpointJSON` documents.
  public var json: JSONValue { CheckpointJSON(analysis: analysis).value }

  /// A screenful for a terminal.
  public var terminal: String { CheckpointTerminal(analysis).text }
}
