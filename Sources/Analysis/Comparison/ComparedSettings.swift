internal import RunFolder

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
        guard Self.known.contains(name) || KnownSetting.baseModel.contains(name) else { continue }
        guard !["", "null", "None", "none", "[]", "{}", "auto"].contains(setting.value) else { continue }
        if Self.known.contains(name), values[name] == nil { values[name] = setting.value }
        guard KnownSetting.baseModel.contains(name), let model = Self.plainModel(setting.value) else {
          continue
        }
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
    !KnownSetting.evaluationSet.contains { values[$0] != nil }
      && KnownSetting.evaluationSplit.contains { name in
        values[name].flatMap(Double.init).map { $0 > 0 } ?? false
      }
  }

  /// Whether both say that they were evaluated on the same data, which is no part of the training data.
  static func shareEvaluations(_ base: Self, _ new: Self) -> Bool {
    let named = KnownSetting.evaluationSet.filter { base.values[$0] != nil || new.values[$0] != nil }
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
    let usual = base.sources.isDisjoint(with: new.sources) ? nil : KnownSetting.defaults[setting]
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

  /// What a difference in some settings touches.
  static let kinds: [(Comparability.Kind, [String])] = [
    (.tokenizer, KnownSetting.tokenizer), (.trainingData, KnownSetting.trainingData),
    (.tokens, KnownSetting.lossTokens), (.lossFormula, KnownSetting.lossFormula),
    (.packing, KnownSetting.packing),
  ]

  private static let known = Set(
    kinds.flatMap(\.1) + KnownSetting.evaluationSet + KnownSetting.evaluationSplit
      + ["model_type", "vocab_size"])
}
