import Analysis
import Bytes
import Checkpoint
import RunFolder
import Weights

/// The checkpoints of a run, each compared with the one before.
enum RunCheckpoints {
  /// The bytes of weights that a report reads at most; beyond, checkpoints are listed without figures.
  private static let byteLimit = 1 << 36

  /// The history of the checkpoints of `run`; nil where it has none.
  static func history(of run: TrainingRun) -> CheckpointHistory? {
    var seen = Set<Int64>()
    let folders = run.checkpoints.filter { seen.insert($0.step).inserted }
    guard !folders.isEmpty else { return nil }
    var entries: [CheckpointHistory.Entry] = []
    var previous: (checkpoint: Checkpoint, configuration: AdapterConfiguration?)?
    var last: CheckpointAnalysis?
    var byteCount = 0
    for folder in folders {
      let training = CheckpointTraining(run, step: folder.step)
      var entry = CheckpointHistory.Entry(step: folder.step, path: folder.path, training: training)
      do throws(CheckpointError) {
        let checkpoint = try Checkpoint(opening: folder.path)
        byteCount += checkpoint.tensorByteCount
        guard byteCount <= byteLimit else {
          entry.problem = "not read: too many bytes for a report, see 'ftreport compare'"
          entries.append(entry)
          continue
        }
        let before = entries.last { $0.problem == nil }?.training
        let comparison: CheckpointComparison
        let configuration = try AdapterOpening.configuration(of: checkpoint, run: run)
        if let previous {
          comparison = try CheckpointComparison(
            previous.checkpoint, checkpoint, configurations: Pair(previous.configuration, configuration))
        } else {
          comparison = try CheckpointComparison(examining: checkpoint, configuration: configuration)
        }
        let analysis = CheckpointAnalysis(
          comparison, training: Pair(comparison.isPair ? before : nil, training))
        let total = comparison.total
        if total.count.after > 0 { entry.norm = total.norm.after }
        if comparison.isPair, min(total.count.before, total.count.after) > 0 || comparison.isIdentical {
          entry.change = .init(analysis)
        }
        entry.nonFiniteCount = comparison.tensors.reduce(0) { $0 + $1.nonFinite.after.count }
        previous = (checkpoint, configuration)
        last = analysis
      } catch {
        // The row says which folder it is.
        entry.problem = error.path == folder.path ? error.fault.description : error.description
      }
      entries.append(entry)
    }
    return CheckpointHistory(entries: entries, last: last)
  }
}
