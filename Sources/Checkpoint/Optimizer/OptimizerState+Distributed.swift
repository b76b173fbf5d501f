internal import FileSystem
internal import JSON

extension OptimizerState {
  /// The optimizer in a distributed checkpoint: its tensors are named `optimizer.state.<parameter>.<kind>` (FSDP) or
  /// `optimizer.state.<kind>.<parameter>` (Megatron), its settings are objects of their own.
  static func open(distributed folder: String) throws(CheckpointError) -> Self {
    let metadata = try DistributedMetadata(path: Path.join(folder, ".metadata"))
    let source = try DistributedSource(metadata, folder: folder) { Self.place(of: $0) != nil }
    guard !source.tensors.isEmpty else {
      let buffers = metadata.tensors.filter { $0.name.hasPrefix("optimizer.distributed.") }
      guard buffers.isEmpty else {
        throw CheckpointError(
          .unrecognised(
            "the optimizer is saved as \(buffers.count) flat buffers without the parameters' names (dp_reshardable), "
              + "which only the model's code can tell apart; fully_reshardable saves it by name"),
          path: folder)
      }
      throw CheckpointError(.unrecognised("no optimizer state in this folder"), path: folder)
    }
    let moments = Checkpoint(
      path: folder, format: .distributedCheckpoint,
      files: source.files.map { Checkpoint.File(path: $0.path, byteCount: $0.count) },
      globals: metadata.globals, source: source)
    var builder = OptimizerBuilder()
    for (index, tensor) in source.tensors.enumerated() {
      guard let (name, kind) = Self.place(of: tensor.name) else { continue }
      builder.note(name, kind, index: index)
    }
    return try builder.state(moments, groups: Self.groups(metadata, folder: folder))
  }

  /// The parameter and kind in the name of an optimizer's tensor.
  static func place(of name: String) -> (parameter: String, kind: String)? {
    guard let start = ["optimizer.state.", "state."].first(where: name.hasPrefix) else { return nil }
    let rest = name.dropFirst(start.count)
    for kind in MomentNames.mean.union(MomentNames.square).union([
      "step", "max_exp_avg_sq", "fp32_param", "param",
    ]) {
      if rest.hasPrefix(kind + ".") { return (String(rest.dropFirst(kind.count + 1)), kind) }
      if rest.hasSuffix("." + kind) { return (String(rest.dropLast(kind.count + 1)), kind) }
    }
    return nil
  }

  /// The settings of the groups, each a small archive of its own; what cannot be read is left out.
  private static func groups(_ metadata: DistributedMetadata, folder: String) -> [Group] {
    var groups: [Int: [JSONValue.Member]] = [:]
    var counts: [Int: Int] = [:]
    for name in metadata.objects {
      let parts = name.split(separator: ".").map(String.init)
      guard let start = parts.firstIndex(of: "param_groups"), parts.count == start + 3,
        let number = Int(parts[start + 1]), (0..<1 << 16).contains(number),
        let place = metadata.place(of: name), place.transforms.isEmpty,
        let file = try? MappedFile(path: Path.join(folder, place.file)), place.range.upperBound <= file.count,
        let archive = try? PyTorchArchive(file: file, range: place.range)
      else { continue }
      let setting = parts[start + 2]
      if setting == "params" {
        counts[number] = archive.root.elements?.count
      } else if setting != "param_names" {
        groups[number, default: []].append(.init(setting, archive.root.json(budget: 1000)))
      }
    }
    return groups.keys.sorted().map { Group(settings: groups[$0] ?? [], parameterCount: counts[$0]) }
  }
}
