internal import Bytes
internal import EventFile
internal import YAML

/// Makes runs of the files that were found and read.
enum RunAssembly {
  // MARK: Event files

  /// One run of the files of `sources`, which are in order of time.
  static func run(_ sources: consuming [EventSource], at path: String, name: String) -> TrainingRun {
    var segments: [Segment] = []
    var files: [EventFileContents] = []
    var origins: [String: (origin: String, parts: [TrainedPart])] = [:]
    for source in sources {
      for file in source.files {
        guard let contents = file.contents else { continue }
        origins[contents.path] = (file.relative, file.parts)
        files.append(contents)
      }
    }
    sources = []
    files = EventRun.ordered(files)
    for file in files {
      guard let (origin, parts) = origins[file.path] else { continue }
      for part in parts { segments.append(Segment(part, origin: origin)) }
      // The final evaluation belongs to the segment before it, and so does its time.
      if parts.isEmpty, let end = TrainedPart.lastTime(of: file), let last = segments.indices.last {
        segments[last].endTime = max(segments[last].endTime ?? end, end)
      }
    }
    let merged = EventRun(name: name, path: path, files: files)
    var run = TrainingRun(name: name, path: path, source: .eventFiles, metrics: merged.metrics)
    run.segments = segments
    run.eventFiles = merged.files
    run.interleavedTags = merged.interleavedTags
    run.configuration = ConfigurationSection.sections(of: merged.files)
    return run
  }

  /// The sources that together are one run each.
  static func groups(_ sources: [EventSource]) -> [[EventSource]] {
    var groups: [[EventSource]] = []
    let inTime = sources.filter { RunName.isTrainers(Path.name(of: $0.path)) }
      .sorted { ($0.startTime ?? .infinity) < ($1.startTime ?? .infinity) }
    for source in sources where !RunName.isTrainers(Path.name(of: source.path)) { groups.append([source]) }
    var siblings: [String: SiblingRuns] = [:]
    for source in inTime {
      let folder = Path.parent(of: source.path)
      guard let reach = Reach(source) else {
        groups.append([source])
        continue
      }
      // The run that it goes on from: the latest beside it that fits.
      if let group = siblings[folder]?.goOn(to: reach) {
        groups[group].append(source)
      } else {
        siblings[folder, default: SiblingRuns()].add(groups.count, reach)
        groups.append([source])
      }
    }
    return groups
  }

  /// How far the writings of a source go.
  struct Reach {
    var steps: ClosedRange<Int64>
    var interval: Int64
    var start: Double
    var end: Double
    /// Whether there are training points at all.
    var trains: Bool

    init?(_ source: EventSource) {
      let parts = source.files.flatMap(\.parts)
      let files = source.files.compactMap(\.contents)
      trains = !parts.isEmpty
      var all = parts.map(\.steps)
      if all.isEmpty {
        for series in files.flatMap(\.series) {
          if let first = series.steps.min(), let last = series.steps.max() { all.append(first...last) }
        }
      }
      let ends = parts.compactMap(\.endTime) + files.compactMap(TrainedPart.lastTime)
      guard let lower = all.map(\.lowerBound).min(), let upper = all.map(\.upperBound).max(),
        let start = source.startTime, let end = ends.max()
      else { return nil }
      steps = lower...upper
      self.start = start
      self.end = end
      interval = max(1, parts.map(\.interval).max() ?? 1)
    }

    /// Whether this goes on from where a run over `steps` was, as far as the steps tell.
    func follows(_ before: ClosedRange<Int64>, interval other: Int64) -> Bool {
      // An evaluation of the model that came out, in a folder of its own.
      if !trains { return steps == before.upperBound...before.upperBound }
      let next = before.upperBound.addingReportingOverflow(max(interval, other))
      return steps.lowerBound > before.lowerBound && (next.overflow || steps.lowerBound <= next.partialValue)
    }
  }

  // MARK: Output folders

  /// The runs of an output folder with its trainer's files, and the event files in or below it.
  static func runs(of output: ScannedFolder, groups: [[EventSource]], root: String) -> [TrainingRun] {
    let inTime = inTime(groups)
    var runs: [TrainingRun] = []
    for group in inTime {
      guard let first = group.first else { continue }
      runs.append(run(group, at: first.path, name: first.relative.isEmpty ? first.path : first.relative))
    }
    // A folder with only hyperparameters, or a file without a point, is not the run that the trainer's files are of.
    let last = runs.lastIndex { !$0.metrics.isEmpty }
    var whole = last.map { runs.remove(at: $0) } ?? TrainingRun(name: "", path: "")
    whole.path = output.path
    whole.name = output.relative.isEmpty ? RunName.name(of: root) : output.relative
    attachTrainerFiles(of: output, to: &whole)
    if whole.metrics.isEmpty { useTrainerFiles(in: &whole) }
    return runs + [whole]
  }

  /// `groups` by when they began.
  static func inTime(_ groups: [[EventSource]]) -> [[EventSource]] {
    groups.sorted { ($0.first?.startTime ?? .infinity) < ($1.first?.startTime ?? .infinity) }
  }

  /// The one of `groups`, in order of time, that the trainer's files are of: the last with a point, as each training
  /// writes them anew.
  static func owner(of groups: [[EventSource]]) -> [EventSource]? {
    groups.last { $0.contains(where: \.hasPoints) }
  }

  /// Gives `run` the trainer's files of the output folder that it was found in, where they are its own; says whose they
  /// are where they are not.
  static func attach(
    _ output: EnclosingOutput, _ ownership: EnclosingOutput.Ownership, to run: inout TrainingRun
  ) {
    let place = output.folder.path
    switch ownership {
    case .owner:
      run.notes = ["The output folder \(place) has the checkpoints and the trainer's files of this run."]
    case .lastPart(let before):
      run.notes = [
        "This folder is the last part of a training that was resumed; what came before is in "
          + before.joined(separator: " and ") + ". Open \(place) for all of it.",
        "The output folder \(place) has the checkpoints and the trainer's files of this run.",
      ]
    case .earlierPart(let last):
      run.notes = [
        "This folder is a part of a training that went on in \(last), to which the checkpoints and the trainer's files "
          + "of the output folder belong. Open \(place) for all of it."
      ]
      return
    case .older(let last):
      run.notes = [
        "The checkpoints and the trainer's files in the output folder \(place) belong to a later run, \(last), and are "
          + "left out here."
      ]
      return
    }
    run.outputPath = place
    attachTrainerFiles(of: output.folder, to: &run)
  }

  private static func attachTrainerFiles(of output: ScannedFolder, to run: inout TrainingRun) {
    run.checkpoints = output.checkpoints
    var statePath = output.path(ofKnown: "trainer_state.json")
    if statePath == nil {
      // A run that was killed leaves its state in its checkpoints only.
      statePath = output.checkpoints.reversed().lazy
        .map { Path.join($0.path, "trainer_state.json") }
        .first { Files.kind(of: $0) == .file }
    }
    if let statePath {
      do throws(TrainerFileError) { run.trainerState = try TrainerState(reading: statePath) } catch {
        run.problems.append(error.description)
      }
    }
    if let path = output.path(ofKnown: "trainer_log.jsonl") {
      do throws(TrainerFileError) { run.trainerLog = try TrainerLog(reading: path) } catch {
        run.problems.append(error.description)
      }
      for line in run.trainerLog?.badLines.prefix(5) ?? [] {
        run.problems.append("\(path): line \(line): not a line of a log")
      }
    }
    attachSettings(of: output, to: &run)
    if let card = ModelCard.settings(in: output.path) { run.configuration.append(card) }
    LaunchSettings.add(from: output, to: &run)
    for name in ["all_results.json", "train_results.json", "eval_results.json"] {
      guard let path = output.path(ofKnown: name) else { continue }
      guard let bytes = try? Files.read(path), let results = ConfigurationSection(source: name, json: bytes)
      else {
        run.problems.append("\(path): not a JSON object")
        continue
      }
      // `all_results.json` holds the other two.
      for setting in results.settings where !run.results.contains(where: { $0.name == setting.name }) {
        run.results.append(setting)
      }
    }
  }

  /// The files of settings in `output`, and the adapter's configuration of the last save that has one where the training
  /// did not come to its end.
  private static func attachSettings(of output: ScannedFolder, to run: inout TrainingRun) {
    var files = ["adapter_config.json", "training_args.yaml", "args.json", "llamaboard_config.yaml"]
      .compactMap { name in output.path(ofKnown: name).map { (name, $0) } }
    if files.first?.0 != "adapter_config.json" {
      let places = output.checkpoints.reversed().lazy.map { Path.join($0.path, "adapter_config.json") }
      if let path = places.first(where: { Files.kind(of: $0) == .file }) {
        files.insert((Path.join(Path.name(of: Path.parent(of: path)), "adapter_config.json"), path), at: 0)
      }
    }
    for (name, path) in files {
      guard let bytes = try? Files.read(path) else {
        run.problems.append("\(path): cannot be read")
        continue
      }
      do throws(YAMLError) {
        let section =
          name.hasSuffix(".json")
          ? ConfigurationSection(source: name, json: bytes)
          : try ConfigurationSection(source: name, yaml: bytes)
        if let section {
          run.configuration.append(section)
        } else {
          run.problems.append("\(path): no settings in it")
        }
      } catch {
        for problem in error.problems.prefix(5) { run.problems.append("\(path):\(problem)") }
      }
    }
  }

  // MARK: Checkpoints alone

  /// The run without metrics whose checkpoints stand in `folder`; nil where there are none with anything in them.
  static func run(ofCheckpointsIn folder: ScannedFolder, root: String) -> TrainingRun? {
    var folder = folder
    folder.checkpoints.removeAll { (try? Files.names(in: $0.path))?.isEmpty != false }
    guard !folder.checkpoints.isEmpty else { return nil }
    let name = folder.relative.isEmpty ? RunName.name(of: root) : folder.relative
    var run = TrainingRun(name: name, path: folder.path, source: .checkpointsOnly)
    attachTrainerFiles(of: folder, to: &run)
    return run
  }

  // MARK: Trainer files alone

  /// A run made from one `trainer_state.json` or `trainer_log.jsonl`.
  static func run(ofTrainerFile path: String) throws(TrainerFileError) -> TrainingRun {
    let parent = Path.parent(of: path)
    var run = TrainingRun(name: RunName.name(of: parent.isEmpty ? "." : parent), path: path)
    if path.hasSuffix(".jsonl") {
      run.trainerLog = try TrainerLog(reading: path)
    } else {
      run.trainerState = try TrainerState(reading: path)
    }
    useTrainerFiles(in: &run)
    return run
  }

  /// Takes the metrics from the trainer's files: from the one that goes further, what it lacks from the other.
  private static func useTrainerFiles(in run: inout TrainingRun) {
    let state = run.trainerState?.series ?? []
    let log = run.trainerLog?.series ?? []
    let stateParts = TrainedPart.parts(of: state)
    let logParts = TrainedPart.parts(of: log)
    func reach(_ parts: [TrainedPart]) -> Int64 { parts.map(\.steps.upperBound).max() ?? .min }
    let usesLog = state.isEmpty || (!log.isEmpty && reach(logParts) > reach(stateParts))
    let path = usesLog ? run.trainerLog?.path : run.trainerState?.path
    run.source = usesLog ? .trainerLog : .trainerState
    let merged = SeriesMerge([SeriesMerge.Segment(series: usesLog ? log : state)])
    run.metrics = merged.metrics
    run.interleavedTags = merged.interleavedTags
    run.segments = (usesLog ? logParts : stateParts).map { Segment($0, origin: path.map(Path.name) ?? "") }
    for metric in SeriesMerge([SeriesMerge.Segment(series: usesLog ? state : log)]).metrics
    where run.metric(tagged: metric.tag) == nil {
      run.metrics.append(metric)
    }
  }
}

extension Segment {
  fileprivate init(_ part: TrainedPart, origin: String) {
    self.init(
      firstStep: part.steps.lowerBound, lastStep: part.steps.upperBound, startTime: part.startTime,
      endTime: part.endTime, origin: origin)
  }
}
