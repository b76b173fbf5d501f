import ArgumentParser
import Bytes
import EventFile
import RunFolder

/// Opening what the arguments name, with progress and complaints on standard error.
enum Opening {
  /// The faults of one file that are told one by one; `verify` tells all.
  private static let faultLimit = 10

  /// Finds and reads the runs at `path`; where that is wanted and there are no logs, the checkpoints alone.
  static func open(_ path: String, acceptsCheckpoints: Bool = false) throws(Failure) -> OpenedFolder {
    let progress = ReadingProgress()
    defer { progress.finish() }
    do throws(RunFolderError) {
      let folder = try OpenedFolder(
        opening: path, acceptsCheckpoints: acceptsCheckpoints, progress: progress.callback)
      for problem in folder.problems { complain(problem) }
      return folder
    } catch {
      if case .missing = error { throw missing(path) }
      throw Failure(status: .unreadable, message: error.description)
    }
  }

  /// Tells of everything that could not be read in the files of `runs`.
  static func tellFaults(of runs: [TrainingRun]) {
    for run in runs {
      for file in run.eventFiles {
        for fault in file.faults.prefix(faultLimit) { complain(fault.description) }
        let rest = file.faultCount - faultLimit
        if rest > 0 {
          complain("\(file.path): and \(Words.count(rest, "fault")) more, see 'ftreport verify'")
        }
      }
      for problem in run.problems { complain(problem) }
    }
  }

  /// A path that leads nowhere, which may be a subcommand misspelt.
  private static func missing(_ path: String) -> Failure {
    let names = FTReport.configuration.subcommands.compactMap { $0.configuration.commandName } + ["help"]
    guard !path.contains("/"), let name = Suggestion.nearest(to: path, among: names) else {
      return Failure(status: .unreadable, message: "\(path): no such file or folder")
    }
    return Failure(
      status: .usage, message: "\(path): no such file or folder; did you mean 'ftreport \(name)'?")
  }

  private static func complain(_ text: String) { try? StandardStream.error.write(text + "\n") }
}
