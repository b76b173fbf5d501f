import Analysis
import Bytes
import Checkpoint
import GateConfiguration
import RunFolder
import Weights

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
      throw Failure(status: error.status, message: "\(origin): \(error.message)")
    }
  }

  /// The golden file that `paths` name; nil where they name runs.
  private static func golden(of paths: [String]) throws(Failure) -> GoldenBaseline? {
    guard let first = paths.first, let golden = try golden(first) else { return nil }
    guard paths.count == 1 else {
      throw Failure(
        status: .usage, message: "\(first): a golden file is a baseline of its own; name no other beside it")
    }
    return golden
  }

  /// The golden file at `path`; nil where there is something else.
  private static func golden(_ path: String) throws(Failure) -> GoldenBaseline? {
    guard Path.name(of: path) != "trainer_state.json", Files.kind(of: path) == .file,
      path.hasSuffix(".json") || isGolden(path)
    else { return nil }
    do {
      return try GoldenBaseline(parsing: try Files.read(path, limit: 1 << 26), path: path)
    } catch {
      throw Failure(status: .unreadable, message: "\(error)")
    }
  }

  /// Whether the file at `path` begins as a golden file does, whatever it is called.
  private static func isGolden(_ path: String) -> Bool {
    guard let file = try? MappedFile(path: path) else { return false }
    let bytes = file.bytes
    let start = bytes.extracting(0..<min(bytes.byteCount, 200)).repairedText()
    return start.hasPrefix("{") && start.contains(GoldenBaseline.formatName)
  }

  /// How the weights changed between the baseline's last ones and those of `run`; without a baseline, between the
  /// run's last two checkpoints.
  static func weights(of run: TrainingRun, baseline: GateBaseline) -> WeightsEvidence {
    do throws(CheckpointError) {
      let after = try last(run.outputPath ?? run.path, run.checkpoints)
      let before: Checkpoint
      switch baseline {
      case .runs(let runs):
        guard let first = runs.first else { return .unavailable("there is no baseline") }
        before = try last(first.outputPath ?? first.path, first.checkpoints)
      case .golden(let golden):
        guard let first = golden.runs.first else { return .unavailable("there is no baseline") }
        // The file knows the run's path alone.
        let folder = try? OpenedFolder(opening: first.path, acceptsCheckpoints: true)
        before = try last(first.path, folder?.runs.first?.checkpoints ?? [])
      case .none:
        guard run.checkpoints.count >= 2 else {
          return .unavailable("there is no baseline, and the run has less than two checkpoints")
        }
        before = try Checkpoint(opening: run.checkpoints[run.checkpoints.count - 2].path)
      }
      return .changes(changes(try CheckpointComparison(before, after)))
    } catch {
      return .unavailable("the weights could not be compared: \(error)")
    }
  }

  /// Compares the weights that `run` or the baseline ended with with copies of themselves, for a self-test; nil where
  /// there are none that can be opened.
  static func weightsCopy(of run: TrainingRun, baseline: GateBaseline) -> GateSelfTest.WeightsCopy? {
    guard let original = try? last(of: baseline, else: run) else { return nil }
    return { pattern, factor in
      do throws(CheckpointError) {
        guard factor != 1 else { return .changes(changes(try CheckpointComparison(original, original))) }
        guard let copy = original.scaling(by: factor, where: pattern.matches) else {
          return .unavailable("the baseline's weights have no floating-point tensor that the pattern fits")
        }
        return .changes(changes(try CheckpointComparison(original, copy)))
      } catch {
        return .unavailable("the baseline's weights could not be compared with a copy: \(error)")
      }
    }
  }

  private static func last(
    of baseline: GateBaseline, else run: TrainingRun
  ) throws(CheckpointError) -> Checkpoint {
    switch baseline {
    case .runs(let runs):
      guard let first = runs.first else { fallthrough }
      return try last(first.path, first.checkpoints)
    case .golden, .none: return try last(run.path, run.checkpoints)
    }
  }

  /// Whether the folder of a run holds weights itself, beside its logs.
  static func hasWeights(_ path: String) -> Bool { (try? Checkpoint(opening: path)) != nil }

  /// The weights that a training ended with: those beside its logs, else its last checkpoint's.
  private static func last(
    _ path: String, _ checkpoints: [CheckpointFolder]
  ) throws(CheckpointError) -> Checkpoint {
    do throws(CheckpointError) {
      return try Checkpoint(opening: path)
    } catch {
      guard let last = checkpoints.last else { throw error }
      return try Checkpoint(opening: last.path)
    }
  }

  private static func changes(_ comparison: CheckpointComparison) -> [WeightChange] {
    let modules = comparison.modules.map { module in
      WeightChange(
        name: module.name.name, relativeChange: module.relativeChange ?? .nan,
        differenceNorm: module.differenceNorm ?? .nan, cosine: module.cosine ?? .nan)
    }
    return modules
      + comparison.tensors.map { tensor in
        WeightChange(
          name: tensor.name,
          relativeChange: tensor.relativeChange ?? (tensor.isIdentical ? 0 : .infinity),
          differenceNorm: tensor.nonFinite.after.count > 0 ? .nan : tensor.differenceNorm,
          cosine: tensor.cosine ?? (tensor.isIdentical ? 1 : 0))
      }
  }
}
