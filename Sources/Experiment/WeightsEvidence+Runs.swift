public import Analysis
internal import Checkpoint
public import RunFolder
internal import Weights

extension WeightsEvidence {
  /// How the weights changed between the baseline's last ones and those of `run`; without a baseline, between the run's
  /// last two checkpoints.
  public init(of run: TrainingRun, baseline: GateBaseline) {
    do throws(CheckpointError) {
      let after = try FinalWeights(lastOf: run)
      let before: FinalWeights
      switch baseline {
      case .runs(let runs):
        guard let first = runs.first else {
          self = .unavailable("there is no baseline")
          return
        }
        before = try FinalWeights(lastOf: first)
      case .golden(let golden):
        guard let first = golden.runs.first else {
          self = .unavailable("there is no baseline")
          return
        }
        // The file knows the run's path alone.
        let folder = try? OpenedFolder(opening: first.path, acceptsCheckpoints: true)
        before = try FinalWeights(lastOf: folder?.runs.first ?? TrainingRun(name: "", path: first.path))
      case .none:
        guard let save = run.checkpoints.dropLast().last else {
          self = .unavailable("there is no baseline, and the run has less than two checkpoints")
          return
        }
        before = try FinalWeights(at: save.path, of: run)
      }
      self = .changes(try before.changes(to: after))
    } catch {
      self = .unavailable("the weights could not be compared: \(error)")
    }
  }
}

extension GateSelfTest {
  /// Compares the weights that the baseline, or `run`, ended with with copies of themselves; nil where there are none
  /// that can be opened.
  public static func weightsCopy(of run: TrainingRun, baseline: GateBaseline) -> WeightsCopy? {
    var subject = run
    if case .runs(let runs) = baseline, let first = runs.first { subject = first }
    guard let original = try? FinalWeights(lastOf: subject) else { return nil }
    return { pattern, factor in
      do throws(CheckpointError) {
        var copy = original
        if factor != 1 {
          guard let scaled = original.checkpoint.scaling(by: factor, where: pattern.matches) else {
            return .unavailable("the baseline's weights have no floating-point tensor that the pattern fits")
          }
          copy.checkpoint = scaled
        }
        return .changes(try original.changes(to: copy))
      } catch {
        return .unavailable("the baseline's weights could not be compared with a copy: \(error)")
      }
    }
  }
}

/// The weights of one save of a run, with the settings of its adapter.
private struct FinalWeights {
  var checkpoint: Checkpoint
  var configuration: AdapterConfiguration?

  init(at path: String, of run: TrainingRun) throws(CheckpointError) {
    checkpoint = try Checkpoint(opening: path)
    configuration = try AdapterSettings.find(for: checkpoint, run: run)
  }

  /// Those that a training ended with: beside its logs, else in its last checkpoint.
  init(lastOf run: TrainingRun) throws(CheckpointError) {
    do throws(CheckpointError) {
      try self.init(at: run.outputPath ?? run.path, of: run)
    } catch {
      guard let last = run.checkpoints.last else { throw error }
      try self.init(at: last.path, of: run)
    }
  }

  /// A change for each module and each tensor.
  func changes(to after: FinalWeights) throws(CheckpointError) -> [WeightChange] {
    let comparison = try CheckpointComparison(
      checkpoint, after.checkpoint, configurations: Pair(configuration, after.configuration))
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
