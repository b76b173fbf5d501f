internal import FileSystem

extension Checkpoint {
  /// This adapter with the tensors of the files beside it, which were trained with it: a value head, new embeddings,
  /// projectors, modules that a trainer saved on its own.
  ///
  /// A file that cannot be read, or whose tensors have the names of others, is named and left out.
  func joining(besides names: [String], in folder: String) -> Checkpoint {
    var joined: [(name: String, checkpoint: Checkpoint)] = []
    var remarks = self.remarks
    for name in names where Self.isBeside(name) {
      let path = Path.join(folder, name)
      guard Files.kind(of: path) == .file, path != files.first?.path else { continue }
      do throws(CheckpointError) {
        let other = try Checkpoint(opening: path)
        guard !other.tensors.isEmpty else { continue }
        let known = Set(tensors.map(\.name) + joined.flatMap { $0.checkpoint.tensors.map(\.name) })
        if let twin = other.tensors.first(where: { known.contains($0.name) }) {
          remarks.append("\(name) beside the adapter is not read: it has \"\(twin.name)\" as well")
        } else {
          joined.append((name, other))
        }
      } catch {
        remarks.append("\(name) beside the adapter cannot be read: \(error.fault)")
      }
    }
    let all = [self] + joined.map(\.checkpoint)
    guard all.count > 1, let source = try? JoinedSource(all.map(\.source)) else {
      return Checkpoint(
        path: path, format: format, files: files, metadata: metadata, remarks: remarks, globals: globals,
        source: self.source)
    }
    for (name, other) in joined {
      let count = other.tensors.count
      remarks.append("with \(count) \(count == 1 ? "tensor" : "tensors") of \(name) beside the adapter")
    }
    return Checkpoint(
      path: path, format: format, files: all.flatMap(\.files), metadata: all.flatMap(\.metadata),
      remarks: remarks + joined.flatMap(\.checkpoint.remarks),
      globals: PyTorchArchive.merge(all.map(\.globals)),
      source: source)
  }

  /// Whether a file of this name may hold weights: not what the trainer keeps for going on, not a shard of a model.
  private static func isBeside(_ name: String) -> Bool {
    let states = [
      "adapter_model", "optimizer", "scheduler", "rng_state", "random_states", "training_args", "scaler",
      "pytorch_model_fsdp", "sampler", "dataloader",
    ]
    guard name.hasSuffix(".safetensors") || name.hasSuffix(".bin") else { return false }
    return !states.contains(where: name.hasPrefix) && !name.contains("-of-")
  }
}
