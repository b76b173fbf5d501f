import Bytes
import EventFile

/// The event files that a path leads to.
struct EventFileList {
  /// The paths of the files, by run and name.
  var files: [String] = []
  /// What could not be looked into, or that there is nothing, in words.
  var problems: [String] = []

  /// The file at `path`, or those in the folder at `path` and below it.
  init(at path: String) {
    let log = LogDirectory(searching: path)
    files = log.runs.flatMap(\.files)
    problems = log.problems.map { $0.isMissing ? "\($0.path): no such file or folder" : $0.description }
    if files.isEmpty && problems.isEmpty {
      problems = ["\(path): no event file here or below (their names contain \"tfevents\")"]
    }
  }
}
