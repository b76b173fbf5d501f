internal import Analysis

/// Findings in the training loss and what drives it.
extension FindingWords {
  /// NaN and infinities among the elements of histograms.
  private static func elements(_ words: Words, lasts: Bool) -> Self {
    let finding = words.finding
    let what =
      switch finding.value {
      case nil: "NaN and infinities"
      case .some(let value): value.isNaN ? "NaN" : "infinities"
      }
    let others =
      finding.multiplicity > 1
      ? " So do those of \(NumberText.count(finding.multiplicity - 1, "other tag"))." : ""
    let meaning: String
    var advice = ""
    switch finding.severity {
    case .failure:
      meaning =
        "The last histogram has them too. Weights that are NaN or infinite do not come back: where these are weights, "
        + "the model is lost from there on, whatever the loss says."
      advice =
        "Go on from a checkpoint before step \(words.first), and look into it with 'ftreport inspect' first; a lower "
        + "learning rate, stronger clipping, or bf16 in the place of fp16 may avoid it."
    case .warning where lasts:
      meaning = "The last histogram has them too."
      advice = "Look at the weights of the last save with 'ftreport inspect' before you use them."
    case .warning:
      meaning = "Later histograms have none."
      advice = "Look at the data of these steps, and at the precision (fp16 overflows where bf16 does not)."
    case .note:
      meaning =
        finding.metric.lowercased().contains("grad")
        ? "Under fp16 loss scaling a gradient that overflows now and then is normal: the step is skipped."
        : "The first histogram has them already, as that of a masked tensor does."
    }
    return Self(
      "histograms of \(words.metric) hold \(what) \(lasts ? "from step \(words.first) on" : words.where)",
      what:
        "\(NumberText.count(finding.count, "histogram")) of \(words.metric) \(finding.count == 1 ? "holds" : "hold") \(what)"
        + " (\(words.steps)).\(others)",
      meaning: meaning, advice: advice)
  }

  static func nonFinite(_ words: Words) -> Self {
    let finding = words.finding
    if case .savedWeights(let lasts)? = finding.cause { return savedWeights(words, lasts: lasts) }
    if case .elements(let lasts)? = finding.cause { return elements(words, lasts: lasts) }
    let what = finding.value.map { $0.isNaN ? "NaN" : "infinite" } ?? "NaN"
    let before = finding.reference.map { " The last finite value before is \(number($0))." } ?? ""
    let isGradient = finding.metric.contains("grad")
    let meaning: String
    let advice: String
    switch finding.severity {
    case .failure where finding.cause == .evaluationOnly, .warning where finding.cause == .evaluationOnly:
      meaning =
        "The training loss stays finite, so the weights are most likely sound and the evaluation is not: fp16 overflows "
        + "in it where training with loss scaling does not, or a sample of the set has no label at all."
      advice =
        "Evaluate a checkpoint in bf16 or fp32, and look for samples that are empty or cut before their answer."
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

  static func filteredNaN(_ words: Words) -> Self {
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

  static func diverged(_ words: Words) -> Self {
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

  static func deadRun(_ words: Words) -> Self {
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

  static func spike(_ words: Words) -> Self {
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
        ? (finding.count > 5 ? "Look" : "One bad batch is enough for it: look")
          + " at the data at that step. Repeated spikes ask for a lower learning rate "
          + "or stronger clipping." : "")
  }

  static func plateau(_ words: Words) -> Self {
    Self(
      "the training loss has stopped falling",
      what:
        "Over \(words.steps) \(words.metric) stays at \(words.value); its slope is not distinguishable from 0.",
      meaning: "More steps with these settings are unlikely to lower it much.",
      advice: "")
  }

  static func zeroLoss(_ words: Words) -> Self {
    let finding = words.finding
    let before = finding.reference.map { ", after \(number($0)) before" } ?? ""
    let isWhole = finding.reference == nil
    let meaning: String
    let advice: String
    switch finding.cause {
    case .maskedLabels:
      meaning =
        "No token counts in the loss: most likely every label is masked (-100), because answers were cut off or the "
        + "template does not fit the data."
      advice = "Decode the labels of one batch. Do not use checkpoints of these steps: they learnt nothing."
    case .filteredNaN:
      meaning =
        "A loss does not fall to exactly 0 at once: most likely it is NaN, which HF Trainer logs as 0.0 "
        + "(logging_nan_inf_filter)."
      advice =
        "Do not use checkpoints from step \(words.first) on; logging_nan_inf_filter=False shows what it is."
    default:
      meaning =
        "A loss does not fall to exactly 0 at once: labels that are all masked (-100) from there on, a NaN that the "
        + "trainer logs as 0.0, or a broken loss function."
      advice = "Do not use checkpoints from step \(words.first) on before that is clear."
    }
    return Self(
      isWhole
        ? "the training loss is exactly 0 throughout"
        : "the training loss is exactly 0 from step \(words.first) on",
      what:
        "\(words.metric) is exactly 0 at \(NumberText.count(finding.count, "point")) (\(words.steps))\(before).",
      meaning: meaning, advice: advice)
  }

  static func zeroLearningRate(_ words: Words) -> Self {
    let finding = words.finding
    let isWhole = finding.severity == .failure
    return Self(
      isWhole ? "the learning rate is 0 throughout" : "the learning rate is 0 \(words.where)",
      what:
        "\(words.metric) is \(words.value) at \(NumberText.count(finding.count, "point")) (\(words.steps))"
        + (isWhole ? "." : ", against \(words.reference) at its peak."),
      meaning: finding.cause == .scheduleEnded
        ? "The schedule came to its end before the training did: these steps changed nothing."
        : "Steps at a learning rate of 0 change nothing.",
      advice: finding.cause == .scheduleEnded
        ? "Give the scheduler the steps that are really trained, or stop at step \(words.first)."
        : "Check the scheduler, its warm-up, and the learning rate of each group of parameters.")
  }

  static func notLearning(_ words: Words) -> Self {
    let finding = words.finding
    let bound =
      finding.score.map {
        $0 > 0 ? " With the noise it fell by at most \(NumberText.percent($0))." : " It did not fall."
      } ?? ""
    let meaning: String
    let advice: String
    switch finding.cause {
    case .chance(let classes):
      meaning =
        "That is ln \(classes), the loss of a guess among \(classes) classes, and the accuracy says so too: the model "
        + "learnt nothing."
      advice = "Check the labels, that the head is trained, and the learning rate."
    case .learningRateTooLow:
      meaning = "The learning rate is so low that the weights hardly move."
      advice = "Train with a learning rate that is ten times higher or more."
    default:
      meaning =
        "Nothing was learnt that the loss shows: a learning rate that is too low or far too high, parameters that are "
        + "frozen, labels that do not belong to the inputs, or data that the model knew already."
      advice = "Check the learning rate, which parameters require gradients, and a batch of the data."
    }
    let levels =
      finding.score == nil
      ? "\(words.metric) was \(words.reference) at the first evaluation and is \(words.value) at the last"
      : "\(words.metric) is \(words.value) in the second half and \(words.reference) in the first"
    return Self(
      "\(words.metric) \((finding.score ?? 0) > 0 ? "hardly falls" : "does not fall")",
      what: "\(levels) (\(words.steps)).\(bound)",
      meaning: meaning, advice: advice)
  }

  static func oscillation(_ words: Words) -> Self {
    Self(
      "the training loss swings from step \(words.first) on",
      what: "Swings of \(words.value) about a level of \(words.reference) in \(words.metric) "
        + "(\(words.steps)), "
        + "\(words.finding.score.map { $0 >= 100 ? "over 100" : NumberText.fixed($0, places: 1) } ?? "several") times those of the calmest part.",
      meaning: "Steps overshoot: training is at the edge of stability.",
      advice:
        "Lower the learning rate, clip the gradient more strongly, or take larger batches. Choose checkpoints by "
        + "their evaluation, not by the last step.")
  }

  static func gradientExplosion(_ words: Words) -> Self {
    Self(
      "the gradient norm grows \(words.growth) from step \(words.first) on",
      what:
        "\(words.metric) stands at \(words.reference) before and reaches \(words.value) (\(words.steps)).",
      meaning:
        "Clipping hides this from the loss: every step then goes its full length in a direction that hardly means "
        + "anything.",
      advice:
        "Look at the loss and evaluations from there on; go on from a checkpoint before step \(words.first) with a "
        + "lower learning rate.")
  }

  static func resumeGap(_ words: Words) -> Self {
    let isScheduled = words.finding.cause == .scheduleRestarted
    return Self(
      "the training loss jumps up at the resume at step \(words.first)",
      what: "\(words.metric) is \(words.value) after step \(words.first), \(words.rise) the level of "
        + "\(words.reference) before it.",
      meaning: isScheduled
        ? "The learning rate began anew there: the schedule, and most likely the optimizer's state, were not restored."
        : "The run was taken up again there, and most likely without its optimizer's state, or with other data.",
      advice:
        "Resume with the optimizer's and the scheduler's state, or go back to the checkpoint of the resume.")
  }

  static func scheduleRestarted(_ words: Words) -> Self {
    Self(
      "the learning rate rises anew at step \(words.first)",
      what: "\(words.metric) had fallen and rises again \(NumberText.count(words.finding.count, "time")).",
      meaning: "A schedule with restarts, or trainings that were chained. The loss goes on without a jump.")
  }

  static func epochSteps(_ words: Words) -> Self {
    Self(
      "the training loss steps down where epochs end",
      what: "\(words.metric) drops from \(words.reference) to \(words.value) at the end of an epoch, "
        + "\(NumberText.count(words.finding.count, "drop")) in all (\(words.steps)).",
      meaning:
        "Samples that are seen a second time are known already: the training loss says less about new data from "
        + "there on, and evaluations decide.")
  }

  static func stalls(_ words: Words) -> Self {
    let finding = words.finding
    return Self(
      "single steps took much longer than others",
      what:
        "\(NumberText.count(finding.count, "stall")), the longest of \(words.value) s after step \(words.first), "
        + "against \(words.reference) s as a rule; \(finding.score.map(number) ?? "?") s in all.",
      meaning: "Saving, evaluating, reading data or another process held the training up.")
  }
}
