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
  init(_ paths: [String], base: String?, alpha: Double?) throws(Failure) {
    do throws(CheckpointError) {
      var saves: [Save] = []
      for path in paths { saves.append(try Save(opening: path, alpha: alpha)) }
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

  /// Compares them, and prints the outcome or writes it into a folder.
  func run(format: PageFormat?, output: String?) throws {
    if saves.count > 2 {
      let title = CheckpointName.outputFolder(of: saves[0].path)
      let report = CheckpointHistoryReport(
        CheckpointHistory(of: saves, base: base), title: Path.name(of: title))
      try StandardStream.output.write(report.text(in: format ?? .term, style: .current))
      if format == nil { try write(report.files, to: output) }
      return
    }
    let analysis: CheckpointAnalysis
    do throws(CheckpointError) {
      analysis = try CheckpointAnalysis(saves[0], saves[1], base: base)
    } catch {
      throw Failure(status: .unreadable, message: error.description)
    }
    let report = CheckpointReport(analysis)
    try StandardStream.output.write(report.text(in: format ?? .term, style: .current))
    if format == nil { try write(report.files, to: output) }
  }

  private func write(_ files: [ReportFile], to output: String?) throws {
    guard let output else { return }
    let folder = ReportFolder(on: "\(name(saves.first))-\(name(saves.last))", in: output)
    try folder.write { _ in files }
    try StandardStream.output.write("\n\(Path.join(folder.path, "report.md"))\n")
  }

  private func name(_ save: Save?) -> String {
    guard let path = save?.path else { return "" }
    return Path.name(of: (try? Files.realPath(of: path)) ?? path)
  }
}
