internal import FileSystem

extension Checkpoint {
  /// Opens a save of DeepSpeed's: its folder `global_stepN`, or the folder above with its `latest`.
  static func openZeRO(_ path: String, _ kind: FileStatus.Kind) throws(CheckpointError) -> Checkpoint? {
    guard kind == .directory, let found = try ZeROFolder.find(path), let folder = try ZeROFolder(found) else {
      return nil
    }
    let model = try ZeROModel(folder)
    let first = model.ranks[0]
    var metadata = [
      MetadataEntry("zero_stage", first.isBF16Optimizer ? "BF16_Optimizer" : String(first.stage)),
      MetadataEntry("world_size", String(first.worldSize)),
    ]
    if model.ranks.count > 1 {
      metadata.append(MetadataEntry("model_parallel_size", String(model.ranks.count)))
    }
    if let count = model.tensorDegree, count > 1 {
      metadata.append(MetadataEntry("tensor_parallel_size", String(count)))
    }
    if let count = model.stageCount, count > 1 {
      metadata.append(MetadataEntry("pipeline_parallel_size", String(count)))
    }
    let root = first.modelStates[0].root
    if let step = root["global_steps"]?.int { metadata.append(MetadataEntry("global_steps", String(step))) }
    if let version = root["ds_version"]?.string { metadata.append(MetadataEntry("ds_version", version)) }
    return Checkpoint(
      path: path, format: .zero, files: model.files.descriptions, metadata: metadata, remarks: model.remarks,
      globals: model.globals, frozenNames: Set(model.ranks.flatMap(\.frozenNames)),
      source: AssembledSource(tensors: model.tensors, layouts: model.layouts, files: model.files.files))
  }
}
