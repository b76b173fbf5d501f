public import Analysis
public import Checkpoint
internal import FileSystem
public import RunFolder
internal import Weights

/// What one training saved at one step, with what the files around it say: the settings of its adapter, and what the
/// trainer told up to then.
public struct Save: Sendable {
  /// The path that was opened.
  public let path: String
  /// The tensors.
  public let checkpoint: Checkpoint
  /// The settings of the adapter; nil where it is none.
  public let configuration: AdapterConfiguration?
  /// What the trainer said up to the step, where its files stand beside the tensors.
  public let training: CheckpointTraining?
  /// The step, by the name of the folder or by the trainer; nil where neither tells.
  public let step: Int64?
  /// The folder of the training, by the names of the folders.
  let outputFolder: String

  /// Opens the file or folder at `path`; headers are read, no values.
  ///
  /// - Parameters:
  ///   - alpha: the α of an adapter whose `adapter_config.json` is missing.
  ///   - run: the run that it is of; looked for around it where nil.
  ///   - recognised: what `recognition(of:)` gave for the path, which may have opened it already.
  /// - Throws: `CheckpointError` where there is no checkpoint, or a broken one.
  public init(
    opening path: String, alpha: Double? = nil, run: TrainingRun? = nil, recognised: Recognition = .byName
  ) throws(CheckpointError) {
    self.path = path
    checkpoint =
      switch recognised {
      case .byName: try Checkpoint(opening: path)
      case .opened(let checkpoint): checkpoint
      }
    configuration = try AdapterSettings.find(for: checkpoint, alpha: alpha, run: run)
    outputFolder = CheckpointName.outputFolder(of: path)
    let places = Self.places(of: path)
    let named = places.lazy.compactMap { CheckpointName.step(of: Path.name(of: $0)) }.first
    var training: CheckpointTraining?
    for (index, place) in places.enumerated() {
      guard let state = try? TrainerState(reading: Path.join(place, "trainer_state.json")) else { continue }
      let step = CheckpointName.step(of: Path.name(of: place))
      training = CheckpointTraining(state, step: step ?? (index > 0 ? named : nil))
      break
    }
    self.training = training
    step = named ?? training?.step
  }

  /// The folder of `path`, and of a folder that is a save, or within one (global_step500, a named adapter), the one above
  /// it, which has the trainer's state. Above any other folder (best_model) is the state of the whole run, which does not
  /// say at which step the folder was saved.
  private static func places(of path: String) -> [String] {
    let folder = Files.kind(of: path) == .file ? Path.parent(of: path) : path
    let real = (try? Files.realPath(of: folder.isEmpty ? "." : folder)) ?? folder
    let parent = Path.parent(of: real)
    let isWithinSave =
      CheckpointName.isWithinRun(Path.name(of: real)) || CheckpointName.isSave(Path.name(of: parent))
    return isWithinSave ? [real, parent] : [real]
  }
}

extension Save {
  /// How something was seen to be a checkpoint.
  public enum Recognition: Sendable {
    /// By its name: it was not opened.
    case byName
    /// By opening it.
    case opened(Checkpoint)
  }

  /// How `path` is a checkpoint rather than a run: a file of weights, a folder that a trainer saved at one step, or a
  /// folder with weights and no log; nil where it is none.
  public static func recognition(of path: String) -> Recognition? {
    let name = Path.name(of: path)
    switch Files.kind(of: path) {
    case .file:
      switch FileKind(named: name) {
      case .events, .trainer: return nil
      case .checkpoint: return .byName
      case nil: return CheckpointFileName.isShardIndex(name) ? .byName : opened(path)
      }
    case .directory:
      if CheckpointName.isSave(name) { return .byName }
      let isRun = ((try? Files.names(in: path)) ?? []).contains { FileKind.showsTraining($0) || $0 == "runs" }
      return isRun ? nil : opened(path)
    case .pipe, .other, nil: return nil
    }
  }

  private static func opened(_ path: String) -> Recognition? {
    (try? Checkpoint(opening: path)).map(Recognition.opened)
  }
}

extension Collection<Save> {
  /// Whether all are of one training: saved into one folder, or by trainers that tell of the same evaluations up to the
  /// earlier step, as one does that was resumed into another folder.
  public var areOfOneTraining: Bool {
    zip(self, dropFirst()).allSatisfy { before, after in
      before.outputFolder == after.outputFolder
        || CheckpointAnalysis.Relation(Pair(before.training, after.training)) == .oneTraining
    }
  }

  /// The saves of one training by their steps, in whatever order they were named; others as they are.
  public var inOrder: [Save] {
    let steps = map(\.step)
    guard areOfOneTraining, !steps.contains(nil) else { return Array(self) }
    return enumerated().sorted { ($0.element.step ?? 0, $0.offset) < ($1.element.step ?? 0, $1.offset) }
      .map(\.element)
  }
}
