import Analysis
import Report

/// What the exit code of the command tells another program. Thrown where the words are out already.
enum ExitStatus: Int32, Error {
  case success = 0
  /// A fault was found, or a gate failed.
  case failed = 1
  /// Wrong arguments or configuration, or an output that cannot be written.
  case usage = 2
  /// Data missing or unreadable.
  case unreadable = 3
  /// A gate could not decide, and was told to be strict.
  case inconclusive = 4

  /// What a gate's verdict means to the caller.
  init(_ verdict: GateVerdict) { self = Self(rawValue: verdict.exitCode) ?? .failed }
}

/// An end of the command, with its reason in a line, and what else is to be said of it in a line each.
struct Failure: Error {
  var status: ExitStatus
  var message: String
  var details: [String] = []

  /// A failure for `lines`, the first of which says what went wrong.
  init(status: ExitStatus, lines: [String]) {
    self.init(status: status, message: lines.first ?? "", details: Array(lines.dropFirst()))
  }

  init(status: ExitStatus, message: String, details: [String] = []) {
    self.status = status
    self.message = message
    self.details = details
  }

  /// The lines as a terminal may show them.
  var text: String { ([message] + details).map { ForeignText.line($0) + "\n" }.joined() }
}
