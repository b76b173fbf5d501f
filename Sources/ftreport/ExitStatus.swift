import Analysis

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

/// An end of the command that is told in one line.
struct Failure: Error {
  var status: ExitStatus
  var message: String
}
