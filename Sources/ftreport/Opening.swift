import Analysis
import ArgumentParser
import EventFile
import FileSystem
import Process
import Report
import RunFolder

/// Opening what the arguments name, with progress and complaints on standard error.
enum Opening {
  /// The faults of one file that are told one by one; `verify` tells all.
  private static let faultLimit = 10

  /// Finds and reads the runs at `path`.
  static func open(_ path: String) throws(Failure) -> OpenedFolder { try open([path])[0] }

  /// Finds and reads the runs at each of `paths`, several paths at a time; what is wrong with the first of them that
  /// cannot be read is thrown.
  ///
  /// - Parameters:
  ///   - acceptsCheckpoints: whether, where there are no metrics, checkpoints are runs too.
  ///   - acceptsValues: whether, where there are no metrics, values beside scalars are runs too.
  static func open(
    _ paths: [String], acceptsCheckpoints: Bool = false, acceptsValues: Bool = false
  ) throws(Failure) -> [OpenedFolder] {
    var folders: [OpenedFolder] = []
    for result in results(paths, acceptsCheckpoints: acceptsCheckpoints, acceptsValues: acceptsValues) {
      var folder = try told(result)
      folder.skipSettings()
      folders.append(folder)
    }
    return folders
  }

  /// What `result` has found, with its complaints.
  static func told(_ result: Result<OpenedFolder, Failure>) throws(Failure) -> OpenedFolder {
    let folder = try result.get()
    for problem in folder.problems { complain(problem) }
    return folder
  }

  /// What reading the runs at each of `paths` came to, several paths at a time; nothing is complained of yet.
  static func results(
    _ paths: [String], acceptsCheckpoints: Bool = false, acceptsValues: Bool = false
  ) -> [Result<OpenedFolder, Failure>] {
    let progress = ReadingProgress(sources: paths.count)
    let results = concurrentMap(count: paths.count) { index in
      Result { () throws(RunFolderError) in
        try OpenedFolder(
          opening: paths[index], acceptsCheckpoints: acceptsCheckpoints, acceptsValues: acceptsValues,
          longestRecord: LongestRecord.current, progress: progress.callback(index))
      }
    }
    progress.finish()
    return zip(paths, results).map { path, result in
      result.mapError { error in
        if case .missing = error { return missing(path) }
        return Failure(status: .unreadable, lines: error.lines)
      }
    }
  }

  /// The tags of `runs` that the option `--metric` asks for.
  ///
  /// - Parameter kinds: the kinds of data beside scalars that are asked for too.
  static func selection(
    _ patterns: [String], in runs: [TrainingRun], kinds: [PluginKind] = []
  ) throws(Failure) -> MetricSelection {
    do throws(MetricSelection.UnknownMetric) {
      return try MetricSelection(patterns, in: runs, kinds: kinds)
    } catch {
      throw Failure(status: .usage, message: "--metric \(error)")
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

  /// Ends the command with the status of what cannot be read where the system did not let all of `runs` be read, once what
  /// could be read has been used.
  static func requireAll(of runs: [TrainingRun]) throws {
    guard runs.allSatisfy(\.refused.isEmpty) else { throw ExitStatus.unreadable }
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

  /// Tells of the saves in `histories` that the system did not let be read; whether there are any.
  static func tellRefusals(in histories: [CheckpointHistory?]) -> Bool {
    let refused = histories.compactMap(\.self).flatMap(\.entries).filter(\.isRefused)
    for entry in refused { complain(entry.problem ?? entry.path) }
    return !refused.isEmpty
  }

  private static func complain(_ text: String) {
    try? StandardStream.error.write(ForeignText.line(text) + "\n")
  }
}
