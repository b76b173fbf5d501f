internal import FileSystem

extension Checkpoint {
  /// Opens a safetensors file, an index with its shards, or a folder that holds either.
  ///
  /// In a folder, an adapter comes before a model, an index before single files.
  static func openSafetensors(
    _ path: String, _ kind: FileStatus.Kind
  ) throws(CheckpointError) -> Checkpoint? {
    if kind == .directory { return try openSafetensorsFolder(path) }
    if path.hasSuffix(".safetensors.index.json") { return try openSafetensorsShards(index: path) }
    if !path.hasSuffix(".safetensors") {
      guard let file = try? MappedFile(path: path), SafetensorsFile.recognises(file.bytes) else { return nil }
    }
    return try openSafetensorsFile(path)
  }

  private static func openSafetensorsFile(_ path: String) throws(CheckpointError) -> Checkpoint {
    let file = try SafetensorsFile(path: path)
    return Checkpoint(
      path: path, format: .safetensors, files: [File(file)], metadata: file.header.metadata, source: file)
  }

  private static func openSafetensorsFolder(_ path: String) throws(CheckpointError) -> Checkpoint? {
    let names: [String]
    do { names = try Files.names(in: path) } catch { throw CheckpointError(error) }
    func file(_ name: String) -> String { Path.join(path, name) }
    if names.contains("adapter_model.safetensors") {
      return try openSafetensorsFile(file("adapter_model.safetensors")).joining(besides: names, in: path)
    }
    let indices = names.filter { $0.hasSuffix(".safetensors.index.json") }
    if let index = indices.first(where: { $0 == "model.safetensors.index.json" }) ?? indices.first {
      return try openSafetensorsShards(index: file(index))
    }
    if names.contains("model.safetensors") { return try openSafetensorsFile(file("model.safetensors")) }
    let others = names.filter { $0.hasSuffix(".safetensors") }
    if others.count == 1 { return try openSafetensorsFile(file(others[0])) }
    if others.count > 1 {
      return try SafetensorsShards(others.map(file)).checkpoint(
        path: path,
        remarks: ["\(others.count) safetensors files without an index: taken as the shards of one checkpoint"]
      )
    }
    return try openNamedAdapter(path, names: names)
  }

  /// An adapter with a name of its own, which PEFT saves in a subfolder.
  private static func openNamedAdapter(_ path: String, names: [String]) throws(CheckpointError) -> Checkpoint?
  {
    // Not a folder of a run, where a checkpoint is to be chosen by the caller.
    let adapters = names.filter { name in
      !name.hasPrefix("checkpoint-")
        && Files.kind(of: Path.join(Path.join(path, name), "adapter_model.safetensors")) == .file
    }
    guard let first = adapters.first else { return nil }
    guard adapters.count == 1 else {
      throw CheckpointError(
        .structure("\(adapters.count) named adapters, open one of them: \(adapters.joined(separator: ", "))"),
        path: path)
    }
    return try openSafetensorsFolder(Path.join(path, first))
  }

  private static func openSafetensorsShards(index path: String) throws(CheckpointError) -> Checkpoint {
    let index = try ShardIndex(path: path)
    let folder = Path.parent(of: path)
    for name in index.fileNames where Files.kind(of: Path.join(folder, name)) == nil {
      let count = index.files.values.reduce(0) { $0 + ($1 == name ? 1 : 0) }
      throw CheckpointError(.missingShard(name, tensorCount: count), path: path)
    }
    let shards = try SafetensorsShards(index.fileNames.map { Path.join(folder, $0) })
    let remarks = try index.check(path: path, held: shards.held, byteCount: shards.byteCount)
    return shards.checkpoint(path: path, remarks: remarks)
  }
}

/// The files of one checkpoint, opened.
private struct SafetensorsShards {
  let files: [SafetensorsFile]
  let source: JoinedSource

  init(_ paths: [String]) throws(CheckpointError) {
    var files: [SafetensorsFile] = []
    for path in paths { files.append(try SafetensorsFile(path: path)) }
    self.files = files
    source = try JoinedSource(files)
  }

  /// The names of the tensors in each file.
  var held: [String: Set<String>] {
    Dictionary(
      files.map { (Path.name(of: $0.path), Set($0.tensors.map(\.name))) }, uniquingKeysWith: { $0.union($1) })
  }

  var byteCount: Int { source.tensors.reduce(0) { $0 &+ $1.byteCount } }

  func checkpoint(path: String, remarks: [String]) -> Checkpoint {
    var metadata: [Checkpoint.MetadataEntry] = []
    for entry in files.flatMap(\.header.metadata) where !metadata.contains(entry) { metadata.append(entry) }
    return Checkpoint(
      path: path, format: .shardedSafetensors, files: files.map(Checkpoint.File.init), metadata: metadata,
      remarks: remarks, source: source)
  }
}

extension Checkpoint.File {
  fileprivate init(_ file: SafetensorsFile) {
    self.init(path: file.path, byteCount: file.byteCount, headerByteCount: file.header.byteCount)
  }
}
