internal import Analysis

/// Findings in evaluations.
extension FindingWords {
  static func overfitting(_ words: Words) -> Self {
    let finding = words.finding
    let isLower = (finding.value ?? 0) < (finding.reference ?? 0)
    let verb = isLower ? "falls" : "rises"
    var isBesides = false
    if case .besides = finding.cause { isBesides = true }
    // Of several sets, or where another metric decides, its own name.
    let name = finding.metric.hasSuffix("loss") && !isBesides ? "the evaluation loss" : words.metric
    let change =
      isLower
      ? "below"
      : "\(words.rise)"
    var use = "Use the checkpoint nearest to step \(words.first)"
    if case .besides(let objective) = finding.cause {
      use =
        "The run is judged by \(ForeignText.visible(objective)); where \(words.metric) counts as much, use the checkpoint "
        + "nearest to step \(words.first)"
    }
    if case .betterOtherwise(let step) = finding.cause {
      return Self(
        "\(name) rises after step \(words.first), though \(words.other) gets better",
        what:
          "\(words.metric) was best at step \(words.first) with \(words.reference) and stands at \(words.value) at "
          + "step \(words.last), \(words.rise) the best; \(words.other) was best at step \(NumberText.count(step)).",
        meaning:
          "The model overfits by its loss, which counts how sure an answer is: more answers are right, and the wrong "
          + "ones are given with more confidence.",
        advice:
          "\(use) where probabilities matter, that nearest to step "
          + "\(NumberText.count(step)) where \(words.other) does, and have the trainer select by it.")
    }
    return Self(
      "\(name) \(verb) after step \(words.first)",
      what:
        "\(words.metric) was best at step \(words.first) with \(words.reference) and stands at \(words.value) at "
        + "step \(words.last), \(change) the best"
        + (finding.other == nil ? "." : ", while the training loss did not rise."),
      meaning: finding.cause == .fromTheStart
        ? "The first evaluation is the best: the model fits the training data better and new data worse from there on."
        : "The model fits the training data better and new data worse: it overfits.",
      advice: use
        + "; fewer epochs, a lower learning rate, more data or more dropout work against it.")
  }

  static func metricsDisagree(_ words: Words) -> Self {
    Self(
      "\(words.metric) and \(words.other) are best at different steps",
      what: "\(words.metric) was best at step \(words.first), \(words.other) at step \(words.last).",
      meaning: "The loss counts how sure an answer is, the metric whether it is right: both can be true.",
      advice: "Choose the checkpoint by what the model is for.")
  }

  static func lossScale(_ words: Words) -> Self {
    let finding = words.finding
    let ratio =
      finding.score.map { NumberText.significant($0, digits: 3) } ?? "?"
    let meaning: String
    if case .accumulation(let steps) = finding.cause {
      meaning =
        "The ratio is that of the \(steps) steps of gradient accumulation: the loss is logged as their sum, not their "
        + "mean, and the gradient may be as many times too large."
    } else {
      meaning =
        "One of them is most likely a sum where the other is a mean: over steps of gradient accumulation, devices, "
        + "tokens or samples."
    }
    return Self(
      "the training loss is \(ratio) times the evaluation loss",
      what:
        "\(words.metric) stands at \(words.value) where \(words.other) is \(words.reference), and so at all "
        + "\(NumberText.count(finding.count, "evaluation")).",
      meaning: meaning,
      advice:
        "Check the trainer's version and its scaling of the loss before comparing these losses with others.")
  }

  static func evaluationBelow(_ words: Words) -> Self {
    Self(
      "the evaluation loss is below the training loss throughout",
      what: "\(words.metric) stands at \(words.value) where \(words.other) is \(words.reference).",
      meaning:
        "Dropout, a training loss that is a mean over the steps before, or an evaluation set that is easier, or "
        + "known to the model.")
  }
}
