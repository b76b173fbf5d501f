internal import Analysis

/// A finding in words: what, where, what it means, and what to do.
struct FindingWords {
  /// A short sentence without a full stop, for headings and lists.
  let title: String
  /// What was seen, with steps and values.
  let what: String
  /// What it means.
  let meaning: String
  /// What to do about it; empty where there is nothing.
  let advice: String

  /// The words for `finding`.
  init(_ finding: Finding) {
    let words = Words(finding)
    self =
      switch finding.kind {
      case .nonFinite: Self.nonFinite(words)
      case .filteredNaN: Self.filteredNaN(words)
      case .diverged: Self.diverged(words)
      case .deadRun: Self.deadRun(words)
      case .spike: Self.spike(words)
      case .overfitting: Self.overfitting(words)
      case .plateau: Self.plateau(words)
      case .sourcesDisagree: Self.sourcesDisagree(words)
      case .interleaved: Self.interleaved(words)
      case .stoppedEarly: Self.stoppedEarly(words)
      case .damagedFile: Self.damagedFile(words)
      }
  }

  private init(_ title: String, what: String, meaning: String, advice: String = "") {
    self.title = title
    self.what = what
    self.meaning = meaning
    self.advice = advice
  }

  /// Everything but the title as one paragraph.
  var paragraph: String { [what, meaning, advice].filter { !$0.isEmpty }.joined(separator: " ") }

  // MARK: Kinds

  private static func nonFinite(_ words: Words) -> Self {
    let finding = words.finding
    let what = finding.value.map { $0.isNaN ? "NaN" : "infinite" } ?? "NaN"
    let before = finding.reference.map { " The last finite value before is \(number($0))." } ?? ""
    let isGradient = finding.metric.contains("grad")
    let meaning: String
    let advice: String
    switch finding.severity {
    case .failure:
      meaning = "The values do not come back to numbers: the weights are most likely lost from there on."
      advice =
        "Go on from a checkpoint before step \(words.first), with a lower learning rate or stronger clipping; in fp16, "
        + "bf16 avoids overflow. The batch at that step is worth a look."
    case .warning:
      meaning = "Training recovered, but the steps in question taught nothing or did harm."
      advice = "Look at the data of these steps, and at the precision (fp16 overflows where bf16 does not)."
    case .note where isGradient:
      meaning =
        "Under fp16 loss scaling a gradient that overflows now and then is normal: the step is skipped."
      advice = ""
    case .note:
      meaning = "The metric could not be computed there."
      advice = ""
    }
    return Self(
      "\(words.metric) is \(what) \(words.where)",
      what:
        "\(NumberText.count(finding.count, "point")) of \(words.metric) \(finding.count == 1 ? "is" : "are") \(what)"
        + " (\(words.steps)).\(before)",
      meaning: meaning, advice: advice)
  }

  private static func filteredNaN(_ words: Words) -> Self {
    let finding = words.finding
    let witness = finding.other.map { " while \(name($0)) is not finite" } ?? ""
    let before = finding.reference.map { ", after \(number($0)) before" } ?? ""
    return Self(
      "the training loss is NaN from step \(words.first) on, logged as 0.0",
      what:
        "\(words.metric) is exactly 0 at \(NumberText.count(finding.count, "point")) (\(words.steps))\(witness)\(before).",
      meaning:
        "HF Trainer's logging_nan_inf_filter, which is on by default, logs 0.0 in the place of NaN. These zeros "
        + "are no losses: the model was lost at step \(words.first) or shortly before.",
      advice:
        "Do not use checkpoints from step \(words.first) on. Train again with a lower learning rate or stronger "
        + "clipping; logging_nan_inf_filter=False shows NaN as NaN.")
  }

  private static func diverged(_ words: Words) -> Self {
    Self(
      "the training loss diverges at step \(words.first)",
      what:
        "\(words.metric) ends at \(words.value), \(words.rise) the level of \(words.reference) before step "
        + "\(words.first), and does not come back.",
      meaning: "Training left the region that it had found; later checkpoints are worse than earlier ones.",
      advice:
        "Use a checkpoint from before step \(words.first), and try a lower learning rate, a longer warm-up or "
        + "stronger clipping.")
  }

  private static func deadRun(_ words: Words) -> Self {
    let gradient =
      words.finding.other.map {
        "\(name($0)) is exactly 0 at \(NumberText.count(words.finding.count, "point"))"
      }
      ?? "\(words.metric) is one and the same number at \(NumberText.count(words.finding.count, "point"))"
    return Self(
      "nothing is learnt from step \(words.first) on",
      what: "\(gradient) (\(words.steps)), and the loss stays at \(words.value).",
      meaning: "No gradient reaches the trained weights: they do not change any more.",
      advice:
        "Check that parameters require gradients, that labels are not all masked (-100), that the learning rate "
        + "is not 0, and that gradients are enabled through checkpointed layers.")
  }

  private static func spike(_ words: Words) -> Self {
    let finding = words.finding
    let isSeries = finding.lastStep.map { $0 != finding.step } ?? false
    let title =
      isSeries ? "the training loss spikes \(words.where)" : "the training loss spikes at step \(words.first)"
    return Self(
      title,
      what: "\(words.metric) reaches \(words.value), \(words.rise) the level of \(words.reference) before it"
        + (isSeries ? " (\(words.steps), \(NumberText.count(finding.count, "point")))." : "."),
      meaning: "It came back, so this is no divergence.",
      advice: finding.severity >= .warning
        ? "One bad batch is enough for it: look at the data at that step. Repeated spikes ask for a lower learning rate "
          + "or stronger clipping." : "")
  }

  private static func overfitting(_ words: Words) -> Self {
    Self(
      "the evaluation loss rises after step \(words.first)",
      what:
        "\(words.metric) was best at step \(words.first) with \(words.reference) and stands at \(words.value) at "
        + "step \(words.last), \(words.rise) the best, while the training loss went on falling.",
      meaning: "The model fits the training data better and new data worse: it overfits.",
      advice:
        "Use the checkpoint nearest to step \(words.first); fewer epochs, a lower learning rate, more data or "
        + "more dropout work against it.")
  }

  private static func plateau(_ words: Words) -> Self {
    Self(
      "the training loss has stopped falling",
      what: "Over \(words.steps) \(words.metric) stays at \(words.value); its slope cannot be told from 0.",
      meaning: "More steps with these settings are unlikely to lower it much.",
      advice: "")
  }

  private static func sourcesDisagree(_ words: Words) -> Self {
    let finding = words.finding
    let mine = finding.value.map { "the event files say \(exact($0))" } ?? "the event files have no point"
    let theirs =
      finding.reference.map { "\(words.other) says \(exact($0))" } ?? "\(words.other) has another value"
    return Self(
      "\(words.other) and the event files disagree about \(words.metric)",
      what: "At step \(words.first) \(mine), \(theirs); "
        + "\(NumberText.count(finding.count, "step")) \(finding.count == 1 ? "differs" : "differ") in all.",
      meaning: "The files come from different trainings, or one of them is incomplete.",
      advice: "This report goes by the event files. Check that the folder holds one training only.")
  }

  private static func interleaved(_ words: Words) -> Self {
    let course =
      if let step = words.finding.step {
        "It begins at step \(NumberText.count(step)) while another file was still being written."
      } else if words.finding.count > 0 {
        "Its steps go back \(NumberText.count(words.finding.count)) times."
      } else {
        "Its steps go back and forth."
      }
    return Self(
      "two trainings wrote into \(words.other)",
      what: course,
      meaning: "Lines of two writers are mixed, so the file tells no single course.",
      advice: "Give each training an output folder of its own.")
  }

  private static func stoppedEarly(_ words: Words) -> Self {
    let share =
      words.finding.value.flatMap { value in
        words.finding.reference.flatMap { $0 > 0 ? " (\(NumberText.percent(value / $0)))" : nil }
      } ?? ""
    return Self(
      "the run ends before its planned last step",
      what: "The last step on record is \(words.first) of \(whole(words.finding.reference))\(share).",
      meaning: "The training was stopped or interrupted, or it is still going on.")
  }

  private static func damagedFile(_ words: Words) -> Self {
    Self(
      "\(words.other) is damaged",
      what:
        "\(NumberText.count(words.finding.count, "fault")), the first at offset \(whole(words.finding.value)).",
      meaning: "What can be read before and after is in this report; what the damaged records held is not.",
      advice: "The data quality section names each fault. If there is another copy of the file, use that.")
  }

  // MARK: Parts

  /// The pieces that the sentences share.
  private struct Words {
    let finding: Finding

    init(_ finding: Finding) { self.finding = finding }

    var metric: String { name(finding.metric) }
    var other: String { finding.other.map(name) ?? "another source" }
    var first: String { finding.step.map { NumberText.count($0) } ?? "?" }
    var last: String { (finding.lastStep ?? finding.step).map { NumberText.count($0) } ?? "?" }
    var value: String { finding.value.map(number) ?? "?" }
    var reference: String { finding.reference.map(number) ?? "?" }
    var steps: String { first == last ? "step \(first)" : "steps \(first) to \(last)" }
    var `where`: String { first == last ? "at step \(first)" : "from step \(first) to \(last)" }

    /// How the value stands to the reference: `23.4 % above`, or `6.1 times` from the double on.
    var rise: String {
      guard let value = finding.value, let reference = finding.reference, reference > 0, value > reference,
        value.isFinite
      else { return "against" }
      let ratio = value / reference
      return ratio >= 2
        ? NumberText.fixed(ratio, places: 1) + " times" : NumberText.percent(ratio - 1) + " above"
    }
  }

  private static func name(_ text: String) -> String { ForeignText.visible(text) }
  private static func number(_ value: Double) -> String { NumberText.significant(value) }
  private static func exact(_ value: Double) -> String {
    NumberText.significant(value, digits: 7, trimmed: true)
  }
  private static func whole(_ value: Double?) -> String {
    value.flatMap { Int64(exactly: $0.rounded()) }.map { NumberText.count($0) } ?? "?"
  }
}
