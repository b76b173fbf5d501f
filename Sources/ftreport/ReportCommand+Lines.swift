import Analysis
import Experiment
import FileSystem
import JSON
import Process
import Report
import RunFolder

extension ReportCommand {
  /// The paths that are read before their lines are written: enough for every processor, few enough to hold.
  private static let batchSize = 64

  /// Writes a line of JSON for each run, and one with `path` and `error` for each path that cannot be read, in the order
  /// of the paths.
  func writeLines() throws {
    let paths = try arguments.all()
    let options = examination
    let readsWeights = weights
    let isRedacted = redaction.redact
    var status = ExitStatus.success
    for start in stride(from: 0, to: paths.count, by: Self.batchSize) {
      let batch = paths[start..<min(start + Self.batchSize, paths.count)]
      let results = concurrentMap(count: batch.count) { index in
        Result { () throws(RunFolderError) in
          var folder = try OpenedFolder(
            opening: batch[start + index], acceptsCheckpoints: true, acceptsValues: true,
            longestRecord: LongestRecord.current)
          folder.skipSettings()
          let lines = folder.runs.map { run in
            let history = readsWeights ? CheckpointHistory(of: run) : nil
            let line = RunReport(
              RunAnalysis(of: run, options: options).considering(history), checkpoints: history
            ).jsonLine
            return isRedacted ? Redaction([run]).text(line) : line
          }
          return (lines, folder)
        }
      }
      var text = ""
      for (path, result) in zip(batch, results) {
        switch result {
        case .success(let (lines, folder)):
          text += lines.joined()
          if !folder.isReadWhole { status = .unreadable }
          // What is of no run has a line of its own.
          for problem in folder.problems where !folder.refused.isEmpty {
            text += Self.line(path, error: problem)
          }
        case .failure(let error):
          status = .unreadable
          text += Self.line(path, error: error.description)
        }
      }
      try StandardStream.output.write(text)
    }
    if status != .success { throw status }
  }

  private static func line(_ path: String, error: String) -> String {
    JSONValue.object(["path": .string(path), "error": .string(error)]).text + "\n"
  }
}
