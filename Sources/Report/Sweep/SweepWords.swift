internal import Analysis
internal import EventFile
internal import RunFolder

/// What pages and pictures of groups call things.
struct SweepWords {
  let sweep: SweepAnalysis

  var groups: RunGroups { sweep.groups }

  // MARK: Names

  /// What people call the settings that stand in a label again and again.
  private static let short = [
    "learning_rate": "lr", "lora_alpha": "alpha", "lora_rank": "r", "lora_dropout": "dropout",
    "per_device_train_batch_size": "batch", "gradient_accumulation_steps": "accumulation",
    "num_train_epochs": "epochs", "weight_decay": "wd", "lr_scheduler_type": "scheduler",
    "warmup_ratio": "warm-up",
  ]

  /// The name of a setting in a label.
  static func short(_ name: String) -> String {
    let last = name.split(separator: ".").last.map(String.init) ?? name
    return short[last] ?? last
  }

  /// A value as a label has it: a number in its shortest form.
  static func value(_ text: String?) -> String {
    guard let text else { return "–" }
    guard let number = Double(text), number.isFinite else { return ForeignText.shortened(text, to: 40) }
    guard number.magnitude < 1e-3, number != 0 else {
      return NumberText.significant(number, digits: 6, trimmed: true)
    }
    // 1e-4 beside 5e-5, where learning rates stand together.
    var digits = DecimalDigits(number)
    digits.round(significant: 6)
    return (number < 0 ? "-" : "") + digits.scientific(significant: max(digits.digits.count, 1))
  }

  /// A setting with its value: `lr 1e-5`; of what only the runs' names tell, the value alone.
  static func part(_ setting: VaryingSetting, _ value: String?) -> String {
    setting.name == "name" && setting.origin == .name
      ? Self.value(value) : "\(short(setting.name)) \(Self.value(value))"
  }

  /// The group by the settings that tell it from others: `lr 1e-5, r 8`.
  func label(_ group: RunGroup) -> String {
    guard !groups.settings.isEmpty else { return "all runs" }
    return zip(groups.settings, group.values).map { Self.part($0, $1) }.joined(separator: ", ")
  }

  // MARK: Sentences

  /// What the figures of the groups are.
  var figureName: String {
    guard let metric = groups.metric else { return "figure" }
    let name =
      !MetricRole.isLoss(metric.tag)
      ? ForeignText.visible(metric.tag)
      : MetricRole.evalLoss.rank(of: metric.tag) != nil ? "evaluation loss" : "training loss"
    return (metric.isBest ? "best " : "final ") + name
  }

  /// How many runs, settings and seeds there are.
  var extent: String {
    let runs = NumberText.count(groups.runCount, "run")
    guard groups.groups.count > 1 else { return "\(runs) of one setting" }
    let counts = Set(groups.groups.map(\.members.count))
    let settings = "\(NumberText.count(groups.groups.count)) settings"
    if counts == [1] { return "\(runs) of as many settings" }
    if counts.count == 1, let count = counts.first {
      return "\(runs): \(settings) with \(count) \(repeats) each"
    }
    return "\(runs) of \(settings)"
  }

  /// The sentences that a page opens with.
  var verdict: String {
    var text = extent + "."
    guard let metric = groups.metric else {
      let isAllLost = groups.groups.allSatisfy { $0.lostCount == $0.members.count }
      return text
        + (isAllLost
          ? " All of them failed." : " They are not judged by one metric, so nothing is ranked.")
    }
    if let obstacle = groups.obstacle {
      return text + " \(ComparabilityWords.unranked(obstacle)), so nothing is ranked."
    }
    if groups.options.isHeldAgainstFirst { return text + against }
    guard let best = groups.groups.first, let statistics = best.statistics else { return text }
    if groups.groups.count == 1 { return text + " The \(figureName) is \(level(statistics))." }
    let way = metric.direction == .higher ? "highest" : "lowest"
    let mean = groups.hasRepeats && statistics.count > 1 ? "On average over \(repeats) the" : "The"
    text += " \(mean) \(figureName) is \(way) with \(label(best)): \(level(statistics))"
    text += failures(of: best, way) + "."
    guard groups.hasRepeats else { return text }
    let open = groups.groups.dropFirst().count { $0.verdict == .inconclusive || $0.verdict == .same }
    let worse = groups.groups.count { $0.verdict == .worse }
    if worse > 0 {
      text +=
        " \(NumberText.count(worse, "setting")) \(worse == 1 ? "is" : "are") worse by more than \(repeats) differ"
      text += open > 0 ? "; \(NumberText.count(open)) cannot be distinguished from it." : "."
    } else if open > 0 {
      text += " The spread between \(repeats) lets nobody tell it from the other \(NumberText.count(open))."
    }
    return text
  }

  /// What became of the runs of the best group that failed, and the best group of which none did.
  private func failures(of best: RunGroup, _ way: String) -> String {
    guard best.lostCount > 0 else { return "" }
    var text =
      ", but \(NumberText.count(best.lostCount)) of its \(NumberText.count(best.members.count, "run")) failed"
    if let sound = groups.groups.first(where: { $0.lostCount == 0 && $0.statistics != nil }),
      let statistics = sound.statistics
    {
      text +=
        "; of the settings without a failed run it is \(way) with \(label(sound)): \(level(statistics))"
    }
    return text
  }

  /// The groups beside the one of the first run.
  private var against: String {
    guard let index = groups.baseline, let base = groups.groups[index].statistics else { return "" }
    var text = " The baseline, \(label(groups.groups[index])), has a \(figureName) of \(level(base))."
    for (verdict, words) in [
      (GroupVerdict.better, "better"), (.worse, "worse"), (.same, "the same within the margin"),
      (.inconclusive, "not distinguishable from it"),
      (.spreadUnknown, "without any known spread between \(repeats)"),
    ] {
      let count = groups.groups.count { $0.verdict == verdict }
      guard count > 0 else { continue }
      text += " \(NumberText.count(count, "setting")) \(count == 1 ? "is" : "are") \(words)."
    }
    return text
  }

  /// What the runs of a row are: seeds, where they differ in nothing else that is known.
  var repeats: String { groups.repeatsAreSeeds ? "seeds" : "runs" }

  /// Why members of `group` do not count: `2 failed, 1 unfinished`; empty where all do.
  static func exclusions(of group: RunGroup) -> String {
    [
      (group.lostCount, "failed"), (group.unfinishedCount, "unfinished"),
      (group.copyCount, group.copyCount == 1 ? "copy" : "copies"),
    ].filter { $0.0 > 0 }.map { "\(NumberText.count($0.0)) \($0.1)" }.joined(separator: ", ")
  }

  /// `1.031 (sd 0.0098 over 12 seeds)`.
  func level(_ statistics: SeedStatistics) -> String {
    guard let deviation = statistics.deviation else { return NumberText.significant(statistics.mean) }
    return
      "\(NumberText.significant(statistics.mean)) (sd \(NumberText.significant(deviation, digits: 2)) over "
      + "\(NumberText.count(statistics.count)) \(repeats))"
  }

  /// What stands in the column of verdicts.
  func verdict(_ group: RunGroup, isBaseline: Bool) -> InlineText {
    if isBaseline { return InlineText(groups.options.isHeldAgainstFirst ? "baseline" : "best") }
    switch group.verdict {
    case .better?: return InlineText("better").toned(.good)
    case .worse?: return InlineText("worse").toned(.bad)
    case .same?: return "same"
    case .inconclusive?: return InlineText("inconclusive").toned(.quiet)
    case .spreadUnknown?: return InlineText("spread unknown").toned(.quiet)
    case nil:
      if group.lostCount == group.members.count { return InlineText("failed").toned(.bad) }
      return group.statistics == nil && group.unfinishedCount > 0
        ? InlineText("unfinished").toned(.quiet) : ""
    }
  }
}
