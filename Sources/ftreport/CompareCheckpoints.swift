import Analysis
import Bytes
import Checkpoint
import JSON
import Report
import RunFolder
import Weights

/// The side of `ftreport compare` that compares checkpoints.
enum CompareCheckpoints {
  /// Whether `path` is a checkpoint rather than a run: a file of weights, a folder that a trainer saved at one step,
  /// or a folder with weights and no log.
  static func recognises(_ path: String) -> Bool {
    switch Files.kind(of: path) {
    case .file:
      let name = Path.name(of: path)
      if name.contains("tfevents") || name.hasSuffix(".jsonl") || name == "trainer_state.json" {
        return false
      }
      return (try? Checkpoint(opening: path)) != nil || weightEndings.contains { name.hasSuffix($0) }
    case .directory:
      let name = Path.name(of: path)
      if CheckpointName.isSave(name) { return true }
      let names = (try? Files.names(in: path)) ?? []
      let isRun = names.contains { name in
        name.contains("tfevents") || name == "trainer_log.jsonl" || name == "trainer_state.json"
          || name == "runs"
          || CheckpointName.isSave(name)
      }
      return !isRun && (try? Checkpoint(opening: path)) != nil
    case .other, nil: return false
    }
  }

  private static let weightEndings = [".safetensors", ".safetensors.index.json", ".bin", ".pt", ".pth"]

  /// Compares the checkpoints at two paths, and prints the outcome or writes it into a folder.
  static func run(
    _ before: String, _ after: String, base: String?, alpha: Double?, format: CheckpointFormat?,
    output: String?
  ) throws {
    let report = CheckpointReport(try analysis(before, after, base: base, alpha: alpha))
    switch format {
    case .md: try StandardStream.output.write(report.markdown)
    case .json: try StandardStream.output.write(report.json)
    case .text: try StandardStream.output.write(report.terminalText(.current))
    case nil:
      try StandardStream.output.write(report.terminalText(.current))
      guard let output else { return }
      let folder = ReportFolder(path: Path.join(output, "\(name(before))-\(name(after)).report"))
      try folder.write(report.files.map { ($0.path, $0.text) })
      try StandardStream.output.write("\n\(Path.join(folder.path, "report.md"))\n")
    }
  }

  private static func name(_ path: String) -> String {
    Path.name(of: (try? Files.realPath(of: path)) ?? path)
  }

  /// Compares the checkpoints at two paths.
  ///
  /// - Parameters:
  ///   - base: the model that adapters belong to, for what its weights tell about theirs.
  ///   - alpha: the α of adapters that have no configuration.
  static func analysis(
    _ before: String, _ after: String, base: String? = nil, alpha: Double? = nil
  ) throws(Failure) -> CheckpointAnalysis {
    do throws(CheckpointError) {
      let first = try Checkpoint(opening: before)
      let second = try Checkpoint(opening: after)
      let configurations = Pair(
        try AdapterOpening.configuration(of: first, alpha: alpha),
        try AdapterOpening.configuration(of: second, alpha: alpha))
      var model: Checkpoint?
      if let base { model = try Checkpoint(opening: base) }
      let comparison = try CheckpointComparison(first, second, base: model, configurations: configurations)
      let training = Pair(training(at: before), training(at: after))
      let isOneFolder = CheckpointName.outputFolder(of: before) == CheckpointName.outputFolder(of: after)
      return CheckpointAnalysis(
        comparison, training: training,
        relation: isOneFolder ? .oneTraining : CheckpointAnalysis.Relation(training))
    } catch {
      throw Failure(status: .unreadable, message: error.description)
    }
  }

  /// What the trainer's state beside or in `path` says; nil without one.
  static func training(at path: String) -> CheckpointTraining? {
    var folder = path
    if Files.kind(of: path) == .file { folder = Path.parent(of: path) }
    let real = (try? Files.realPath(of: folder.isEmpty ? "." : folder)) ?? folder
    // A folder within a checkpoint (global_step500, a named adapter) has the state above it.
    for place in [real, Path.parent(of: real)] {
      guard let state = try? TrainerState(reading: Path.join(place, "trainer_state.json")) else { continue }
      return CheckpointTraining(
        state,
        step: CheckpointName.step(of: Path.name(of: place)) ?? CheckpointName.step(of: Path.name(of: real)))
    }
    return nil
  }
}
