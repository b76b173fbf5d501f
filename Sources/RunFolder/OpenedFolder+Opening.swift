internal import Bytes
public import EventFile
internal import FileSystem

extension OpenedFolder {
  /// Finds and reads every run at `path`.
  ///
  /// Event files that are damaged are read as far as they can be; what is wrong with them stands in each run's
  /// `eventFiles`, and what is wrong with other files in its `problems`.
  ///
  /// - Parameters:
  ///   - acceptsCheckpoints: whether, where there are no logs at all, a folder that holds checkpoints, or the trainer's
  ///     results, is a run without metrics (`TrainingRun.Source.checkpointsOnly`, `.resultsOnly`).
  ///   - acceptsValues: whether event files without a scalar are a run too where they hold other values.
  ///   - longestRecord: the most bytes of a record of an event file that are taken into memory.
  ///   - followed: event files as they were read before: of those only what was appended is read.
  ///   - progress: is told how far the reading has come, from any thread.
  /// - Throws: `RunFolderError` where there is no run to return.
  public init(
    opening path: String, acceptsCheckpoints: Bool = false, acceptsValues: Bool = false,
    longestRecord: Int = EventFileContents.usualLongestRecord, following followed: FollowedEventFiles? = nil,
    progress: (@Sendable (Progress) -> Void)? = nil
  ) throws(RunFolderError) {
    let status: FileStatus
    do { status = try Files.status(of: path) } catch {
      if error.isMissing { throw .missing(path: path) }
      throw .unreadable(path: path, reason: "cannot \(error.operation): \(error.reason)")
    }
    if status.kind == .directory {
      // Shells complete a folder's name with a slash, which its path elsewhere is compared without.
      let folder =
        path.utf8.last == UInt8(ascii: "/") ? Path.join(Path.parent(of: path), Path.name(of: path)) : path
      try self.init(
        folder: folder, acceptsCheckpoints: acceptsCheckpoints, acceptsValues: acceptsValues,
        longestRecord: longestRecord, followed: followed, progress: progress)
    } else {
      try self.init(
        file: path, size: status.size, acceptsValues: acceptsValues, longestRecord: longestRecord,
        followed: followed, progress: progress)
    }
  }

  private init(
    file path: String, size: Int, acceptsValues: Bool, longestRecord: Int, followed: FollowedEventFiles?,
    progress: (@Sendable (Progress) -> Void)?
  ) throws(RunFolderError) {
    let name = Path.name(of: path)
    var run: TrainingRun
    if name.hasSuffix(".json") || name.hasSuffix(".jsonl") {
      do {
        run = try RunAssembly.run(ofTrainerFile: path)
      } catch { throw .notARun(error) }
      guard run.metrics.contains(where: { !$0.series.isEmpty }) else {
        throw .notARun(run.fileFaults.first ?? TrainerFileError(path: path, reason: .emptyLog))
      }
    } else if let kind = TrackerFile.Kind(named: name) {
      let runs: [TrackedRun]
      do throws(TrackerError) { runs = try TrackerFile.runs(at: path, kind) } catch {
        throw .unreadable(path: path, reason: error.reason)
      }
      self.init(
        path: path, runs: runs.map { RunAssembly.run($0, kind, name: $0.name) }, skipped: [], problems: [])
      return
    } else {
      var sources = [
        EventSource(path: path, relative: "", files: [FoundFile(path: path, relative: name, size: size)])
      ]
      // Who names a pipe by itself wants it read.
      let problems = EventSource.read(
        &sources, acceptsPipe: true, longestRecord: longestRecord, following: followed, progress: progress)
      guard !sources[0].files.isEmpty else {
        throw .unreadable(
          path: path,
          reason: problems.first.map { "cannot \($0.operation): \($0.reason)" } ?? "cannot be read")
      }
      let parent = Path.parent(of: path)
      // A file goes by the folder of its run; what comes through a stream of the system lies in none.
      let isInFolder = !parent.isEmpty && !path.hasPrefix("/dev/")
      run = RunAssembly.run(sources, at: path, name: isInFolder ? RunName.name(of: parent) : name)
      guard !run.metrics.isEmpty || acceptsValues && run.holdsValues else {
        throw .noScalars(path: path, files: run.eventFiles, problems: problems.map(\.description))
      }
      if run.metrics.isEmpty { run.source = .valuesOnly }
    }
    self.init(path: path, runs: [run], skipped: [], problems: [])
  }

  private init(
    folder path: String, acceptsCheckpoints: Bool, acceptsValues: Bool, longestRecord: Int,
    followed: FollowedEventFiles?, progress: (@Sendable (Progress) -> Void)?
  ) throws(RunFolderError) {
    let scan = FolderScan(path: path)
    let folders = scan.folders.filter { !$0.isInSave }
    let inSaves = scan.folders.filter { $0.isInSave && !$0.eventFiles.isEmpty }
    var sources = folders.filter { !$0.eventFiles.isEmpty }.map(EventSource.init)
    let unread = EventSource.read(
      &sources, longestRecord: longestRecord, following: followed, progress: progress)
    sources = SiblingSeries.join(sources)

    var runs: [TrainingRun] = []
    var skipped: [Skipped] = []
    let outputs = folders.filter(\.isOutput)
    let around = outputs.isEmpty ? EnclosingOutput(around: path, sources: sources) : nil
    let places = OutputPlaces(outputs)
    let owned = Dictionary(grouping: sources) { places.output(of: $0.relative).map(ExactText.init) }
    for output in outputs {
      let groups = RunAssembly.groups(owned[ExactText(output.relative)] ?? [])
      runs += RunAssembly.runs(of: output, groups: groups, root: path)
    }
    for group in RunAssembly.groups(owned[nil] ?? []) {
      guard let first = group.first, let last = group.last else { continue }
      // A run of several folders is at the folder of its last segment, by which it can be opened again.
      let isWhole = group.count > 1 && Path.parent(of: first.relative) == Path.parent(of: last.relative)
      let place = isWhole ? Path.parent(of: first.path) : first.path
      let relative = isWhole ? Path.parent(of: first.relative) : first.relative
      let name = relative.isEmpty ? RunName.name(of: isWhole ? last.path : path) : relative
      let ownership = around?.ownership(of: group)
      var run = RunAssembly.run(group, at: place, name: name)
      if let around, let ownership { RunAssembly.attach(around, ownership, to: &run) }
      runs.append(run)
    }
    // Where the owner of the trainer's files stands beside them, the other runs need not say whose they are.
    if runs.contains(where: { $0.outputPath != nil }) {
      for index in runs.indices where runs[index].outputPath == nil { runs[index].notes = [] }
    }
    func isTold(_ run: TrainingRun) -> Bool {
      run.metrics.contains { !$0.series.isEmpty } || acceptsValues && run.holdsValues
    }
    for run in runs where !isTold(run) {
      if !run.eventFiles.isEmpty { skipped.append(Skipped(run)) }
    }
    // A trainer's file that could not be read may be why there is no run.
    let lost = runs.filter { !isTold($0) }.flatMap(\.fileFaults)
    runs.removeAll { !isTold($0) }
    for index in runs.indices where runs[index].metrics.allSatisfy(\.series.isEmpty) {
      runs[index].source = .valuesOnly
    }
    // What other trackers keep is, where TensorBoard or the trainer tells of a training too, the same once more.
    var foreign: [Unread] = []
    if runs.isEmpty { runs = Self.runs(ofTrackersIn: folders, &foreign) }
    // Event files without a scalar may be damaged ones, which say more of the run than its checkpoints.
    if runs.isEmpty, sources.isEmpty, acceptsCheckpoints {
      runs = folders.compactMap {
        RunAssembly.run(ofCheckpointsIn: $0, root: path) ?? RunAssembly.run(ofResultsIn: $0, root: path)
      }
    }
    let notRead = foreign + scan.unread + unread.map(Unread.init)
    var problems = inSaves.map(Self.leftOut) + lost.map(\.description)
    guard !runs.isEmpty else {
      problems = notRead.map(\.text) + problems
      let files = skipped.flatMap(\.eventFiles)
      if files.isEmpty { throw .nothingFound(path: path, problems: problems) }
      throw .noScalars(path: path, files: files, problems: problems)
    }
    // The only run goes by what it is, not by where in the folder it was found.
    if runs.count == 1, runs[0].tracker == nil { runs[0].name = RunName.name(of: runs[0].path) }
    runs.sort { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    let rest = runs.take(notRead)
    self.init(path: path, runs: runs, skipped: skipped, problems: rest.map(\.text) + problems)
    refused = rest.filter(\.isRefused).map(\.path) + lost.filter(\.isRefused).map(\.path)
  }

  /// The runs in the files of other trackers in `folders`; what could not be read of them goes to `problems`.
  private static func runs(
    ofTrackersIn folders: [ScannedFolder], _ problems: inout [Unread]
  ) -> [TrainingRun] {
    var runs: [TrainingRun] = []
    for folder in folders {
      for name in folder.trackerFiles {
        guard let kind = TrackerFile.Kind(named: name) else { continue }
        do throws(TrackerError) {
          runs += try TrackerFile.runs(at: folder.path(of: name), kind)
            .map { RunAssembly.run($0, kind, name: $0.name) }
        } catch  where !error.isForeign {
          problems.append(Unread(error))
        } catch {}
      }
    }
    return runs
  }

  /// That the logs in a save are not read: most are copies of those of the run, which it is saved with.
  private static func leftOut(_ folder: ScannedFolder) -> String {
    let count = folder.eventFiles.count
    return "\(folder.path): \(count == 1 ? "an event file" : "\(count) event files") in a save, not read: "
      + "name this folder itself to report on it"
  }
}

/// The output folders of trainers in a search, to find which one a folder below belongs to.
struct OutputPlaces {
  private let places: Set<ExactText>

  init(_ outputs: [ScannedFolder]) { places = Set(outputs.map { ExactText($0.relative) }) }

  /// The innermost output folder that is, or is around, the folder at `relative`; nil where there is none.
  ///
  /// - Complexity: O(depth).
  func output(of relative: String) -> String? {
    if places.isEmpty { return nil }
    var place = relative
    while !places.contains(ExactText(place)) {
      if place.isEmpty { return nil }
      place = Path.parent(of: place)
    }
    return place
  }
}
