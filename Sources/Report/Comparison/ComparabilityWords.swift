internal import Analysis

/// What trainings do not have in common, in words.
enum ComparabilityWords {
  /// What differs: `another base model`.
  static func name(_ kind: Comparability.Kind) -> String {
    switch kind {
    case .baseModel, .modelOfFamily: "another base model"
    case .tokenizer: "another tokenizer"
    case .trainingData: "other training data"
    case .tokens: "a loss over other tokens"
    case .lossFormula: "another formula of the loss"
    case .packing: "examples cut or packed otherwise"
    }
  }

  /// Why figures of such runs cannot be held against each other: `another base model, whose loss is over other tokens`.
  static func reason(_ kind: Comparability.Kind, isEvaluation: Bool) -> String {
    switch kind {
    case .baseModel, .modelOfFamily: "another base model, whose tokens may be others"
    case .tokenizer: "another tokenizer, so that the loss is over other tokens"
    case .trainingData:
      isEvaluation
        ? "other training data, and nothing tells that the evaluations are over the same"
        : "other training data, whose loss is another"
    case .tokens, .lossFormula, .packing: name(kind)
    }
  }

  /// `other training data (dataset gsm8k against alpaca_en)`, of each kind among `differences` that `isTold`.
  static func list(
    _ differences: [Comparability.Difference], where isTold: (Comparability.Kind) -> Bool = { _ in true }
  ) -> [String] {
    Comparability.Kind.allCases.filter(isTold).compactMap { kind in
      let found = differences.filter { $0.kind == kind }
      return found.isEmpty ? nil : "\(name(kind)) (\(values(found)))"
    }
  }

  /// Why runs are not ranked: `Not all have the same base model, and with it perhaps the same tokens`.
  static func unranked(_ difference: Comparability.Difference) -> String {
    let values = [difference.base, difference.new].map { ForeignText.shortened($0, to: 40) }
      .joined(separator: ", ")
    return switch difference.kind {
    case .baseModel, .modelOfFamily:
      "Not all have the same base model (\(values)), and losses a token may be of other tokens"
    case .tokenizer: "Not all have the same tokenizer (\(values)), and losses are over other tokens"
    case .trainingData:
      "Not all were trained on the same data (\(difference.setting): \(values)), and nothing tells of one evaluation set"
    case .tokens, .packing: "Their losses are not over the same tokens (\(difference.setting): \(values))"
    case .lossFormula: "Their losses have not the same formula (\(difference.setting): \(values))"
    }
  }

  /// `dataset gsm8k against alpaca_en`.
  static func values(_ differences: [Comparability.Difference]) -> String {
    differences.prefix(3).map { difference in
      let values = [difference.new, difference.base].map { ForeignText.shortened($0, to: 40) }
      let name = difference.setting == "base model" ? "" : difference.setting + " "
      return "\(name)\(values[0]) against \(values[1])"
    }.joined(separator: ", ") + (differences.count > 3 ? ", …" : "")
  }
}
