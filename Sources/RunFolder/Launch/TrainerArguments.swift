public import Checkpoint
public import JSON

/// The arguments of a trainer as it pickled them (`training_args.bin`), read as inert values.
public struct TrainerArguments: Equatable, Sendable {
  /// The path of the file.
  public let path: String
  /// The class that they were an instance of, for example `transformers.training_args.TrainingArguments`.
  public let className: String
  /// The arguments in the order of the class; secrets (tokens, keys) are withheld.
  public let settings: [JSONValue.Member]
  /// DeepSpeed's configuration, where the trainer had one.
  public let deepSpeed: JSONValue?
  /// What the pickle names that is not known.
  public let unknownGlobals: [PickleGlobal]

  /// The argument called `name`.
  public subscript(name: String) -> JSONValue? { settings.first { $0.key == name }?.value }

  /// Reads the file at `path`.
  ///
  /// - Throws: `CheckpointError` if it cannot be read, or holds something else than an object with attributes.
  public init(path: String) throws(CheckpointError) {
    let archive = try PyTorchArchive(path: path)
    guard let name = archive.root.calleeName, let attributes = archive.root.state?.entries else {
      throw CheckpointError(.structure("not the arguments of a trainer"), path: path)
    }
    self.path = path
    className = name
    unknownGlobals = archive.globals.filter { !$0.isKnown }
    settings = Self.settings(attributes)
    deepSpeed = archive.root.attribute("hf_deepspeed_config")?.attribute("config")?.json()
  }

  /// The plain ones of `attributes`, secrets withheld.
  static func settings(_ attributes: [(key: PickleValue, value: PickleValue)]) -> [JSONValue.Member] {
    var settings: [JSONValue.Member] = []
    for (key, value) in attributes {
      guard let name = key.string, !name.hasPrefix("_"), !runtime.contains(name) else { continue }
      let isSecret = !value.isNone && secretEndings.contains(where: name.hasSuffix)
      settings.append(.init(name, isSecret ? .string("(withheld)") : value.json()))
    }
    return settings
  }

  /// Attributes that hold what the process was, not what it was told.
  private static let runtime: Set<String> = [
    "distributed_state", "deepspeed_plugin", "hf_deepspeed_config", "fsdp_plugin_args",
  ]

  private static let secretEndings = ["_token", "_key", "_secret", "password"]
}
