import Analysis
import Experiment
import GateConfiguration
import RunFolder

/// Opening what gates are held against.
enum BaselineOpening {
  /// The one run that `path` leads to.
  static func run(_ path: String) throws(Failure) -> TrainingRun { try only(Opening.open(path), at: path) }

  private static func only(_ folder: OpenedFolder, at path: String) throws(Failure) -> TrainingRun {
    guard folder.runs.count == 1, let run = folder.runs.first else {
      let names = folder.runs.prefix(5).map(\.path).joined(separator: ", ")
      throw Failure(
        status: .usage,
        message: "\(path): holds \(Words.count(folder.runs.count, "run")); name one of them: \(names)"
          + (folder.runs.count > 5 ? ", …" : ""))
    }
    return run
  }

  /// The one run that `path` leads to, and the baseline that `baselines` lead to: runs, which are read at the same time,
  /// or one golden file.
  ///
  /// - Parameter origin: where the baseline is named, for what is wrong with it.
  static func open(
    _ path: String, against baselines: [String], namedBy origin: String
  ) throws(Failure) -> (run: TrainingRun, baseline: GateBaseline) {
    let file = Result { () throws(Failure) in try golden(of: baselines) }
    let isFile = if case .success(nil) = file { false } else { true }
    let results = Opening.results([path] + (isFile ? [] : baselines))
    let run = try only(Opening.told(results[0]), at: path)
    do throws(Failure) {
      if let golden = try file.get() { return (run, .golden(golden)) }
      var runs: [TrainingRun] = []
      for result in results.dropFirst() { runs += try Opening.told(result).runs }
      return (run, baselines.isEmpty ? .none : .runs(runs))
    } catch {
      throw Failure(status: error.status, message: "\(origin): \(error.message)", details: error.details)
    }
  }

  /// The golden file that `paths` name; nil where they name runs.
  private static func golden(of paths: [String]) throws(Failure) -> GoldenBaseline? {
    guard let first = paths.first else { return nil }
    let golden: GoldenBaseline?
    do throws(GoldenFileError) {
      golden = try GoldenBaseline(opening: first)
    } catch {
      throw Failure(status: .unreadable, message: "\(error)")
    }
    guard let golden else { return nil }
    guard paths.count == 1 else {
      throw Failure(
        status: .usage, message: "\(first): a golden file is a baseline of its own; name no other beside it")
    }
    return golden
  }
}
