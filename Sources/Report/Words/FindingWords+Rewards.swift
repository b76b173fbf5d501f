internal import Analysis

/// Findings in trainings that go by rewards.
extension FindingWords {
  static func noRewardSignal(_ words: Words) -> Self {
    let finding = words.finding
    return Self(
      "the rewards tell no answer from another",
      what:
        "\(words.metric) is \(words.value) at \(NumberText.count(finding.count, "step")) (\(words.steps)): all answers "
        + "to a prompt get the same reward.",
      meaning: "Advantages are 0 then, and nothing is learnt.",
      advice:
        "Check the reward functions on a few answers; prompts that are always or never solved teach nothing.")
  }

  static func rewardCollapse(_ words: Words) -> Self {
    Self(
      "the reward falls from step \(words.first) on",
      what:
        "\(words.metric) ends at \(words.value), after a level of \(words.reference) before step \(words.first).",
      meaning: "The policy lost what it had learnt; later checkpoints are worse than earlier ones.",
      advice:
        "Use a checkpoint from before step \(words.first). A lower learning rate, a larger weight of the KL term and "
        + "larger groups work against it.")
  }

  static func rewardFlat(_ words: Words) -> Self {
    let gain = words.finding.score.map { NumberText.percent($0) } ?? "a fraction"
    return Self(
      "the reward does not rise",
      what:
        "\(words.metric) is \(words.value) in the last third and \(words.reference) in the first (\(words.steps)); its gain "
        + "is at most \(gain) of the spread of one prompt's rewards.",
      meaning: "The policy learnt nothing that the reward shows.",
      advice:
        "Check that prompts are neither too hard nor too easy, the learning rate, and how many answers a group has."
    )
  }

  static func klBlowUp(_ words: Words) -> Self {
    let unit = TrainingMetrics.sumsAnswers(words.finding.metric) ? "nats an answer" : "nats"
    return Self(
      "the policy leaves its reference at step \(words.first)",
      what:
        "\(words.metric) reaches \(words.value) \(unit), from \(words.reference) before step \(words.first).",
      meaning: "The model has become another one: text that its reference would hardly write.",
      advice:
        "Read some answers; use a checkpoint from before step \(words.first), and a larger weight of the KL term or a "
        + "lower learning rate.")
  }

  static func clippedCompletions(_ words: Words) -> Self {
    Self(
      "answers reach their maximum length from step \(words.first) on",
      what: "\(words.metric) ends at \(words.value), \(words.reference) at first.",
      meaning: "Answers that are cut get no reward for their end, or none at all.",
      advice: "Allow longer answers, or look whether they repeat themselves.")
  }
}
