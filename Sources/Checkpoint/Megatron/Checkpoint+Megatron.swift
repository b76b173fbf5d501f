internal import FileSystem

extension Checkpoint {
  /// Opens a save of Megatron's: the folder with `latest_checkpointed_iteration.txt`, one iteration's folder, or
  /// that of LLaMA-Factory's mcore adapter.
  static func openMegatron(_ path: String, _ kind: FileStatus.Kind) throws(CheckpointError) -> Checkpoint? {
    guard kind == .directory, let folder = try MegatronFolder(path) else { return nil }
    switch folder.layout {
    case .distributed(let inner):
      var remarks = folder.remarks
      let checkpoint = try openDistributed(
        folder: inner, path: path, format: .megatron, metadata: folder.metadata)
      remarks += MegatronNames.remarks(checkpoint.tensors.map(\.name))
      let buffers = checkpoint.tensors.filter { $0.name.hasPrefix("optimizer.distributed.") }
      if !buffers.isEmpty {
        remarks.append(
          "\(buffers.count) tensors are flat buffers of the optimizer (dp_reshardable), which do not name their "
            + "parameters; fully_reshardable saves them by name")
      }
      return Checkpoint(
        path: path, format: .megatron, files: checkpoint.files, metadata: folder.metadata,
        remarks: remarks + checkpoint.remarks, globals: checkpoint.globals, source: checkpoint.source)
    case .ranks(let ranks):
      let model = try MegatronModel(ranks, path: path)
      let remarks =
        folder.remarks + model.remarks + MegatronNames.remarks(model.tensors.map(\.name))
      return Checkpoint(
        path: path, format: .megatron, files: model.files.descriptions,
        metadata: folder.metadata + model.metadata.filter { !folder.metadata.contains($0) }, remarks: remarks,
        globals: model.globals,
        source: AssembledSource(tensors: model.tensors, layouts: model.layouts, files: model.files.files))
    case .adapter(let inner):
      return try Checkpoint(opening: inner)
    }
  }
}
