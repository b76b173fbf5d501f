internal import Checkpoint
internal import FileSystem
internal import JSON

/// What the files of torch, DeepSpeed and the base model tell of how a training was launched.
enum LaunchSettings {
  /// Adds the arguments that the trainer pickled, DeepSpeed's configuration, the framework and the quantisation of
  /// the base model, as far as the files in `output` tell them and no other source did.
  static func add(from output: ScannedFolder, to run: inout TrainingRun) {
    var deepSpeed: JSONValue?
    if let path = argumentsPath(output) {
      do throws(CheckpointError) {
        let arguments = try TrainerArguments(path: path)
        deepSpeed = arguments.deepSpeed
        // The event file has the same arguments, as the trainer printed them.
        if !run.configuration.contains(where: { $0.source == "args/text_summary" }) {
          run.configuration.append(
            ConfigurationSection(source: "training_args.bin", settings: settings(of: arguments.settings)))
        }
      } catch { run.note(error) }
    }
    var launch: [Setting] = []
    if let last = run.checkpoints.last?.path {
      do throws(CheckpointError) {
        if let framework = try TrainingFramework.recognise(checkpoint: last) {
          launch.append(Setting(name: "framework", value: framework.description))
          if case .zero(let stage) = framework.kind {
            launch.append(Setting(name: "deepspeed_stage", value: String(stage)))
          }
        }
        if let arguments = try MegatronArguments.read(checkpoint: last) {
          run.configuration.append(
            ConfigurationSection(source: "Megatron args", settings: settings(of: arguments)))
        }
        if deepSpeed == nil { deepSpeed = try DeepSpeedConfiguration.read(checkpoint: last) }
      } catch { run.note(error) }
    }
    if let quantization = quantization(run.configuration) {
      launch.append(Setting(name: "quantization", value: quantization.description))
      if run.configuration.contains(where: isAdapter) {
        launch.append(Setting(name: "method", value: method(quantization)))
      }
    }
    if let deepSpeed {
      run.configuration.append(
        ConfigurationSection(source: "ds_config", settings: flat(deepSpeed, below: "")))
    }
    if !launch.isEmpty { run.configuration.append(ConfigurationSection(source: "launch", settings: launch)) }
  }

  /// `training_args.bin` of the folder, or of its last checkpoint where the run did not end.
  private static func argumentsPath(_ output: ScannedFolder) -> String? {
    let folders = [output.path] + output.checkpoints.reversed().map(\.path)
    return folders.lazy.map { Path.join($0, "training_args.bin") }.first { Files.kind(of: $0) == .file }
  }

  private static func settings(of members: [JSONValue.Member]) -> [Setting] {
    members.map { Setting(name: $0.key, value: $0.value.string ?? $0.value.text) }
  }

  /// The members of an object and of those within, by dotted names.
  private static func flat(_ value: JSONValue, below path: String) -> [Setting] {
    guard let members = value.members else {
      return [Setting(name: path, value: value.string ?? value.text)]
    }
    return members.flatMap { flat($0.value, below: path.isEmpty ? $0.key : path + "." + $0.key) }
  }

  /// What an adapter on a base model of this kind is called.
  private static func method(_ quantization: Quantization) -> String {
    if quantization.bits == 4, quantization.method == "bitsandbytes" {
      return "QLoRA: an adapter on a 4-bit base model"
    }
    return "an adapter on a quantised base model"
  }

  /// Whether the settings are those of an adapter.
  private static func isAdapter(_ section: ConfigurationSection) -> Bool {
    section.settings.contains { setting in
      setting.name == "peft_type"
        || (["finetuning_type", "tuner_type", "train_type"].contains(setting.name) && setting.value == "lora")
    }
  }

  /// How the base model is quantised, as the model's configuration in the event file says, or the arguments, or the
  /// `config.json` of the base model where it is at hand.
  private static func quantization(_ sections: [ConfigurationSection]) -> Quantization? {
    for section in sections {
      guard let text = section.settings.last(where: { $0.name == "quantization_config" })?.value,
        let json = try? JSONValue(parsing: text, dialect: .python), let quantization = Quantization(json)
      else { continue }
      return quantization
    }
    for section in sections {
      let members = section.settings.map { setting in
        JSONValue.Member(
          setting.name, (try? JSONValue(parsing: setting.value, dialect: .python)) ?? .string(setting.value))
      }
      if let quantization = Quantization(arguments: .object(members)) { return quantization }
    }
    let names = ["base_model_name_or_path", "model_name_or_path"]
    let bases = sections.flatMap(\.settings).filter { names.contains($0.name) }.map(\.value)
    for base in bases where base.contains("/") {
      let path = Path.join(base, "config.json")
      guard Files.kind(of: path) == .file, let bytes = try? Files.read(path),
        let json = try? JSONValue(parsing: bytes, dialect: .python), json["quantization_config"] != nil
      else { continue }
      return Quantization(json)
    }
    return nil
  }
}
