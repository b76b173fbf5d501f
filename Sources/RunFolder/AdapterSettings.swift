public import Checkpoint
internal import FileSystem
internal import JSON

/// The configuration of an adapter that was saved without `adapter_config.json`, from what the trainer left elsewhere.
///
/// FSDP's shards, ZeRO's states and Megatron's saves come without one. In order of trust, the settings of the run are:
/// 1. `adapter_config.json` of another save of the run, which PEFT itself wrote;
/// 2. `training_args.yaml` (LLaMA-Factory's web page), `args.json` (ms-swift), `llamaboard_config.yaml`: what the trainer
///    was told;
/// 3. the texts of the event files, where they hold such settings (`args/text_summary`, `peft_config`);
/// 4. `training_args.bin`.
///
/// The first that gives α counts. One whose ranks are not those of the tensors is of another training: it is named, and
/// not used. So is one that contradicts the first.
public enum AdapterSettings {
  /// The configuration of the adapter in `checkpoint`, by the first of these that there is:
  /// 1. its `adapter_config.json`, beside it or in the output folder above;
  /// 2. the α that somebody gave;
  /// 3. the settings of the run that it is of.
  ///
  /// - Parameters:
  ///   - alpha: the α that somebody gave.
  ///   - run: the run; where nil, the one whose output folder it is in, which is opened for that.
  /// - Returns: nil where the checkpoint is no adapter.
  /// - Throws: `CheckpointError` for an `adapter_config.json` that cannot be read.
  public static func find(
    for checkpoint: Checkpoint, alpha: Double? = nil, run: TrainingRun? = nil
  ) throws(CheckpointError) -> AdapterConfiguration? {
    // A folder may hold its adapter in a subfolder with the adapter's name: the first file knows where.
    let place = checkpoint.files.first?.path ?? checkpoint.path
    if let own = try AdapterConfiguration.find(at: place) { return own }
    if let own = try AdapterConfiguration.find(at: checkpoint.path) { return own }
    guard let bare = AdapterConfiguration(tensorsOf: checkpoint, alpha: alpha) else { return nil }
    if alpha != nil { return bare }
    guard let run = run ?? self.run(around: place) else { return bare }
    return configuration(of: checkpoint, in: run)
  }

  /// The run that the files of the output folder around the save at `path` are of.
  private static func run(around path: String) -> TrainingRun? {
    let place = CheckpointName.outputFolder(of: path)
    // A folder that no trainer wrote into is not searched: it may be anybody's, with much below it.
    let names = (try? Files.names(in: place)) ?? []
    let isOutput = names.contains { name in
      [.events, .trainer].contains(FileKind(named: name)) || name == "training_args.bin"
        || CheckpointName.isSave(name)
    }
    guard isOutput else { return nil }
    let folder = try? OpenedFolder(opening: place, acceptsCheckpoints: true)
    return folder?.runs.first { $0.path == place }
  }

  /// The configuration of the adapter in `checkpoint` by the settings of `run`.
  ///
  /// - Returns: one without α where no source gives it, with what was wrong with them in `remarks`; nil where the
  ///   checkpoint is no adapter.
  public static func configuration(of checkpoint: Checkpoint, in run: TrainingRun) -> AdapterConfiguration? {
    guard var bare = AdapterConfiguration(tensorsOf: checkpoint, alpha: nil) else { return nil }
    var found: AdapterConfiguration?
    var remarks: [String] = []
    for section in run.configuration.sorted(by: { trust($0) < trust($1) }) {
      guard var candidate = candidate(in: section), let alpha = candidate.alpha else { continue }
      let place = Self.place(of: section)
      candidate.source = place
      let modules = Adapter(checkpoint, configuration: candidate).modules
      if let other = modules.first(where: { ($0.configuredRank ?? $0.rank) != $0.rank }) {
        remarks.append(
          "\(place) gives \(other.name.name) the rank \(other.configuredRank ?? 0), its tensors have \(other.rank): it is "
            + "of another training, and its α \(number(alpha)) is not used")
      } else if let first = found {
        guard modules.contains(where: { scaling(of: $0, first) != scaling(of: $0, candidate) }) else {
          continue
        }
        remarks.append(
          "\(place) says α \(number(alpha)), against \(first.source ?? ""): it is not used")
      } else {
        found = candidate
      }
    }
    guard var found else {
      bare.remarks = remarks
      return bare
    }
    found.rank = found.rank ?? bare.rank
    found.remarks = remarks
    return found
  }

  private static func scaling(of module: LowRankModule, _ configuration: AdapterConfiguration) -> Double? {
    configuration.scaling(of: module.name.name, rank: module.rank)
  }

  /// `16`, `0.5`.
  private static func number(_ value: Double) -> String {
    Int(exactly: value).map(String.init) ?? value.description
  }

  private static let ownName = "adapter_config.json"

  /// How much a source is trusted, 0 the most.
  private static func trust(_ section: ConfigurationSection) -> Int {
    let order = ["training_args.yaml", "args.json", "llamaboard_config.yaml"]
    if section.source.hasSuffix(ownName) { return 0 }
    if let place = order.firstIndex(of: section.source) { return 1 + place }
    return section.source == "training_args.bin" ? 5 : 4
  }

  /// Where a section was read, in words.
  private static func place(of section: ConfigurationSection) -> String {
    if section.source.contains("/"), section.source.hasSuffix(ownName) { return section.source }
    return section.source.hasSuffix("_summary") || section.source.hasPrefix("peft_config")
      ? "\(section.source) in the event file" : "\(section.source) of the output folder"
  }

  /// What trainers call the members of PEFT's configuration.
  private static let names: [(peft: String, trainers: [String])] = [
    ("r", ["r", "lora_rank", "lora_r", "lora_dim"]), ("lora_alpha", ["lora_alpha"]),
    ("use_rslora", ["use_rslora"]), ("use_dora", ["use_dora"]), ("rank_pattern", ["rank_pattern"]),
    ("alpha_pattern", ["alpha_pattern"]),
    ("target_modules", ["target_modules", "lora_target", "lora_target_modules"]),
    ("modules_to_save", ["modules_to_save", "additional_target", "lora_modules_to_save"]),
    ("init_lora_weights", ["init_lora_weights"]),
    ("base_model_name_or_path", ["base_model_name_or_path", "model_name_or_path"]),
  ]

  /// The configuration that a section holds; nil where it is not one of a LoRA adapter.
  static func candidate(in section: ConfigurationSection) -> AdapterConfiguration? {
    func value(_ name: String) -> JSONValue? {
      // LLaMA-Factory's web page writes its fields as `train.lora_rank`.
      let text = section.settings.last { $0.name == name || $0.name == "train." + name }?.value
      guard let text, text != "null", text != "None", text != "" else { return nil }
      return (try? JSONValue(parsing: text, dialect: .python)) ?? .string(text)
    }
    // A whole configuration of PEFT within another text, by the name of the adapter or bare.
    if let nested = value("peft_config"), nested.members != nil {
      let inner = nested["default"] ?? nested
      if inner["lora_alpha"] != nil { return AdapterConfiguration(inner) }
    }
    let kind = value("finetuning_type") ?? value("tuner_type") ?? value("train_type")
    if let kind = kind?.string, !["lora", "qlora"].contains(kind) { return nil }
    var members: [JSONValue.Member] = []
    if let kind = value("peft_type") { members.append(.init("peft_type", kind)) }
    for (peft, trainers) in names {
      if let value = trainers.lazy.compactMap(value).first { members.append(.init(peft, list(value))) }
    }
    if value("pissa_init")?.bool == true { members.append(.init("init_lora_weights", .string("pissa"))) }
    let json = JSONValue.object(members)
    guard json["r"] != nil || json["lora_alpha"] != nil || value("finetuning_type") != nil else { return nil }
    var configuration = AdapterConfiguration(json)
    // LLaMA-Factory's rule: rank 8 where none is given, and α twice the rank; its page writes 0 for none.
    if value("finetuning_type") != nil {
      let rank = configuration.rank ?? 8
      configuration.rank = rank
      if configuration.alpha ?? 0 == 0 { configuration.alpha = Double(2 * rank) }
    }
    return configuration
  }

  /// Texts with commas as lists, as trainers write the names of modules.
  private static func list(_ value: JSONValue) -> JSONValue {
    guard let text = value.string, text.contains(",") else { return value }
    return .array(
      text.split(separator: ",").map { .string(String($0.drop { $0 == " " })) })
  }
}
