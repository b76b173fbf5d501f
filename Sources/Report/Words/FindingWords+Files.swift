internal import Analysis

/// Findings in the files of a run.
extension FindingWords {
  static func sourcesDisagree(_ words: Words) -> Self {
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

  static func interleaved(_ words: Words) -> Self {
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

  static func reportedFailure(_ words: Words) -> Self {
    Self(
      "the writer says that the training failed",
      what: "\(Verdict.capitalised(words.other)).",
      meaning: "The program that trained did not come to its end as it should have.",
      advice: "Look into its own output for the error; what is on record may end before the plan.")
  }

  static func identicalSaves(_ words: Words) -> Self {
    let finding = words.finding
    let all = finding.severity >= .warning
    return Self(
      all ? "all saves hold the same weights" : "saves hold the same weights",
      what:
        "\(NumberText.count(finding.count, "save")) of \(whole(finding.reference)) \(finding.count == 1 ? "is" : "are") the same as the one before (\(words.steps)).",
      meaning: all
        ? "Whatever the loss says, what was saved was not trained: the saves are of other weights, or nothing was trainable."
        : "Nothing was trained between them, or the same weights were saved twice.",
      advice: all ? "Check what is trainable and what is saved before you use any of them." : "")
  }

  /// NaN and infinities in the weights of saves.
  static func savedWeights(_ words: Words, lasts: Bool) -> Self {
    let finding = words.finding
    return Self(
      "saved weights are not finite \(lasts ? "from step \(words.first) on" : words.where)",
      what:
        "\(NumberText.count(finding.count, "save")) \(finding.count == 1 ? "holds" : "hold") NaN or infinities (\(words.steps)).",
      meaning: lasts
        ? "The last save holds them too: it cannot be used, whatever the loss says."
        : "Later saves hold none.",
      advice: "The section on checkpoints names the tensors.")
  }

  static func stoppedEarly(_ words: Words) -> Self {
    let share =
      words.finding.value.flatMap { value in
        words.finding.reference.flatMap { $0 > 0 ? " (\(NumberText.percent(value / $0)))" : nil }
      } ?? ""
    return Self(
      "the run ends before its planned last step",
      what: "The last step on record is \(words.first) of \(whole(words.finding.reference))\(share).",
      meaning:
        "The training was stopped or interrupted, it is still going on, or what came after is not kept here.")
  }

  static func damagedFile(_ words: Words) -> Self {
    let place = words.finding.value.map { ", the first at offset \(whole($0))" } ?? ""
    return Self(
      "\(words.other) is damaged",
      what: "\(NumberText.count(words.finding.count, "fault"))\(place).",
      meaning: "What can be read before and after is in this report; what the damaged records held is not.",
      advice: "The data quality section names each fault. If there is another copy of the file, use that.")
  }

  static func incompleteSave(_ words: Words) -> Self {
    let finding = words.finding
    let whole =
      finding.reference.map { "The last whole save is that of step \(Self.whole($0))." }
      ?? "No save is whole."
    return Self(
      finding.count == 1 ? "a save is incomplete" : "\(NumberText.count(finding.count)) saves are incomplete",
      what: "\(words.other).",
      meaning: "The training was ended while it saved, the disk was full, or files were lost. \(whole)",
      advice: finding.reference == nil
        ? "There is nothing to resume from."
        : "Resume from that one, and remove the others: a trainer takes the last.")
  }

  static func mixedTrainings(_ words: Words) -> Self {
    Self(
      "several trainings lie in \(words.other)",
      what:
        "Traces of \(NumberText.count(words.finding.count)) trainings with other values are in one folder.",
      meaning:
        "This report is about one of them, the one that the trainer's files belong to, or else the last; the data "
        + "quality section names the others.",
      advice: "Give each training an output folder of its own, or open the event files one by one.")
  }

  static func noStepCounter(_ words: Words) -> Self {
    Self(
      "the points have no steps",
      what:
        "\(NumberText.count(words.finding.count, "point")) of \(words.metric) do not say at which step they were taken.",
      meaning:
        "The writer was given no step (global_step), so the order of writing is all that is known.",
      advice: "Pass global_step to add_scalar.")
  }

  static func earlyStopped(_ words: Words) -> Self {
    Self(
      "the trainer ended the run before its planned last step",
      what: "The last step on record is \(words.first) of \(whole(words.finding.reference)).",
      meaning: "The trainer wrote its results, so it ended by itself: most likely by early stopping.")
  }
}
