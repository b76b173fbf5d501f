import ArgumentParser
import Report
import RunFolder

/// What is left out of pages that are to be published.
struct RedactionArguments: ParsableArguments {
  @Flag(
    help:
      "Leave absolute paths and the names of hosts and users out of everything that is written or printed.")
  var redact = false

  /// What makes a text of a report on `runs` fit to be published; the text itself where that is not wanted.
  func cleaner(for runs: [TrainingRun]) -> @Sendable (String) -> String {
    guard redact else { return { $0 } }
    return Redaction(runs).text
  }
}
