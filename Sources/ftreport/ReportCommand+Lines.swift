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
    let options = analysis.options
    let readsWeights = weights
    let isRedacted = redaction.redact
    var status = ExitStatus.success
    for start in stride(from: 0, to: paths.count, by: Self.batchSize) {
      let batch = paths[start..<min(start + Self.batchSize, paths.count)]
      let results = concurrentMap(count: batch.count) { index in
        Result { () throws(RunFolderError) in
          try OpenedFolder(opening: batch[start + index], acceptsCheckpoints: true).runs.map { run in
            let history = readsWeights ? CheckpointHistory(of: run) : nil
            let line = RunReport(RunAnalysis(of: run, options: options), checkpoints: history).jsonLine
            return isRedacted ? Redaction([run]).text(line) : line
          }
        }
      }
      var text = ""
      for (path, result) in zip(batch, results) {
        switch result {
        case .success(let lines): for line in lines { text += line }
        case .failure(let error):
          status = .unreadable
          let line = JSONValue.object(["path": .string(path), "error": .string(error.description)])
          text += line.text + "\n"
        }
      }
      try StandardStream.output.write(text)
    }
    if status != .success { throw status }
  }
}
