internal import FileSystem
public import JSON

/// What `adapter_config.json` says about an adapter, as far as its weights depend on it.
public struct AdapterConfiguration: Equatable, Sendable {
  /// `peft_type`: `LORA`, `ADALORA`, `IA3`, ….
  public var kind: String
  /// `r`, the rank of modules without a pattern of their own.
  public var rank: Int?
  /// `lora_alpha`, likewise.
  public var alpha: Double?
  /// Whether ΔW is scaled by α/√r instead of α/r.
  public var usesRankStabilisedScaling: Bool
  /// Whether the weight is split into direction and magnitude (DoRA).
  public var usesWeightDecomposition: Bool
  /// Whether the base's weights are stored the other way round (`fan_in_fan_out`).
  public var isFanInFanOut = false
  /// A factor that stands for α/r, where the configuration gives it so (MLX's `scale`).
  public var scale: Double?
  /// Whether layers of the base stand several times in the adapted model (`layer_replication`), so that the adapter's
  /// layers are not those of the base of the same number.
  public var replicatesLayers = false
  /// The variant of LoRA, or the other kind, where factors do not make ΔW by B·A alone: `BD-LoRA`, `QA-LoRA`, `XLORA`.
  public var variant: String?
  /// `rank_pattern`: a regular expression and a rank each, the first that matches holds.
  public var rankPattern: [Pattern]
  /// `alpha_pattern`, likewise.
  public var alphaPattern: [Pattern]
  /// `target_modules`, sorted, for the order in the file is not kept from run to run.
  public var targetModules: [String]
  /// `target_parameters`, sorted: weights of expert layers adapted as parameters.
  public var targetParameters: [String]
  /// `modules_to_save`, sorted: modules trained whole.
  public var modulesToSave: [String]
  /// `init_lora_weights` where it is a text: an initialisation such as `pissa` that also changes the base model.
  public var initialisation: String?
  /// `base_model_name_or_path`.
  public var baseModel: String?
  /// Where this is from, in words; nil for the `adapter_config.json` of the checkpoint itself.
  public var source: String?
  /// What is remarkable about where this is from, in words.
  public var remarks: [String] = []

  /// Whether an initialisation of this name (`init_lora_weights`) is known to change the base model too.
  public static func changesBase(initialisation: String) -> Bool {
    ["pissa", "olora", "corda", "loftq", "lora_ga", "kasa"].contains {
      initialisation.lowercased().hasPrefix($0)
    }
  }

  /// A pattern of module names with its value.
  public struct Pattern: Equatable, Sendable {
    /// The key as it stands in the file.
    public var key: String
    /// The rank or α.
    public var value: Double
  }

  /// The configuration in `json`, the object of an `adapter_config.json`.
  public init(_ json: JSONValue) {
    func names(_ key: String) -> [String] {
      if let name = json[key]?.string { return [name] }
      return (json[key]?.array ?? []).compactMap(\.string).sorted()
    }
    func pattern(_ key: String) -> [Pattern] {
      (json[key]?.members ?? []).compactMap { member in
        member.value.double.map { Pattern(key: member.key, value: $0) }
      }
    }
    kind = json["peft_type"]?.string ?? "LORA"
    // AdaLoRA begins with `init_r`, and has an `r` that means nothing.
    let ranks = kind == "ADALORA" ? ["init_r", "r"] : ["r", "init_r"]
    rank = ranks.lazy.compactMap { json[$0]?.int64 }.first.flatMap { Int(exactly: $0) }
    alpha = json["lora_alpha"]?.double
    usesRankStabilisedScaling = json["use_rslora"]?.bool ?? false
    usesWeightDecomposition = json["use_dora"]?.bool ?? false
    rankPattern = pattern("rank_pattern")
    alphaPattern = pattern("alpha_pattern")
    targetModules = names("target_modules")
    targetParameters = names("target_parameters")
    modulesToSave = names("modules_to_save")
    isFanInFanOut = json["fan_in_fan_out"]?.bool ?? false
    initialisation = json["init_lora_weights"]?.string
    if json["kasa_config"]?.members != nil { initialisation = "KaSA" }
    if kind != "LORA", kind != "ADALORA" { variant = kind }
    if json["use_bdlora"]?.members != nil { variant = "BD-LoRA" }
    if json["use_qalora"]?.bool == true { variant = "QA-LoRA" }
    // MLX writes its own keys.
    if let parameters = json["lora_parameters"] {
      kind = json["fine_tune_type"]?.string == "dora" ? "LORA" : kind
      usesWeightDecomposition = json["fine_tune_type"]?.string == "dora"
      rank = parameters["rank"]?.int64.flatMap { Int(exactly: $0) } ?? rank
      scale = parameters["scale"]?.double
      // Its older versions scaled by both.
      if let own = scale, let alpha = parameters["alpha"]?.double, let rank, rank > 0 {
        scale = own * alpha / Double(rank)
      }
    }
    if let layers = json["layer_replication"]?.array, !layers.isEmpty { replicatesLayers = true }
    baseModel = json["base_model_name_or_path"]?.string
  }

  /// The configuration of the adapter at `path`: a folder with an `adapter_config.json`, that file itself, or a
  /// file beside one.
  ///
  /// The folders in which DeepSpeed, FSDP and Megatron keep their shards have none: the folders above count for them,
  /// up to that of the run.
  ///
  /// - Returns: nil where there is no such file.
  /// - Throws: `CheckpointError` for a file that cannot be read, or is not an object of JSON.
  public static func find(at path: String) throws(CheckpointError) -> Self? {
    var folder = Files.kind(of: path) == .directory ? path : Path.parent(of: path)
    if let real = try? Files.realPath(of: folder.isEmpty ? "." : folder) { folder = real }
    var file = Path.join(folder, "adapter_config.json")
    var isAbove = false
    while Files.kind(of: file) != .file {
      guard CheckpointName.isWithinRun(Path.name(of: folder)) else { return nil }
      isAbove = CheckpointName.isSave(Path.name(of: folder))
      folder = Path.parent(of: folder)
      file = Path.join(folder, "adapter_config.json")
    }
    let json = try JSONFile.read(file)
    guard json.members != nil else { throw CheckpointError(.structure("not an object"), path: file) }
    var configuration = Self(json)
    if isAbove, !CheckpointName.isWithinRun(Path.name(of: folder)) {
      configuration.source = "adapter_config.json of the output folder"
    }
    return configuration
  }

  /// The rank that the configuration gives to the module called `name` (without `base_model.model.`).
  public func rank(of name: String) -> Int? {
    Self.first(rankPattern, matching: name).flatMap { Int(exactly: $0) } ?? rank
  }

  /// The α that the configuration gives to the module called `name`.
  public func alpha(of name: String) -> Double? { Self.first(alphaPattern, matching: name) ?? alpha }

  /// The factor between B·A and ΔW of the module called `name`, as PEFT applies it.
  ///
  /// α/r, with rank stabilisation α/√r; AdaLoRA α/(r + 10⁻⁵) with the rank that is left.
  /// - Parameter rank: the rank of the module's tensors, which counts where the configuration names none.
  public func scaling(of name: String, rank tensorRank: Int) -> Double? {
    if let scale { return scale }
    guard let alpha = alpha(of: name) else { return nil }
    if kind == "ADALORA" {
      return (alpha > 0 ? alpha : Double(rank ?? tensorRank)) / (Double(tensorRank) + 1e-5)
    }
    let rank = Double(rank(of: name) ?? tensorRank)
    guard rank > 0 else { return nil }
    return usesRankStabilisedScaling ? alpha / rank.squareRoot() : alpha / rank
  }

  /// The value of the first pattern with `(.*\.)?(key)` matching all of `name`, as PEFT's `get_pattern_key` has it.
  private static func first(_ patterns: [Pattern], matching name: String) -> Double? {
    for pattern in patterns {
      if name == pattern.key || name.hasSuffix("." + pattern.key) { return pattern.value }
      // Most keys are plain names, which the line above settles; a regular expression costs far more.
      guard pattern.key.contains(where: { "^$*+?()[]{}|\\".contains($0) }) else { continue }
      if let expression = try? Regex("(.*\\.)?(\(pattern.key))"),
        (try? expression.wholeMatch(in: name)) != nil
      {
        return pattern.value
      }
    }
    return nil
  }
}
