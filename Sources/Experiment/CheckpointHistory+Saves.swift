public import Analysis
public import Checkpoint
public import RunFolder
internal import Weights

extension CheckpointHistory {
  /// The history of the checkpoints of `run`; nil where it has none.
  ///
  /// - Parameter byteLimit: the bytes of weights that are read at most; further checkpoints are listed without figures.
  public init?(of run: TrainingRun, byteLimit: Int = 1 << 36) {
    var seen = Set<Int64>()
    let folders = run.checkpoints.filter { seen.insert($0.step).inserted }
    guard !folders.isEmpty else { return nil }
    var builder = Builder(byteLimit: byteLimit)
    for folder in folders {
      builder.add(
        Entry(step: folder.step, path: folder.path, training: CheckpointTraining(run, step: folder.step))
      ) { () throws(CheckpointError) in
        let checkpoint = try Checkpoint(opening: folder.path)
        return (checkpoint, try AdapterSettings.find(for: checkpoint, run: run))
      }
    }
    self = builder.history
  }

  /// The history of `saves` of one training, by their steps.
  ///
  /// - Parameter base: the model that adapters belong to.
  public init(of saves: [Save], base: Checkpoint? = nil) {
    var builder = Builder(byteLimit: .max, base: base)
    for save in saves.inOrder {
      builder.add(Entry(step: save.step ?? 0, path: save.path, training: save.training)) {
        () throws(CheckpointError) in (save.checkpoint, save.configuration)
      }
    }
    self = builder.history
  }

  /// Goes from save to save, with the one before at hand.
  private struct Builder {
    typealias Opened = (checkpoint: Checkpoint, configuration: AdapterConfiguration?)

    var byteLimit: Int
    var base: Checkpoint?
    private var entries: [Entry] = []
    private var previous: Opened?
    /// How the saves that could be read are opened, by the index of their entry: a long history keeps none of them mapped.
    private var readable: [Int: () throws(CheckpointError) -> Opened] = [:]
    private var last: CheckpointAnalysis?
    private var byteCount = 0

    init(byteLimit: Int, base: Checkpoint? = nil) {
      self.byteLimit = byteLimit
      self.base = base
    }

    var history: CheckpointHistory {
      var history = CheckpointHistory(entries: entries, last: last)
      history.averaging = averaging(history)
      return history
    }

    /// What the distances between three neighbouring saves tell; nil where one of them cannot be had.
    private func averaging(_ history: CheckpointHistory) -> SaveAveraging? {
      guard let places = history.averagingCandidates, let last = readable.keys.max() else { return nil }
      let isOfAdapter = history.last?.comparison.modules.isEmpty == false
      // A whole model's saves are read once more for each distance.
      guard isOfAdapter || 2 * byteCount <= byteLimit else { return nil }
      func distance(_ first: Int, _ second: Int) -> Double? {
        if second == first + 1, let change = entries[second].change { return change.norm }
        guard let before = try? readable[first]?(), let after = try? readable[second]?() else { return nil }
        let comparison = try? CheckpointComparison(
          before.checkpoint, after.checkpoint, base: base,
          configurations: Pair(before.configuration, after.configuration))
        return comparison.map(\.total.differenceNorm)
      }
      guard let first = distance(places[0], places[1]), let second = distance(places[1], places[2]),
        let whole = distance(places[0], places[2])
      else { return nil }
      let movement = isOfAdapter ? entries[last].norm : readable.keys.min().flatMap { distance($0, last) }
      return movement.flatMap { movement in
        SaveAveraging(
          steps: places.map { entries[$0].step }, distances: [first, second, whole], movement: movement,
          isOfAdapter: isOfAdapter)
      }
    }

    /// Adds the save that `entry` is of; `open` gives its tensors.
    mutating func add(_ entry: Entry, open: @escaping () throws(CheckpointError) -> Opened) {
      var entry = entry
      do throws(CheckpointError) {
        if try examine(try open(), &entry) { readable[entries.count] = open }
      } catch {
        // The row says which folder it is.
        entry.problem = error.path == entry.path ? error.fault.description : error.description
        if case .system(let error) = error.fault { entry.isRefused = error.isRefusal }
      }
      entries.append(entry)
    }

    /// Fills `entry`; false where the save is one too many to be read.
    private mutating func examine(_ opened: Opened, _ entry: inout Entry) throws(CheckpointError) -> Bool {
      byteCount += opened.checkpoint.tensorByteCount
      guard byteCount <= byteLimit else {
        entry.problem = "not read: too many bytes for a report, see 'ftreport compare'"
        return false
      }
      let comparison: CheckpointComparison
      if let previous {
        comparison = try CheckpointComparison(
          previous.checkpoint, opened.checkpoint, base: base,
          configurations: Pair(previous.configuration, opened.configuration))
      } else {
        comparison = try CheckpointComparison(
          examining: opened.checkpoint, configuration: opened.configuration)
      }
      let before = entries.last { $0.problem == nil }?.training
      let analysis = CheckpointAnalysis(
        comparison, training: Pair(comparison.isPair ? before : nil, entry.training))
      let total = comparison.total
      if total.count.after > 0 { entry.norm = total.norm.after }
      if comparison.isPair, min(total.count.before, total.count.after) > 0 || comparison.isIdentical {
        entry.change = .init(analysis)
      }
      entry.typeNorms = TypeNorm.norms(of: analysis)
      entry.nonFiniteCount = comparison.tensors.reduce(0) { $0 + $1.nonFinite.after.count }
      previous = opened
      last = analysis
      return true
    }
  }
}
