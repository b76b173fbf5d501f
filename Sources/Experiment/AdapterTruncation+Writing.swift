public import Checkpoint
internal import FileSystem
internal import JSON
public import Weights

extension AdapterTruncation {
  /// Writes `adapter_model.safetensors` and `adapter_config.json` into `folder`, which is made, in PEFT's layout.
  ///
  /// The configuration is that of the adapter at `path`, with the rank, and α the same, so that the scaling is 1.
  ///
  /// - Throws: `CheckpointError` where a file cannot be written, or one of an adapter is there already.
  public func write(
    to folder: String, configuration: AdapterConfiguration, of path: String
  ) throws(CheckpointError) {
    let places = ["adapter_model.safetensors", "adapter_config.json"].map { Path.join(folder, $0) }
    for place in places where Files.kind(of: place) != nil {
      throw CheckpointError(.structure("is there already, and is not written over"), path: place)
    }
    do throws(SystemError) {
      try Files.makeDirectory(folder)
      try write(tensorsTo: places[0])
      try Files.write(settings(configuration, of: path), to: places[1])
    } catch {
      throw CheckpointError(error)
    }
  }

  /// The text of the new `adapter_config.json`.
  private func settings(_ configuration: AdapterConfiguration, of path: String) -> String {
    let folder = Files.kind(of: path) == .directory ? path : Path.parent(of: path)
    let bytes = try? Files.read(Path.join(folder, "adapter_config.json"), limit: 1 << 24)
    var members = bytes.flatMap { try? JSONValue(parsing: $0, dialect: .python) }?.members ?? []
    if members.isEmpty {
      members = [
        .init("peft_type", .string("LORA")),
        .init("base_model_name_or_path", configuration.baseModel.map { .string($0) } ?? .null),
        .init("target_modules", .array(configuration.targetModules.map { .string($0) })),
      ]
    }
    let changes: [JSONValue.Member] = [
      .init("r", .number(rank)), .init("lora_alpha", .number(rank)), .init("rank_pattern", .object([])),
      .init("alpha_pattern", .object([])), .init("use_rslora", .bool(false)),
    ]
    for change in changes {
      if let place = members.firstIndex(where: { $0.key == change.key }) {
        members[place].value = change.value
      } else {
        members.append(change)
      }
    }
    return JSONValue.object(members).indentedText
  }
}
