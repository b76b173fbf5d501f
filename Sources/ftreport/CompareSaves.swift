import Analysis
import Checkpoint
import Experiment
import FileSystem
import Report

/// The side of `ftreport compare` that compares checkpoints.
struct CompareSaves {
  private let saves: [Save]
  private let base: Checkpoint?

  /// Opens the saves at `paths`; `base` is the path of the model that adapters belong to.
  init(
    _ paths: [(path: String, recognised: Save.Recognition)], base: String?, alpha: Double?
  ) throws(Failure) {
    do throws(CheckpointError) {
      var saves: [Save] = []
      for (path, recognised) in paths {
        saves.append(try Save(opening: path, alpha: alpha, recognised: recognised))
      }
      self.saves = saves.inOrder
      var model: Checkpoint?
      if let base { model = try Checkpoint(opening: base) }
      self.base = model
    } catch {
      throw Failure(status: .unreadable, message: error.description)
    }
    guard saves.count >= 2 else { throw Failure(status: .usage, message: "give two checkpoints to compare") }
    guard saves.count == 2 || (saves.areOfOneTraining && saves.allSatisfy { $0.step != nil }) else {
      throw Failure(
        status: .usage,
        message:
          "give two checkpoints to compare; more of them only where all are saves of one training, at steps "
          + "that their names or the trainer tell")
    }
  }

  /// Compares them, and prints the outcome or writes it into a folder, with `clean` applied to every text.
  func run(format: PageFormat?, output: String?, _ clean: @Sendable (String) -> String) throws {
    if saves.count > 2 {
      let title = CheckpointName.outputFolder(of: saves[0].path)
      let report = CheckpointHistoryReport(
        CheckpointHistory(of: saves, base: base), title: Path.name(of: title))
      return try write(report, { report.files }, format, output, clean)
    }
    let analysis: CheckpointAnalysis
    do throws(CheckpointError) {
      analysis = try CheckpointAnalysis(saves[0], saves[1], base: base)
    } catch {
      throw Failure(status: .unreadable, message: error.description)
    }
    let report = CheckpointReport(analysis)
    try write(report, { report.files }, format, output, clean)
  }

  private func write(
    _ report: some Presentable, _ files: () -> [ReportFile], _ format: PageFormat?, _ output: String?,
    _ clean: @Sendable (String) -> String
  ) throws {
    try report.print(in: format ?? .term, clean)
    guard format == nil, let output else { return }
    let folder = ReportFolder(on: clean("\(name(saves.first))-\(name(saves.last))"), in: output)
    let written = files()
    try folder.write(cleaning: clean) { _ in written }
    try StandardStream.output.write("\n\(Path.join(folder.path, "report.md"))\n")
  }

  private func name(_ save: Save?) -> String {
    guard let path = save?.path else { return "" }
    return Path.name(of: (try? Files.realPath(of: path)) ?? path)
  }
}
