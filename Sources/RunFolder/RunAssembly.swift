internal import Bytes
internal import Checkpoint
internal import EventFile
internal import FileSystem
internal import YAML

/// Makes runs of the files that were found and read.
enum RunAssembly {
  // MARK: Event files

  /// One run of the files of `sources`, which are in order of time.
  ///
  /// - Parameter vouched: the loss in the trainer's own file, by which the run is known among several trainings.
  static func run(
    _ sources: consuming [EventSource], at path: String, name: String, vouched: Series? = nil
  ) -> TrainingRun {
    var files: [EventFileContents] = []
    var origins: [ExactText: (origin: String, parts: [TrainedPart])] = [:]
    var folders: [String] = []
    for source in sources {
      folders.append(source.path)
      for file in source.files {
        guard let contents = file.contents else { continue }
        origins[ExactText(contents.path)] = (file.relative, file.parts)
        files.append(contents)
      }
    }
    sources = []
    files = EventRun.ordered(files)
    let ends = files.map(TrainedPart.lastTime)
    let starts = files.map(SettingTexts.start)
    var table = ValueTable()
    let values = files.enumerated().map { table.segment(of: $1, file: $0) }
    let segments = EventRun.segments(of: &files)
    var writings: [Writing] = []
    var isNumbered = false
    for index in files.indices {
      guard let (origin, parts) = origins[ExactText(files[index].path)] else { continue }
      var writing = Writing(
        series: segments[index].series, sessionStarts: segments[index].sessionStarts,
        values: values[index], parts: parts,
        file: files[index].path, origin: origin, endTime: ends[index])
      if writing.numberSteps() { isNumbered = true }
      writings += writing.splitAtFreshStarts()
    }
    var run = TrainingRun(name: name, path: path, source: .eventFiles)
    run.isNumberedByOrder = isNumbered
    assemble(&run, writings, vouched: vouched, values: table)
    run.eventFiles = files
    let hasFailed = run.values.contains { track in
      if case .end(.failure, _)? = track.hyperparameterRecord { true } else { false }
    }
    if hasFailed { run.reportedFailure = "the session's end in the event files has the status failure" }
    for folder in folders { run.embeddings += Embedding.found(in: folder, &run.problems) }
    let foreign = Set(run.otherTrainings.flatMap(\.files))
    run.configuration = ConfigurationSection.sections(
      of: zip(files, starts).filter { !foreign.contains($0.0.path) }.map { (contents: $0, start: $1) })
    return run
  }

  /// The sources that together are one run each.
  static func groups(_ sources: [EventSource]) -> [[EventSource]] {
    var groups: [[EventSource]] = []
    let inTime = sources.filter { RunName.isTrainers(Path.name(of: $0.path)) }
      .sorted { ($0.startTime ?? .infinity) < ($1.startTime ?? .infinity) }
    for source in sources where !RunName.isTrainers(Path.name(of: source.path)) { groups.append([source]) }
    var siblings: [ExactText: SiblingRuns] = [:]
    for source in inTime {
      let folder = ExactText(Path.parent(of: source.path))
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

  /// The files that a trainer writes its results to, the one with the most first.
  static let resultFiles = ["all_results.json", "train_results.json", "eval_results.json"]

  /// The runs of an output folder with its trainer's files, and the event files in or below it.
  static func runs(of output: ScannedFolder, groups: [[EventSource]], root: String) -> [TrainingRun] {
    let files = TrainerFiles(of: output)
    var runs: [TrainingRun] = []
    for group in inTime(groups) {
      guard let first = group.first else { continue }
      runs.append(
        run(
          group, at: first.path, name: first.relative.isEmpty ? first.path : first.relative,
          vouched: files.loss))
    }
    // A folder with only hyperparameters, or a file without a point, is not the run that the trainer's files are of.
    // Each training writes them anew, so they are of the last, unless they say that they are not.
    let vouched = files.loss.flatMap { loss in
      runs.lastIndex { run in
        run.metric(for: .trainLoss).map { LossAgreement($0.series, loss).isSame } ?? false
      }
    }
    let last =
      vouched ?? runs.lastIndex { !$0.metrics.isEmpty }
      ?? (files.isEmpty ? runs.lastIndex(where: \.holdsValues) : nil)
    var whole = last.map { runs.remove(at: $0) } ?? TrainingRun(name: "", path: "")
    whole.path = output.path
    whole.name = output.relative.isEmpty ? RunName.name(of: root) : output.relative
    attach(files, of: output, to: &whole)
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
    attach(TrainerFiles(of: output.folder), of: output.folder, to: &run)
  }

  static func attach(
    _ files: consuming TrainerFiles, of output: ScannedFolder, to run: inout TrainingRun
  ) {
    run.checkpoints = output.checkpoints
    run.incompleteSaves = (output.checkpoints + output.unfinishedSaves)
      .compactMap { IncompleteSave(at: $0.path, step: $0.step) }
      .sorted { ($0.step, $0.path) < ($1.step, $1.path) }
    run.trainerState = files.state
    run.trainerLog = files.log
    run.fileFaults = files.faults
    run.problems += files.faults.map(\.description)
    run.refused += files.faults.filter(\.isRefused).map(\.path)
    // Where they say nothing, what the event files hold beside scalars stays.
    if run.metrics.isEmpty, run.trainerState != nil || run.trainerLog != nil || run.values.isEmpty {
      useTrainerFiles(in: &run)
    }
    tellCheckpointsApart(in: &run)
    attachSettings(of: output, to: &run)
    if let card = ModelCard.settings(in: output.path) { run.configuration.append(card) }
    LaunchSettings.add(from: output, to: &run)
    for name in resultFiles {
      guard let path = output.path(ofKnown: name), let bytes = run.bytes(of: path) else { continue }
      guard let results = ConfigurationSection(source: name, json: Array(TrainerFileError.text(bytes))) else {
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
      guard let bytes = run.bytes(of: path) else { continue }
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
}
