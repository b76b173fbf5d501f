internal import FileSystem

extension Checkpoint {
  /// Opens a folder with a `.metadata`, that file itself, or a folder of HF Trainer's that holds such a folder.
  static func openDistributed(_ path: String, _ kind: FileStatus.Kind) throws(CheckpointError) -> Checkpoint?
  {
    guard kind == .directory else {
      guard Path.name(of: path) == ".metadata" else { return nil }
      return try openDistributed(folder: Path.parent(of: path), path: path, format: .distributedCheckpoint)
    }
    // The model first; the optimizer is a checkpoint of its own, opened by its own path.
    for name in [".", "pytorch_model_fsdp_0", "dist_model"] {
      let folder = name == "." ? path : Path.join(path, name)
      guard Files.kind(of: Path.join(folder, ".metadata")) == .file else { continue }
      return try openDistributed(folder: folder, path: path, format: .distributedCheckpoint)
    }
    return nil
  }

  static func openDistributed(
    folder: String, path: String, format: Format, metadata entries: [MetadataEntry] = [],
    remarks: [String] = []
  ) throws(CheckpointError) -> Checkpoint {
    let metadata = try DistributedMetadata(path: Path.join(folder, ".metadata"))
    let source = try DistributedSource(metadata, folder: folder)
    return Checkpoint(
      path: path, format: format, files: source.files.map { File(path: $0.path, byteCount: $0.count) },
      metadata: entries, remarks: remarks + source.remarks, globals: metadata.globals, source: source)
  }
}
