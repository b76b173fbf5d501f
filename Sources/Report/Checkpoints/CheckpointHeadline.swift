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
      let both = "\(labels.before) and \(labels.after) hold the same weights, bit for bit."
      // The name of a folder stays as it is spelt.
      return both.hasPrefix("step ") ? Verdict.capitalised(both) : both
    }
    if analysis.relation == .unrelated { return between }
    var parts: [String] = []
    if let evaluation { parts.append(evaluation) }
    if let change = comparison.total.relativeChange {
      let subject = comparison.modules.isEmpty ? "the weights" : "the adapter's ΔW"
      parts.append("\(subject) moved \(NumberText.percent(change))\(place)")
    } else if comparison.tensors.isEmpty && comparison.modules.isEmpty {
      parts.append("nothing is on both sides")
    } else {
      parts.append("the change has no measure, for there is no finite weight before")
    }
    return "From \(labels.before) to \(labels.after) \(parts.joined(separator: ", "))."
  }

  /// Of unrelated ones: how far they are apart, and what each one's evaluation was.
  private var between: String {
    let total = analysis.comparison.total
    var text = "\(labels.before) and \(labels.after)"
    if let change = total.relativeChange {
      let subject = analysis.comparison.modules.isEmpty ? "weights" : "ΔWs"
      text += " differ in their \(subject) by \(NumberText.percent(change)) of the first's norm\(place)"
    }
    if let first = analysis.training.before?.evaluation, let second = analysis.training.after?.evaluation {
      text += "; their eval losses are \(NumberText.significant(first)) and \(NumberText.significant(second))"
    }
    return text + "."
  }

  /// How far both trainings went the same way.
  private var agreement: String? {
    guard analysis.comparison.isPair, !analysis.comparison.isIdentical,
      let cosine = analysis.comparison.total.cosine
    else { return nil }
    let number = "cosine \(NumberText.fixed(cosine, places: 3))"
    switch cosine {
    case 0.9...: return "Both went nearly the same way (\(number))."
    case 0.3..<0.9: return "They went partly the same way (\(number))."
    case -0.3..<0.3: return "They went different ways (\(number))."
    default: return "They went opposite ways (\(number))."
    }
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
    case (let type?, let layers?) where place.typeShare >= 0.5: return ", mostly in \(type) of \(layers)"
    case (let type?, nil) where place.typeShare >= 0.5:
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
        "\(NumberText.count(comparison.modules.count, "module")) with ‖ΔW‖ \(NumberText.significant(comparison.total.norm.after)) together."
    }
    return
      "\(NumberText.count(comparison.tensors.count, "tensor")) with a norm of \(NumberText.significant(comparison.total.norm.after)) together."
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
    case .lowerEvaluation(let losses, let change):
      let own = choice.isAfter ? losses.after : losses.before
      let last = choice.isAfter ? losses.before : losses.after
      return
        "Keep \(kept): its eval loss is \(NumberText.significant(own)) against \(NumberText.significant(last)), \(NumberText.percent(abs(change))) \(choice.isAfter ? "lower" : "below the later one, which suggests overfitting after it")."
    case .earlierAtEqualEvaluation(let losses):
      return
        "Keep \(kept): the eval losses are equal (\(NumberText.significant(losses.before)) and \(NumberText.significant(losses.after))), and the earlier one is closer to the base model."
    }
  }

  /// That adapters of this kind have no low-rank product, so that their tensors were compared; nil for others.
  var remark: String? {
    let comparison = analysis.comparison
    guard comparison.modules.isEmpty else { return nil }
    let kinds = [comparison.sides.before, comparison.sides.after].compactMap { $0?.configuration?.kind }
      .filter { $0 != "LORA" && $0 != "ADALORA" }
    guard let first = kinds.first else { return nil }
    let both = Set(kinds).count > 1 ? "\(first) and \(kinds[1])" : first
    let subject = Set(kinds).count > 1 ? "The adapters are of the PEFT kinds" : "The PEFT kind is"
    return
      "\(subject) \(both), which \(Set(kinds).count > 1 ? "have" : "has") no low-rank product B·A, so that there is no ΔW to take apart: \(comparison.isPair ? "the adapters are compared" : "the adapter is described") tensor by tensor."
  }

  /// What the movement means; nil where it needs no words.
  var movement: String? {
    if analysis.relation == .unrelated { return agreement }
    return switch analysis.movement {
    case .still:
      "That is hardly a movement; whether the training has converged, two checkpoints alone do not tell."
    case .growing: "The weights only grow: the directions stay, their strength rises."
    case .moving: "The weights still move in new directions."
    case .identical, nil: nil
    }
  }
}
