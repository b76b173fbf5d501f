internal import Analysis
internal import Checkpoint
internal import Weights

/// The sentences that stand above everything else about two checkpoints.
struct CheckpointHeadline {
  private let analysis: CheckpointAnalysis
  private let labels: CheckpointLabels

  init(_ analysis: CheckpointAnalysis) {
    self.analysis = analysis
    labels = CheckpointLabels(analysis)
  }

  /// What happened to the weights and, where the trainer tells it, to the losses meanwhile.
  var sentence: String {
    let comparison = analysis.comparison
    guard comparison.isPair else { return alone }
    if comparison.isIdentical {
      let both =
        "\(labels.before) and \(labels.after) hold the same weights, \(isOneType ? "bit for bit" : "value for value")."
      // The name of a folder stays as it is spelt.
      return both.hasPrefix("step ") ? Verdict.capitalised(both) : both
    }
    if areAllZero {
      let both = "\(labels.before) and \(labels.after) do nothing: every ΔW is 0 in both."
      return both.hasPrefix("step ") ? Verdict.capitalised(both) : both
    }
    if analysis.relation == .unrelated { return between }
    var parts: [String] = []
    if let evaluation { parts.append(evaluation) }
    if let change = comparison.total.relativeChange {
      let subject = comparison.modules.isEmpty ? "the weights" : "the adapter's ΔW"
      let moved = change == 0 ? stayed : "moved \(Self.share(change))"
      if let whole {
        parts.append("\(subject) \(moved)\(figure(comparison.total)) and \(whole)\(place)")
      } else {
        parts.append("\(subject) \(moved)\(change == 0 ? "" : place)")
      }
    } else if let whole {
      parts.append("the adapter's ΔW has no measure before, and \(whole)")
    } else if hasNothingInCommon {
      parts.append("nothing can be compared: no module and no tensor is on both sides")
    } else {
      parts.append("the change has no measure: \(lack)")
    }
    return "From \(labels.before) to \(labels.after) \(parts.joined(separator: ", "))."
  }

  /// Whether both sides keep each tensor in one type.
  private var isOneType: Bool {
    analysis.comparison.tensors.allSatisfy { $0.elementTypes.before == $0.elementTypes.after }
  }

  /// Whether neither adapter changes anything, whatever its factors hold.
  private var areAllZero: Bool {
    let comparison = analysis.comparison
    return !comparison.modules.isEmpty && comparison.wholeTotal == nil
      && comparison.modules.allSatisfy { $0.deltaNorm.before == 0 && $0.deltaNorm.after == 0 }
  }

  private var hasNothingInCommon: Bool {
    let comparison = analysis.comparison
    return !comparison.modules.contains { $0.rank.before != nil && $0.rank.after != nil }
      && !comparison.tensors.contains { $0.role == .whole || $0.role == .codes }
  }

  /// That nothing changed, of what can be held against each other.
  private var stayed: String {
    let comparison = analysis.comparison
    let others = comparison.reshaped.count + comparison.onlyAfter.count + comparison.onlyBefore.count
    guard others > 0 else { return "did not change" }
    return
      "did not change where both have them, and \(NumberText.count(others, "tensor")) \(others == 1 ? "has" : "have") no counterpart of the same shape"
  }

  /// ` (‖change‖ 0.69)`, where it is held against that of other weights.
  private func figure(_ total: CheckpointComparison.Total) -> String {
    total.differenceNorm > 0 ? " (‖change‖ \(NumberText.significant(total.differenceNorm)))" : ""
  }

  /// What became of the tensors that were trained whole: `2 tensors that were trained whole by 4.1 % (‖change‖ 3.31)`.
  private var whole: String? {
    guard analysis.comparison.isPair, let total = analysis.comparison.wholeTotal else { return nil }
    let tensors = analysis.comparison.wholeTensors
    let subject =
      tensors.count == 1
      ? tensors[0].name.hasSuffix(".weight") ? String(tensors[0].name.dropLast(7)) : tensors[0].name
      : "\(NumberText.count(tensors.count, "tensor"))"
    let moved = total.relativeChange.map { " moved \(NumberText.percent($0))" } ?? " moved"
    return "\(subject), trained whole,\(moved)\(figure(total))"
  }

  /// Of unrelated ones: how far they are apart, and what each one's evaluation was.
  private var between: String {
    let total = analysis.comparison.total
    var text = "\(labels.before) and \(labels.after)"
    if let change = total.relativeChange {
      let subject = analysis.comparison.modules.isEmpty ? "weights" : "ΔWs"
      text += " differ in their \(subject) by \(Self.share(change)) of the first's norm\(place)"
      if let whole = analysis.comparison.wholeTotal {
        text +=
          ", and in \(NumberText.count(analysis.comparison.wholeTensors.count, "tensor")) trained whole by ‖change‖ \(NumberText.significant(whole.differenceNorm))"
      }
    } else if hasNothingInCommon {
      text += " have no module and no tensor in common that could be compared"
    } else {
      text += " cannot be measured against each other: \(lack)"
    }
    if let first = analysis.training.before?.evaluation, let second = analysis.training.after?.evaluation {
      text += "; their eval losses are \(NumberText.significant(first)) and \(NumberText.significant(second))"
    }
    return text + "."
  }

  /// Why nothing is there to measure a change by.
  private var lack: String {
    let tensors = analysis.comparison.tensors
    if !tensors.isEmpty, tensors.allSatisfy({ [.codes, .buffer, .fixed].contains($0.role) }) {
      return "the weights stand in codes that are not decoded"
    }
    if !analysis.comparison.modules.isEmpty { return "every ΔW before is 0 or not finite" }
    return "there is no finite weight before that is not 0"
  }

  /// A change of any size, never as `0.00 %`.
  private static func share(_ change: Double) -> String {
    change < 5e-5 ? "less than 0.01 %" : NumberText.percent(change)
  }

  /// How far both trainings went the same way.
  private var agreement: String? {
    guard let agreement = analysis.agreement, let cosine = analysis.comparison.total.cosine else {
      return nil
    }
    let way =
      switch agreement {
      case .nearlySame: "Both went nearly the same way"
      case .partly: "They went partly the same way"
      case .different: "They went different ways"
      case .opposite: "They went opposite ways"
      }
    return "\(way) (cosine \(NumberText.fixed(cosine, places: 3)))."
  }

  /// `eval loss fell 4.1 % (4.953 → 4.75)`.
  private var evaluation: String? {
    let (before, after) = (analysis.training.before, analysis.training.after)
    if let first = before?.evaluation, let second = after?.evaluation, before?.step != after?.step {
      return "eval loss \(Self.change(first, second))"
    }
    if let first = before?.loss, let second = after?.loss, before?.step != after?.step {
      return "training loss \(Self.change(first, second))"
    }
    return nil
  }

  private static func change(_ before: Double, _ after: Double) -> String {
    let figures = "(\(NumberText.significant(before)) → \(NumberText.significant(after)))"
    guard before.isFinite, after.isFinite, before != 0 else { return "went \(figures)" }
    let share = (after - before) / abs(before)
    if share == 0 { return "stayed \(figures)" }
    return "\(share < 0 ? "fell" : "rose") \(NumberText.percent(abs(share))) \(figures)"
  }

  /// `, mostly in mlp.down_proj of layers 20–35`.
  private var place: String {
    guard let place = analysis.concentration else { return "" }
    let layers = place.layers.map { range in
      range.count == 1 ? "layer \(range.lowerBound)" : "layers \(range.lowerBound)–\(range.upperBound)"
    }
    let share = NumberText.percent(place.typeShare)
    switch (place.type, layers) {
    case (let type?, let layers?) where place.isMostOfAll: return ", mostly in \(type) of \(layers)"
    case (let type?, nil) where place.isMostOfAll:
      return ", mostly in \(type)" + (place.stack.isEmpty ? "" : " of all layers")
    case (let type?, let layers?): return ", most in \(type) (\(share) of it) of \(layers)"
    case (let type?, nil): return ", most in \(type) (\(share) of it)"
    case (nil, let layers?): return ", mostly in \(layers)"
    case (nil, nil): return ", spread over all layers and modules"
    }
  }

  private var alone: String {
    let comparison = analysis.comparison
    guard comparison.modules.isEmpty else {
      return
        "\(NumberText.count(comparison.modules.count, "module")) with ‖ΔW‖ \(NumberText.significant(comparison.total.norm.after)) together\(besides)."
    }
    return
      "\(NumberText.count(comparison.tensors.count, "tensor")) with a norm of \(NumberText.significant(comparison.total.norm.after)) together."
  }

  /// `, and 2 tensors trained whole`, of one checkpoint.
  private var besides: String {
    let count = analysis.comparison.wholeTensors.count
    return count == 0 ? "" : ", and \(NumberText.count(count, "tensor")) trained whole"
  }

  /// Which to keep and why; nil where nothing tells.
  var choice: String? {
    guard analysis.comparison.isPair else { return nil }
    guard let choice = analysis.choice else {
      if analysis.relation == .unrelated { return nil }
      return "Nothing in the files says which one to keep: there is no evaluation at both steps."
    }
    let (kept, other) = choice.isAfter ? (labels.after, labels.before) : (labels.before, labels.after)
    switch choice.reason {
    case .identical: return "Keep either: they are the same."
    case .finite: return "Keep \(kept): \(other) has values that are not finite."
    case .lowerEvaluation(let losses, let change, let isOverfitting):
      let own = choice.isAfter ? losses.after : losses.before
      let last = choice.isAfter ? losses.before : losses.after
      return
        "Keep \(kept): its eval loss is \(NumberText.significant(own)) against \(NumberText.significant(last)), \(NumberText.percent(abs(change))) \(choice.isAfter ? "lower" : "below the later one\(isOverfitting ? ", which suggests overfitting after it" : "")")."
    case .earlierAtEqualEvaluation(let losses):
      return
        "Keep \(kept): the eval losses are equal (\(NumberText.significant(losses.before)) and \(NumberText.significant(losses.after))), and the earlier one is closer to the base model."
    }
  }

  /// That no ΔW is made of adapters of this kind, so that their tensors were compared; nil for others.
  var remark: String? {
    let comparison = analysis.comparison
    guard comparison.modules.isEmpty else { return nil }
    let kinds = [comparison.sides.before, comparison.sides.after].compactMap { $0?.configuration?.kind }
      .filter { $0 != "LORA" && $0 != "ADALORA" }
    guard let first = kinds.first else { return unmade }
    let isOne = Set(kinds).count == 1
    return
      "The PEFT \(isOne ? "kind is \(first)" : "kinds are \(first) and \(kinds[1])"): no ΔW is made of \(isOne ? "its" : "their") tensors, which are \(comparison.isPair ? "compared" : "described") one by one."
  }

  /// That no ΔW is made of the factors of an adapter, for reasons that stand among the remarks; nil without such factors.
  private var unmade: String? {
    let comparison = analysis.comparison
    let endings = [
      ".lora_A", ".lora_B", ".lora_mid", ".hada_w1_a", ".hada_w1_b", ".lokr_w1", ".lokr_w2", ".lokr_w1_a",
      ".lokr_w2_a",
    ]
    guard comparison.tensors.contains(where: { tensor in endings.contains { tensor.name.hasSuffix($0) } })
    else { return nil }
    return
      "No ΔW is made of the adapter's factors, which are \(comparison.isPair ? "compared" : "described") one by one: a change of factors is not that of the weights."
  }

  /// What the movement means; nil where it needs no words.
  var movement: String? {
    if analysis.relation == .unrelated { return agreement }
    return switch analysis.movement {
    case .still:
      "That is hardly a movement; whether the training has converged, two checkpoints alone do not tell."
    case .growing: "The weights only grow: the directions stay, their strength rises."
    case .shrinking: "The weights only shrink: the directions stay, their strength falls."
    case .moving:
      (analysis.comparison.total.cosine ?? 0) < 0
        ? "The weights turned against what they were." : "The weights still move in new directions."
    case .identical, nil: nil
    }
  }
}
