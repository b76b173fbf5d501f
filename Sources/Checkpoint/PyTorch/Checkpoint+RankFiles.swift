extension Checkpoint {
  /// Joins the files of FSDP's ranks in the folder at `path`; nil where there is none.
  static func openRankFiles(_ path: String, _ names: [String]) throws(CheckpointError) -> Checkpoint? {
    // With the model's number: SHARDED_STATE_DICT; without: LOCAL_STATE_DICT.
    var found = try RankFiles.paths(in: path, names, prefix: "pytorch_model_fsdp_0_rank")
    if found == nil { found = try RankFiles.paths(in: path, names, prefix: "pytorch_model_fsdp_rank") }
    guard let found else { return nil }
    let ranks = try RankFiles(found, path: path)
    return Checkpoint(
      path: path, format: .shardedPyTorch, files: ranks.files.descriptions,
      remarks: flatParameterRemarks(ranks.tensors.map(\.name)), globals: ranks.globals,
      source: AssembledSource(tensors: ranks.tensors, layouts: ranks.layouts, files: ranks.files.files))
  }

  /// What is to be said of FSDP's flat parameters, by name.
  static func flatParameterRemarks(_ names: [String]) -> [String] {
    let flat = names.filter { $0 == "_flat_param" || $0.hasSuffix("._flat_param") }
    guard !flat.isEmpty else { return [] }
    return [
      "\(flat.count) of the tensors are flat parameters of FSDP (LOCAL_STATE_DICT): which parameters stand in one, "
        + "and in which order, only the wrapped model knows; the files do not say it"
    ]
  }
}
