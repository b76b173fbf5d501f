internal import FileSystem

/// The files that FSDP's ranks wrote, each with its part of the tensors (`use_dcp=False`, LOCAL_STATE_DICT), put
/// together by the places that the parts name.
struct RankFiles {
  private(set) var files = CheckpointFiles()
  private(set) var tensors: [TensorDescription] = []
  private(set) var layouts: [TensorLayout] = []
  let globals: [PickleGlobal]
  /// The file of rank 0.
  let first: NumberedArchive?

  private typealias Part = (tensor: PyTorchTensor, file: Int)

  /// The files of the ranks in the folder at `path` that are called `prefix`, the rank's number, `.bin`; nil where
  /// there is none.
  ///
  /// - Throws: `CheckpointError` with the fault `missingRanks` where there is a gap.
  static func paths(
    in path: String, _ names: [String], prefix: String
  ) throws(CheckpointError) -> [String]? {
    let ranks = names.compactMap { RankFileName($0, prefix: prefix, suffix: ".bin") }
    guard let last = ranks.map(\.rank).max() else { return nil }
    let present = Set(ranks.map(\.rank))
    let missing = (0...last).filter { !present.contains($0) }
    guard missing.isEmpty else {
      throw CheckpointError(.sharded(.missingRanks(missing, of: last + 1)), path: path)
    }
    return ranks.sorted { $0.rank < $1.rank }.map { Path.join(path, $0.name) }
  }

  /// Joins what the files at `paths`, in the order of their ranks, hold below the key `key`, or in all.
  ///
  /// - Parameter path: the path to name in errors.
  init(_ paths: [String], below key: String? = nil, path: String) throws(CheckpointError) {
    var names: [String] = []
    var parts: [String: [Part]] = [:]
    var lists: [[PickleGlobal]] = []
    var first: NumberedArchive?
    for rankPath in paths {
      let archive = try files.open(rankPath)
      first = first ?? archive
      lists.append(archive.archive.globals)
      guard let root = key.map({ archive.root[$0] }) ?? archive.root else { continue }
      for found in try archive.tensors(below: root) {
        if parts[found.name] == nil { names.append(found.name) }
        parts[found.name, default: []].append((found.tensor, archive.number))
      }
    }
    self.first = first
    globals = PyTorchArchive.merge(lists)
    for name in names {
      guard let shards = parts[name] else { continue }
      try join(name, shards, path: path)
    }
  }

  private mutating func join(_ name: String, _ shards: [Part], path: String) throws(CheckpointError) {
    guard let first = shards.first?.tensor else { return }
    func fault(_ fault: ShardFault) -> CheckpointError { CheckpointError(.sharded(fault), path: path) }
    guard shards.allSatisfy({ $0.tensor.elementType == first.elementType }) else {
      throw fault(.disagreement(name, what: "its type differs between ranks"))
    }
    let shape = first.shard?.wholeShape ?? first.shape
    guard shape.count == first.shape.count, shape.count <= PyTorchArchive.axisLimit else {
      throw fault(.disagreement(name, what: "its parts have other axes than the whole"))
    }
    guard shards.allSatisfy({ ($0.tensor.shard?.wholeShape ?? $0.tensor.shape) == shape }) else {
      throw fault(.disagreement(name, what: "its shape differs between ranks"))
    }
    let description = try describe(name, first.elementType, shape, path: path)
    var pieces: [TensorPiece] = []
    var reached = 0
    for shard in shards {
      var origin = shape.map { _ in 0 }
      if let known = shard.tensor.shard?.origin {
        guard known.count == shape.count else {
          throw fault(.coverage(name, what: "a part without a place"))
        }
        origin = known
      } else if let axis = shard.tensor.shard?.axis {
        guard shape.indices.contains(axis), shard.tensor.shape.count == shape.count else {
          throw fault(.coverage(name, what: "cut along axis \(axis), which it does not have"))
        }
        origin[axis] = reached
        // An extent is only bounded by the file where no other is 0.
        reached &+= shard.tensor.shape[axis]
      } else if !pieces.isEmpty {
        continue
      }
      pieces.append(shard.tensor.piece(file: shard.file, origin: origin))
    }
    pieces.removeAll { $0.extents.contains(0) }
    do { try BoxCoverage.check(pieces.map { ($0.origin, $0.extents) }, shape: shape) } catch {
      throw fault(.coverage(name, what: error.description))
    }
    tensors.append(description)
    layouts.append(TensorLayout(pieces: pieces, shape: shape))
  }
}
