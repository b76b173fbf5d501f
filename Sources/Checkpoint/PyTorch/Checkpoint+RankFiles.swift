internal import Bytes

extension Checkpoint {
  /// Joins the files that FSDP's ranks wrote, each with its part of the tensors (`use_dcp=False`).
  ///
  /// - Parameter paths: the files, in the order of their ranks.
  static func openRankFiles(_ paths: [String], path: String) throws(CheckpointError) -> Checkpoint {
    var files = CheckpointFiles()
    var names: [String] = []
    var parts: [String: [(tensor: PyTorchTensor, file: Int)]] = [:]
    var globals: [[PickleGlobal]] = []
    for rankPath in paths {
      let archive = try files.open(rankPath)
      globals.append(archive.archive.globals)
      for found in try archive.tensors(below: archive.root) {
        if parts[found.name] == nil { names.append(found.name) }
        parts[found.name, default: []].append((found.tensor, archive.number))
      }
    }
    var tensors: [TensorDescription] = []
    var layouts: [TensorLayout] = []
    for name in names {
      guard let shards = parts[name], let first = shards.first else { continue }
      func fault(_ fault: ShardFault) -> CheckpointError { CheckpointError(.sharded(fault), path: path) }
      guard shards.allSatisfy({ $0.tensor.elementType == first.tensor.elementType }) else {
        throw fault(.disagreement(name, what: "its type differs between ranks"))
      }
      let shape = first.tensor.shard?.wholeShape ?? first.tensor.shape
      guard shape.count == first.tensor.shape.count, shape.count <= PyTorchArchive.axisLimit else {
        throw fault(.disagreement(name, what: "its parts have other axes than the whole"))
      }
      let description = try describe(name, first.tensor.elementType, shape, path: path)
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
    return Checkpoint(
      path: path, format: .shardedPyTorch, files: files.descriptions, globals: PyTorchArchive.merge(globals),
      source: AssembledSource(tensors: tensors, layouts: layouts, files: files.files))
  }
}
