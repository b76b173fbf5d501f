internal import Bytes
internal import RunFolder

/// What two trainings do not have in common and what their figures stand or fall with: the base model, the data, the
/// tokens that a loss is over, its formula.
///
/// Only what both runs tell is known to differ. Nobody is called better by a loss that is over other tokens, or by an
/// evaluation of which nothing tells that it is over the same data.
public struct Comparability: Equatable, Sendable {
  /// The differences, those that matter most first.
  public var differences: [Difference]
  /// Whether the evaluations of both are known to be over the same data, or are not known to be over others.
  public var sharesEvaluationData: Bool
  /// Whether the evaluations of both are parts of their training data, which are not the same.
  public var evaluatesOtherSplits: Bool

  /// A difference.
  public struct Difference: Equatable, Sendable {
    /// What it touches.
    public var kind: Kind
    /// The setting that differs.
    public var setting: String
    /// Its value in the baseline, and in the run, as the files tell it.
    public var base: String, new: String
  }

  /// What a difference touches.
  public enum Kind: String, CaseIterable, Sendable {
    /// The base model, and with it perhaps the tokenizer: losses a token are over other tokens.
    case baseModel = "base_model"
    /// Another base model with the same vocabulary: losses are over the same tokens.
    case modelOfFamily = "model_of_family"
    /// The tokenizer.
    case tokenizer
    /// The data that was trained on.
    case trainingData = "training_data"
    /// Which tokens of an example the loss is over: the template, masks.
    case tokens
    /// The formula of the loss.
    case lossFormula = "loss_formula"
    /// How examples are cut and packed: the same loss with other weights of its tokens.
    case packing
  }
}

extension Comparability {
  /// Nothing is known to differ.
  static let whole = Comparability(
    differences: [], sharesEvaluationData: true, evaluatesOtherSplits: false)

  /// What two runs tell of themselves that is not the same.
  init(base: ComparedSettings, new: ComparedSettings) {
    var differences: [Difference] = []
    if let model = ComparedSettings.model(base, new) { differences.append(model) }
    for (kind, settings) in ComparedSettings.kinds {
      for setting in settings {
        guard let difference = ComparedSettings.difference(kind, setting, base, new) else { continue }
        differences.append(difference)
      }
    }
    self.differences = differences
    let isOtherData = differences.contains { $0.kind == .trainingData }
    sharesEvaluationData = !isOtherData || ComparedSettings.shareEvaluations(base, new)
    evaluatesOtherSplits = !sharesEvaluationData && base.isSplit && new.isSplit
  }

  /// Why figures of the metric `tag` cannot be held against each other; nil where they can.
  ///
  /// - Parameter isPerToken: whether the losses of the trainings are means over tokens.
  func obstacle(for tag: String, isPerToken: Bool) -> Kind? {
    let isEvaluation = MetricAligner.isEvaluation(tag)
    let has = { (kind: Kind) in self.differences.contains { $0.kind == kind } }
    let isOfTokens = Self.isOfTokens(tag)
    if isPerToken, isOfTokens {
      if has(.baseModel) { return .baseModel }
      if has(.tokenizer) { return .tokenizer }
    }
    if has(.trainingData), !MetricDirection.isTiming(tag),
      isEvaluation ? !sharesEvaluationData : MetricNameReading(of: tag).isMeasured
    {
      return .trainingData
    }
    if isOfTokens {
      if has(.tokens) { return .tokens }
      if has(.lossFormula), !tag.lowercased().holds("accurac") { return .lossFormula }
    } else if has(.lossFormula), MetricNames.plain(tag).hasPrefix("rewards/"),
      !MetricNames.plain(tag).hasPrefix("rewards/acc")
    {
      return .lossFormula
    }
    return nil
  }

  /// Whether the metric `tag` is a mean over tokens: a loss, what is made from one, or an accuracy of tokens.
  private static func isOfTokens(_ tag: String) -> Bool {
    let name = tag.lowercased()
    return MetricRole.isLoss(tag) || name.holds("perplexity") || name.hasSuffix("ppl") || name.holds("nll")
      || name.holds("token_acc")
  }
}

/// The settings of one run by which comparisons stand or fall.
struct ComparedSettings {
  private let values: [String: String]
  /// The base models that its files name, in a form in which they can be held against others.
  private let models: Set<String>
  private let modelName: String?
  /// The kind of model and the size of its vocabulary, where both are known.
  private let vocabulary: String?
  private let trainsOnPreferences: Bool
  /// Where its settings are from.
  private let sources: Set<String>

  init(of run: TrainingRun, training: TrainingKind) {
    var values: [String: String] = [:]
    var models: Set<String> = []
    var modelName: String?
    for section in run.configuration {
      for setting in section.settings {
        let name =
          setting.name.utf8.contains(UInt8(ascii: "."))
          ? setting.name.split(separator: ".").last.map(String.init) ?? "" : setting.name
        guard Self.known.contains(name) || Self.modelSettings.contains(name) else { continue }
        guard !["", "null", "None", "none", "[]", "{}", "auto"].contains(setting.value) else { continue }
        if Self.known.contains(name), values[name] == nil { values[name] = setting.value }
        guard Self.modelSettings.contains(name), let model = Self.plainModel(setting.value) else { continue }
        models.insert(model)
        modelName = modelName ?? setting.value
      }
    }
    (self.values, self.models, self.modelName) = (values, models, modelName)
    if let type = values["model_type"], let size = values["vocab_size"] {
      vocabulary = "\(type) \(size)"
    } else {
      vocabulary = nil
    }
    trainsOnPreferences = training == .preference
    sources = Set(run.configuration.map(\.source))
  }

  /// Whether the evaluations are a part of the training data that was set apart.
  var isSplit: Bool {
    !Self.evaluationSettings.contains { values[$0] != nil }
      && Self.splitSettings.contains { name in values[name].flatMap(Double.init).map { $0 > 0 } ?? false }
  }

  /// Whether both say that they were evaluated on the same data, which is no part of the training data.
  static func shareEvaluations(_ base: Self, _ new: Self) -> Bool {
    let named = evaluationSettings.filter { base.values[$0] != nil || new.values[$0] != nil }
    return !named.isEmpty
      && named.allSatisfy { name in
        guard let left = base.values[name], let right = new.values[name] else { return false }
        return isSame(left, right)
      }
  }

  /// The base models, where they are not the same.
  static func model(_ base: Self, _ new: Self) -> Comparability.Difference? {
    guard !base.models.isEmpty, !new.models.isEmpty, base.models.isDisjoint(with: new.models),
      let left = base.modelName, let right = new.modelName
    else { return nil }
    let isFamily = base.vocabulary != nil && base.vocabulary == new.vocabulary
    return .init(kind: isFamily ? .modelOfFamily : .baseModel, setting: "base model", base: left, new: right)
  }

  static func difference(
    _ kind: Comparability.Kind, _ setting: String, _ base: Self, _ new: Self
  ) -> Comparability.Difference? {
    if ["beta", "pref_beta"].contains(setting), !base.trainsOnPreferences || !new.trainsOnPreferences {
      return nil
    }
    // What one does not tell has its default where the same source tells of both.
    let usual = base.sources.isDisjoint(with: new.sources) ? nil : defaults[setting]
    guard let left = base.values[setting] ?? usual, let right = new.values[setting] ?? usual,
      !isSame(left, right)
    else { return nil }
    return .init(kind: kind, setting: setting, base: left, new: right)
  }

  private static func isSame(_ left: String, _ right: String) -> Bool {
    if left.lowercased() == right.lowercased() || ConfigurationDifference.isSame(left, right) { return true }
    func parts(_ text: String) -> [String] {
      text.split { ",[]\"' ".contains($0) }.map { $0.lowercased() }.sorted()
    }
    return parts(left) == parts(right)
  }

  /// `qwen3-4b` of `Qwen/Qwen3-4B`, of `/models/Qwen3-4B/` and of a place in the Hub's cache; nil of what is no name.
  static func plainModel(_ text: String) -> String? {
    guard !text.hasPrefix("{"), !text.hasPrefix("[") else { return nil }
    var parts = text.lowercased().split { $0 == "/" || $0 == "\\" }.map(String.init)
    if let cached = parts.last(where: { $0.hasPrefix("models--") }) {
      // `models--Qwen--Qwen3-4B`: the name is what follows the last double hyphen.
      let words = cached.split(separator: "-", omittingEmptySubsequences: false)
      let start = words.lastIndex { $0.isEmpty }.map { $0 + 1 } ?? 0
      parts = [words[start...].joined(separator: "-")]
    }
    var name = parts.popLast() ?? ""
    while isPlace(name), let before = parts.popLast() { name = before + "/" + name }
    for ending in ["-unsloth-bnb-4bit", "-bnb-4bit"] where name.hasSuffix(ending) {
      name.removeLast(ending.utf8.count)
    }
    return name.isEmpty ? nil : name
  }

  /// Whether a part of a path is no model's name: a save, a hash, a word for an output.
  private static func isPlace(_ part: String) -> Bool {
    if ["checkpoint", "global_step", "step", "iter", "epoch"].contains(where: part.hasPrefix) { return true }
    if part.utf8.count >= 20, part.allSatisfy(\.isHexDigit) { return true }
    return part.allSatisfy(\.isNumber)
      || [
        "final", "best", "last", "latest", "output", "outputs", "out", "model", "models", "merged", "hf",
        "base",
        "pretrained", "adapter", "main", "sft", "export", "weights", "ckpt",
      ].contains(part)
  }

  static let kinds: [(Comparability.Kind, [String])] = [
    (.tokenizer, ["tokenizer_name", "tokenizer_name_or_path", "tokenizer"]),
    (
      .trainingData,
      [
        "dataset", "datasets", "dataset_name", "dataset_id", "dataset_path", "dataset_config_name",
        "dataset_config",
        "dataset_split", "dataset_mixer", "train_file", "train_files", "train_split", "train_dataset",
        "train_data",
        "train_data_path", "data_path", "data_files", "max_samples", "max_train_samples",
      ]
    ),
    (
      .tokens,
      [
        "template", "chat_template", "chat_template_path", "prompt_template", "train_on_prompt",
        "train_on_inputs",
        "train_on_source", "mask_history", "completion_only_loss", "assistant_only_loss",
      ]
    ),
    (
      .lossFormula,
      ["loss_type", "pref_loss", "label_smoothing_factor", "label_smoothing", "beta", "pref_beta"]
    ),
    (
      .packing,
      [
        "packing", "neat_packing", "sample_packing", "cutoff_len", "max_length", "max_seq_length",
        "sequence_len",
      ]
    ),
  ]

  /// What holds where a run does not tell.
  private static let defaults: [String: String] = [
    "train_on_prompt": "false", "train_on_inputs": "false", "train_on_source": "false",
    "template": "its own", "mask_history": "false",
    "assistant_only_loss": "false", "packing": "false", "neat_packing": "false", "sample_packing": "false",
    "label_smoothing_factor": "0", "pref_loss": "sigmoid", "max_samples": "all", "max_train_samples": "all",
  ]

  private static let modelSettings: Set<String> = [
    "base_model_name_or_path", "model_name_or_path", "_name_or_path", "base_model", "model_name", "model_id",
    "pretrained_model_name_or_path", "model",
  ]
  private static let evaluationSettings = [
    "eval_dataset", "eval_dataset_name", "validation_file", "eval_file", "val_file", "test_file",
    "eval_data_path",
    "val_dataset", "val_files", "val_data_path", "eval_data", "eval_files", "test_datasets",
  ]
  private static let splitSettings = [
    "val_size", "validation_split_percentage", "val_set_size", "test_size", "eval_size",
    "split_dataset_ratio",
    "validation_split",
  ]
  private static let known = Set(
    kinds.flatMap(\.1) + evaluationSettings + splitSettings + ["model_type", "vocab_size"])
}
