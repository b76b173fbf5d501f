internal import EventFile
internal import FileSystem

/// The state and the log in an output folder, as far as they can be read.
struct TrainerFiles {
  private(set) var state: TrainerState?
  private(set) var log: TrainerLog?
  /// What is wrong with them.
  private(set) var faults: [TrainerFileError] = []

  /// Reads the files of `output`.
  init(of output: ScannedFolder) {
    var paths = [output.path(ofKnown: "trainer_state.json")].compactMap { $0 }
    // A run that was killed leaves its state in its checkpoints only.
    if paths.isEmpty {
      paths = output.checkpoints.reversed().lazy.map { Path.join($0.path, "trainer_state.json") }
        .filter { Files.kind(of: $0) == .file }
    }
    // Where one cannot be read, the one before it may.
    for path in paths where state == nil {
      do throws(TrainerFileError) { state = try TrainerState(reading: path) } catch { faults.append(error) }
    }
    if let path = TrainerLog.names.lazy.compactMap({ output.path(ofKnown: $0) }).first {
      do throws(TrainerFileError) { log = try TrainerLog(reading: path) } catch { faults.append(error) }
    }
    faults += [state?.fault, log?.fault].compactMap { $0 }
  }

  /// Whether there is neither a state nor a log that can be read.
  var isEmpty: Bool { state == nil && log == nil }

  /// The training loss in them.
  var loss: Series? {
    let state = state.flatMap { TrainingRun.loss(in: $0.series) }
    return state ?? log.flatMap { TrainingRun.loss(in: $0.series) }
  }
}

extension TrainingRun {
  /// The training loss among `series` that are named as HF Trainer names them.
  static func loss(in series: [Series]) -> Series? {
    series.first { $0.tag == MetricRole.trainLoss.rawValue && !$0.isEmpty }
  }
}

extension RunAssembly {
  // MARK: Trainings

  /// Gives `run` the metrics and segments of the training among `writings` that it is of, and the others as such.
  ///
  /// - Parameter values: the places of the values that are no numbers.
  static func assemble(
    _ run: inout TrainingRun, _ writings: consuming [Writing], vouched: Series?,
    values: ValueTable = ValueTable()
  ) {
    let groups = TrainingGroup.groups(writings)
    let main = TrainingGroup.main(of: groups, vouched: vouched)
    let own = main.map { groups[$0].writings } ?? Array(writings.indices)
    if let main {
      run.copies = groups[main].copies.compactMap { writings[$0].file }
      for (index, group) in groups.enumerated() where index != main {
        run.otherTrainings.append(
          other(group, besides: groups[main], writings, isAfter: groups[main].relation))
      }
    }
    for index in own {
      for part in writings[index].parts { run.segments.append(Segment(part, origin: writings[index].origin)) }
      // The final evaluation belongs to the segment before it, and so does its time.
      if writings[index].parts.isEmpty, let end = writings[index].endTime,
        let last = run.segments.indices.last
      {
        run.segments[last].endTime = max(run.segments[last].endTime ?? end, end)
      }
    }
    run.values = values.tracks(of: SeriesMerge(own.map { writings[$0].values }).metrics)
    // The columns have one owner only from here on, so that the merge can use them up.
    let segments = own.map {
      SeriesMerge.Segment(series: writings[$0].series, sessionStarts: writings[$0].sessionStarts)
    }
    writings = []
    let merged = SeriesMerge(segments)
    run.metrics = merged.metrics
    run.interleavedTags = merged.interleavedTags
    run.sortedTags = merged.sortedTags
  }

  private static func other(
    _ group: TrainingGroup, besides main: TrainingGroup, _ writings: [Writing],
    isAfter relation: OtherTraining.Relation?
  ) -> OtherTraining {
    let loss = Series.joined(group.told)
    let agreement = main.agreement(with: loss)
    let all = group.writings + group.copies
    return OtherTraining(
      relation: group.relation ?? relation ?? .afresh,
      origin: group.writings.first.map { writings[$0].origin } ?? "",
      files: all.filter { writings[$0].isWhole }.compactMap { writings[$0].file }, steps: group.steps,
      startTime: group.startTime, endTime: group.endTime, loss: loss, commonCount: agreement.common,
      differingCount: agreement.differing)
  }

  // MARK: Checkpoints

  /// The most bytes of the states in checkpoints that are read.
  private static let stateBudget = 1 << 24

  /// Takes the checkpoints out of `run` whose own states have other losses at its steps: they are of another training.
  ///
  /// The states of the last checkpoints are looked at, as far as the budget goes.
  static func tellCheckpointsApart(in run: inout TrainingRun) {
    guard let loss = run.metric(for: .trainLoss), !run.checkpoints.isEmpty else { return }
    var known = loss.series
    for point in loss.superseded { known.append(point) }
    var budget = stateBudget
    for checkpoint in run.checkpoints.reversed() {
      let path = Path.join(checkpoint.path, "trainer_state.json")
      guard path != run.trainerState?.path, let status = try? Files.status(of: path), status.kind == .file
      else {
        continue
      }
      budget -= status.size
      guard budget >= 0 else { break }
      let state: TrainerState
      do throws(TrainerFileError) { state = try TrainerState(reading: path) } catch {
        run.fileFaults.append(error)
        run.problems.append(error.description)
        if error.isRefused { run.refused.append(error.path) }
        continue
      }
      guard let own = TrainingRun.loss(in: state.series), let first = own.steps.min(),
        let last = own.steps.max()
      else { continue }
      let agreement = LossAgreement(known, own)
      // A state of the run itself goes no further than the run; one that shares no step says nothing.
      guard agreement.isDifferent else { continue }
      run.checkpoints.removeAll { $0 == checkpoint }
      // States of one other training tell of it together.
      let same = run.otherTrainings.firstIndex { LossAgreement($0.loss, own).isSame }
      if let same {
        run.otherTrainings[same].checkpoints.insert(checkpoint, at: 0)
      } else {
        run.otherTrainings.append(
          OtherTraining(
            relation: .checkpoint, origin: Path.join(Path.name(of: checkpoint.path), "trainer_state.json"),
            steps: first...last, loss: own, commonCount: agreement.common,
            differingCount: agreement.differing, checkpoints: [checkpoint]))
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
    attach(TrainerFiles(of: folder), of: folder, to: &run)
    if run.metrics.isEmpty { run.source = .checkpointsOnly }
    return run
  }

  /// The run without metrics whose results stand in `folder`; nil where there are none.
  static func run(ofResultsIn folder: ScannedFolder, root: String) -> TrainingRun? {
    guard resultFiles.contains(where: { folder.files.contains($0) }) else { return nil }
    let name = folder.relative.isEmpty ? RunName.name(of: root) : folder.relative
    var run = TrainingRun(name: name, path: folder.path)
    attach(TrainerFiles(of: folder), of: folder, to: &run)
    guard run.metrics.isEmpty, !run.results.isEmpty else { return nil }
    run.source = .resultsOnly
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
    run.fileFaults = [run.trainerState?.fault, run.trainerLog?.fault].compactMap { $0 }
    run.problems += run.fileFaults.map(\.description)
    useTrainerFiles(in: &run)
    return run
  }

  /// Takes the metrics from the trainer's files: from the one that goes further, what it lacks from the other.
  static func useTrainerFiles(in run: inout TrainingRun) {
    let state = run.trainerState?.series ?? []
    let log = run.trainerLog.map { log in Writing.writings(of: log, origin: Path.name(of: log.path)) } ?? []
    let stateParts = TrainedPart.parts(of: state)
    func reach(_ parts: [TrainedPart]) -> Int64 { parts.map(\.steps.upperBound).max() ?? .min }
    let usesLog = state.isEmpty || (!log.isEmpty && reach(log.flatMap(\.parts)) > reach(stateParts))
    run.source = usesLog && !log.isEmpty ? .trainerLog : .trainerState
    let origin = run.trainerState.map { Path.name(of: $0.path) } ?? ""
    let written = [Writing(series: state, parts: stateParts, origin: origin)]
    assemble(&run, usesLog ? log : written, vouched: TrainingRun.loss(in: state))
    run.isNumberedByOrder = run.trainerState?.fault?.reason == .noSteps
    let rest = (usesLog ? written : log).map { SeriesMerge.Segment(series: $0.series) }
    for metric in SeriesMerge(rest).metrics where run.metric(tagged: metric.tag) == nil {
      run.metrics.append(metric)
    }
  }
}

extension Series {
  static func joined(_ parts: [Series]) -> Series {
    var all = parts.first ?? Series(tag: "")
    for part in parts.dropFirst() {
      for point in part { all.append(point) }
    }
    return all
  }
}

extension Segment {
  fileprivate init(_ part: TrainedPart, origin: String) {
    self.init(
      firstStep: part.steps.lowerBound, lastStep: part.steps.upperBound, startTime: part.startTime,
      endTime: part.endTime, origin: origin)
  }
}
