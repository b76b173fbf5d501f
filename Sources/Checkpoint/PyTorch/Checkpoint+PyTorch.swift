internal import Bytes
internal import FileSystem

extension Checkpoint {
  /// The names under which the HF libraries save a state with `torch.save`, the more telling first.
  static let pytorchFileNames = ["adapter_model.bin", "pytorch_model.bin", "pytorch_model_fsdp.bin"]

  /// Opens a file that `torch.save` wrote, an index with its shards, the files of FSDP's ranks, or a folder that
  /// holds either.
  static func openPyTorch(_ path: String, _ kind: FileStatus.Kind) throws(CheckpointError) -> Checkpoint? {
    if kind == .directory { return try openPyTorchFolder(path) }
    if path.hasSuffix(".bin.index.json") { return try openPyTorchShards(index: path) }
    let file: MappedFile
    do { file = try MappedFile(path: path) } catch { throw CheckpointError(error) }
    guard PyTorchArchive.container(of: file.bytes) != nil || isBarePickle(file) else { return nil }
    return try openPyTorchFiles([path], path: path, format: .pytorch)
  }

  /// Whether a file with the name of a pickle is one of the oldest protocols, which begin with no mark of their
  /// own. torch would load it, and run what it names.
  private static func isBarePickle(_ file: MappedFile) -> Bool {
    guard CheckpointFileName.mayBeBarePickle(Path.name(of: file.path)) else { return false }
    var reader = ByteReader(file.bytes)
    return PickleReader.recognises(&reader)
  }

  private static func openPyTorchFolder(_ path: String) throws(CheckpointError) -> Checkpoint? {
    let names: [String]
    do { names = try Files.names(in: path) } catch { throw CheckpointError(error) }
    if names.contains("adapter_model.bin") {
      return try openPyTorchFiles([Path.join(path, "adapter_model.bin")], path: path, format: .pytorch)
        .joining(besides: names, in: path)
    }
    if let index = names.first(where: { $0.hasSuffix(".bin.index.json") }) {
      return try openPyTorchShards(index: Path.join(path, index))
    }
    if let name = pytorchFileNames.first(where: names.contains) {
      return try openPyTorchFiles([Path.join(path, name)], path: path, format: .pytorch)
    }
    return try openRankFiles(path, names)
  }

  private static func openPyTorchShards(index path: String) throws(CheckpointError) -> Checkpoint {
    let index = try ShardIndex(path: path)
    let folder = Path.parent(of: path)
    for name in index.fileNames where Files.kind(of: Path.join(folder, name)) == nil {
      let count = index.files.values.reduce(0) { $0 + ($1 == name ? 1 : 0) }
      throw CheckpointError(.missingShard(name, tensorCount: count), path: path)
    }
    var parts: [PyTorchPart] = []
    for name in index.fileNames { parts.append(try PyTorchPart(path: Path.join(folder, name))) }
    let source = try JoinedSource(parts.map(\.source))
    let held = Dictionary(
      zip(index.fileNames, parts.map { Set($0.source.tensors.map(\.name)) })
    ) { first, _ in first }
    let byteCount = source.tensors.reduce(0) { $0 &+ $1.byteCount }
    let remarks = try index.check(path: path, held: held, byteCount: byteCount)
    return Checkpoint(
      path: path, format: .shardedPyTorch, files: parts.flatMap(\.files), remarks: remarks,
      globals: PyTorchArchive.merge(parts.map(\.globals)), source: source)
  }

  /// The tensors of one file, or of several whose names do not repeat.
  private static func openPyTorchFiles(
    _ paths: [String], path: String, format: Format
  ) throws(CheckpointError) -> Checkpoint {
    var parts: [PyTorchPart] = []
    for path in paths { parts.append(try PyTorchPart(path: path)) }
    return Checkpoint(
      path: path, format: format, files: parts.flatMap(\.files), remarks: parts.flatMap(\.remarks),
      globals: PyTorchArchive.merge(parts.map(\.globals)), source: try JoinedSource(parts.map(\.source)))
  }
}

/// One file that `torch.save` wrote, as a source of tensors.
struct PyTorchPart {
  let source: AssembledSource
  let files: [Checkpoint.File]
  let globals: [PickleGlobal]
  let remarks: [String]

  init(path: String) throws(CheckpointError) {
    var files = CheckpointFiles()
    let archive = try files.open(path)
    var tensors: [TensorDescription] = []
    var layouts: [TensorLayout] = []
    var shardCount = 0
    for found in try archive.tensors(below: archive.root) {
      tensors.append(try describe(found.name, found.tensor.elementType, found.tensor.shape, path: path))
      layouts.append(found.tensor.layout(file: archive.number))
      if let shard = found.tensor.shard, shard.wholeShape != found.tensor.shape { shardCount += 1 }
    }
    source = AssembledSource(tensors: tensors, layouts: layouts, files: files.files)
    self.files = files.descriptions
    globals = archive.archive.globals
    remarks =
      (shardCount == 0
        ? [] : ["\(Path.name(of: path)): \(shardCount) tensors are one rank's part of a distributed tensor"])
      + Checkpoint.flatParameterRemarks(tensors.map(\.name))
  }
}

/// A file name that carries the number of a rank.
package struct RankFileName {
  package let name: String
  package let rank: Int

  package init?(_ name: String, prefix: String, suffix: String) {
    guard name.hasPrefix(prefix), name.hasSuffix(suffix), name.count > prefix.count + suffix.count,
      let rank = Int(name.dropFirst(prefix.count).dropLast(suffix.count)), (0..<1 << 20).contains(rank)
    else { return nil }
    self.name = name
    self.rank = rank
  }
}
