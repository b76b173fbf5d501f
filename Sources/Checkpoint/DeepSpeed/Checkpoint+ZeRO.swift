internal import Bytes

extension Checkpoint {
  /// Opens a save of DeepSpeed's: its folder `global_stepN`, or the folder above with its `latest`.
  static func openZeRO(_ path: String, _ kind: FileStatus.Kind) throws(CheckpointError) -> Checkpoint? {
    guard kind == .directory, let found = try ZeROFolder.find(path), let folder = try ZeROFolder(found) else {
      return nil
    }
    let checkpoint = try ZeROCheckpoint(folder)
    var metadata = [
      MetadataEntry("zero_stage", checkpoint.isBF16Optimizer ? "BF16_Optimizer" : String(checkpoint.stage)),
      MetadataEntry("world_size", String(checkpoint.worldSize)),
    ]
    let root = checkpoint.modelStates[0].root
    if let step = root["global_steps"]?.int { metadata.append(MetadataEntry("global_steps", String(step))) }
    if let version = root["ds_version"]?.string { metadata.append(MetadataEntry("ds_version", version)) }
    return Checkpoint(
      path: path, format: .zero, files: checkpoint.files.descriptions, metadata: metadata,
      remarks: checkpoint.remarks, globals: checkpoint.globals,
      source: AssembledSource(
        tensors: checkpoint.tensors, layouts: checkpoint.layouts, files: checkpoint.files.files))
  }
}
