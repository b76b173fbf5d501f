public import Analysis
internal import EventFile
internal import FileSystem
public import RunFolder

extension HyperparameterTable {
  /// The sessions in the event files of `runs`; nil where there are none.
  ///
  /// A session is a folder, as TensorBoard has it: torch's `add_hparams` writes each into one of its own below the run's.
  ///
  /// - Parameter skipped: folders without a scalar, which may say by which metrics sessions are judged.
  public init?(of runs: [TrainingRun], skipped: [OpenedFolder.Skipped] = []) {
    var sessions: [Session] = []
    var experiments: [HyperparameterExperiment] = []
    var budget = Self.readLimit
    for (index, run) in runs.enumerated() {
      let found = FoundSessions(in: run)
      experiments += found.experiments
      sessions += found.sessions(of: index, budget: &budget)
    }
    for folder in skipped {
      var run = TrainingRun(name: "", path: folder.path)
      run.eventFiles = folder.eventFiles
      run.values = folder.values
      experiments += FoundSessions(in: run).experiments
    }
    self.init(sessions, experiments: experiments)
  }

  /// The most bytes of files that are read again for the metrics of their own sessions.
  private static let readLimit = 1 << 26
}

/// The sessions of one run, by the folders that they were written into.
private struct FoundSessions {
  /// The most records of a tag that are read.
  static let recordLimit = 4096

  var experiments: [HyperparameterExperiment] = []
  private let run: TrainingRun
  private var folders: [(path: String, session: HyperparameterTable.Session)] = []

  init(in run: TrainingRun) {
    self.run = run
    for track in run.values(of: .hparams) {
      // Sessions of other folders repeat the step of the first, which stands; all of them count.
      var all = track
      all.places = Array((track.places + track.superseded + track.duplicates).prefix(Self.recordLimit))
      run.visitValues(of: all) { position, value in
        guard case .hyperparameters(let record) = value else { return }
        take(record, in: Path.parent(of: run.eventFiles[Int(all.places[position].file)].path))
      }
    }
  }

  private mutating func take(_ record: HyperparameterRecord, in folder: String) {
    if case .experiment(let experiment) = record {
      experiments.append(experiment)
      return
    }
    let place = folders.firstIndex { $0.path == folder } ?? folders.count
    if place == folders.count { folders.append((folder, .init(run: 0))) }
    switch record {
    case .start(let start):
      folders[place].session.hyperparameters = start.hyperparameters
      folders[place].session.group = start.group
    case .end(let status, _): folders[place].session.status = status
    case .experiment: break
    }
  }

  /// The sessions with the last values of their metrics.
  func sessions(of index: Int, budget: inout Int) -> [HyperparameterTable.Session] {
    let files = Dictionary(grouping: run.eventFiles) { Path.parent(of: $0.path) }
    return folders.map { path, found in
      var session = found
      session.run = index
      session.folder = folders.count > 1 ? Path.name(of: path) : ""
      if files.count > 1 { session.values = Self.values(in: files[path] ?? [], budget: &budget) }
      guard folders.count == 1 else { return session }
      let known = Set(session.values.map(\.tag))
      session.values += run.metrics.compactMap { metric in
        guard !known.contains(metric.tag), let last = metric.series.values.last else { return nil }
        return (metric.tag, last)
      }
      return session
    }
  }

  /// The last value of every tag in `files`, which are read again: the run's curves do not say which folder a point is of.
  private static func values(
    in files: [EventFileContents], budget: inout Int
  ) -> [(tag: String, value: Double)] {
    var values: [(tag: String, value: Double)] = []
    for file in files {
      budget -= file.byteCount
      guard budget >= 0, let contents = try? EventFileContents(reading: file.path) else { continue }
      for series in contents.series {
        guard let last = series.values.last else { continue }
        if let index = values.firstIndex(where: { $0.tag == series.tag }) {
          values[index].value = last
        } else {
          values.append((series.tag, last))
        }
      }
    }
    return values
  }
}
