internal import FileSystem

/// A save of DeepSpeed's: what its model-parallel ranks hold, put together.
struct ZeROModel: Sendable {
  /// The model-parallel ranks, each joined over its ranks of data.
  private(set) var ranks: [ZeROCheckpoint]
  private(set) var tensors: [TensorDescription] = []
  private(set) var layouts: [TensorLayout] = []
  private(set) var remarks: [String] = []
  let files: CheckpointFiles
  let globals: [PickleGlobal]
  let path: String
  private let rules: TensorParallelRules
  /// How many ranks of tensor parallelism there were, where the files say so.
  let tensorDegree: Int?
  let stageCount: Int?

  init(_ folder: ZeROFolder) throws(CheckpointError) {
    path = folder.path
    var files = CheckpointFiles()
    var ranks: [ZeROCheckpoint] = []
    for rank in folder.ranks where rank.hasStates {
      ranks.append(try ZeROCheckpoint(rank, path: folder.path, files: &files))
    }
    let root = ranks[0].modelStates[0].root
    let size = root["mp_world_size"]?.int ?? 0
    let present = Set(ranks.map(\.folder.number))
    let missing = (0..<min(size, 1 << 12)).filter { !present.contains($0) }
    guard missing.isEmpty else {
      throw CheckpointError(
        .sharded(
          .missingFile(
            "the state of model-parallel \(missing.count == 1 ? "rank" : "ranks") "
              + "\(missing.prefix(8).map(String.init).joined(separator: ", ")) of \(size)")),
        path: folder.path)
    }
    var layers: [[TensorParallelJoin.Tensor]] = []
    var lists = ranks.map(\.globals)
    for rank in folder.ranks where !rank.layerFiles.isEmpty {
      layers.append(try Self.layers(rank, path: folder.path, files: &files, globals: &lists))
    }
    let dimensions = root["checkpoint_parallel_dimensions"]
    tensorDegree = dimensions?["tp_degree"]?.int
    stageCount = dimensions?["pp_degree"]?.int
    rules = TensorParallelRules(root["universal_checkpoint_info"])
    self.files = files
    self.ranks = ranks
    globals = PyTorchArchive.merge(lists)

    var join = TensorParallelJoin(rules: rules, degree: tensorDegree, path: folder.path)
    var found = try join.join(
      ranks.map { Array(zip($0.tensors, $0.layouts)) }, files: files.files)
    // A stage of a pipeline leaves its module to the files of its layers: where there are masters, buffers alone
    // are missing.
    found += try join.join(layers, files: files.files)
    var names: Set<String> = []
    for tensor in found where names.insert(tensor.description.name).inserted {
      tensors.append(tensor.description)
      layouts.append(tensor.layout)
    }
    if ranks.count > 1, let pattern = rules.unreadable.first {
      remarks.append(
        "universal_checkpoint_info has \(rules.unreadable.count) patterns that are not understood (\(pattern)); "
          + "names tell how ranks belong together")
    }
    for rank in ranks {
      for remark in rank.remarks where !remarks.contains(remark) { remarks.append(remark) }
    }
    remarks += join.remarks
    if !folder.expertOptimizers.isEmpty {
      remarks.append(
        "not read: \(folder.expertOptimizers.joined(separator: ", ")): the optimizer of each rank of experts, whose "
          + "parameters have numbers and no names")
    }
    if !folder.unread.isEmpty {
      remarks.append(
        "not read: \(folder.unread.joined(separator: ", ")): file names that DeepSpeed is not known to give")
    }
  }

  /// The tensors in the files of a pipeline's layers, named by the layers' numbers.
  private static func layers(
    _ rank: ZeROFolder.Rank, path: String, files: inout CheckpointFiles, globals: inout [[PickleGlobal]]
  ) throws(CheckpointError) -> [TensorParallelJoin.Tensor] {
    var tensors: [TensorParallelJoin.Tensor] = []
    for file in rank.layerFiles {
      let archive = try files.open(Path.join(path, file.name))
      globals.append(archive.archive.globals)
      for found in try archive.tensors(below: archive.root, path: String(file.rank)) {
        tensors.append(
          (
            try describe(found.name, found.tensor.elementType, found.tensor.shape, path: archive.path),
            found.tensor.layout(file: archive.number)
          ))
      }
    }
    return tensors
  }

  /// The moments `kind` of every trained parameter, joined from all ranks.
  mutating func moments(_ kind: String) throws(CheckpointError) -> [TensorParallelJoin.Tensor] {
    var held: [[TensorParallelJoin.Tensor]] = []
    for index in ranks.indices { held.append(try ranks[index].moments(kind)) }
    var join = TensorParallelJoin(rules: rules, degree: tensorDegree, path: path)
    return try join.join(held, suffix: "." + kind, files: files.files)
  }
}
