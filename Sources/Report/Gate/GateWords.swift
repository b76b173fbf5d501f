internal import Analysis
internal import EventFile
internal import RunFolder

/// What a gate says, in words that every format shares.
struct GateWords {
  let report: GateReport
  let strict: Bool

  /// A sign for what became of a gate, and of which weight that is.
  static func sign(_ result: GateResult) -> String {
    switch result.status {
    case .pass: "✅"
    case .inconclusive: "❔"
    case .missing: result.isError ? "🚫" : "⚠️"
    case .fail: result.isError ? "❌" : "⚠️"
    }
  }

  /// The results, the gravest first, else in the order of the configuration.
  var ranked: [GateResult] {
    report.results.enumerated()
      .sorted { (-Self.rank($0.element), $0.offset) < (-Self.rank($1.element), $1.offset) }
      .map(\.element)
  }

  static func rank(_ result: GateResult) -> Int {
    switch (result.status, result.isError) {
    case (.fail, true): 6
    case (.missing, true): 5
    case (.inconclusive, true): 4
    case (.fail, false): 3
    case (.missing, false): 2
    case (.inconclusive, false): 1
    case (.pass, _): 0
    }
  }

  /// One line for all: `2 of 6 gates failed, 1 warning`.
  var headline: String {
    let total = report.results.count
    let failed = report.results.count { $0.status == .fail && $0.isError }
    let missing = report.results.count { $0.status == .missing && $0.isError }
    let warnings = report.results.count { [.fail, .missing].contains($0.status) && !$0.isError }
    let undecided = report.count(.inconclusive)
    var parts: [String] = []
    if failed > 0 { parts.append("\(failed) of \(NumberText.count(total, "gate")) failed") }
    if missing > 0 {
      parts.append(
        failed > 0
          ? "\(missing) without data" : "\(missing) of \(NumberText.count(total, "gate")) without data")
    }
    if undecided > 0 { parts.append("\(undecided) inconclusive") }
    if warnings > 0 { parts.append(NumberText.count(warnings, "warning")) }
    if total == 0 { return "no gate holds for this run" }
    if parts.isEmpty { return total == 1 ? "the gate passed" : "all \(total) gates passed" }
    if failed == 0, missing == 0 {
      parts.insert("\(report.count(.pass)) of \(NumberText.count(total, "gate")) passed", at: 0)
    }
    return parts.joined(separator: ", ")
  }

  /// What all gates together say.
  var verdict: GateVerdict { report.verdict(strict: strict) }

  /// The word for the whole report.
  var verdictWord: String { verdict.name.uppercased() }

  /// The checks of a result that decide it: all those with its status.
  static func deciding(_ result: GateResult) -> [GateCheck] {
    result.checks.filter { $0.status == result.status }
  }

  /// What is looked at: `eval/loss, best`.
  static func subject(_ check: GateCheck, _ gate: Gate) -> String {
    switch gate.subject {
    case .metric: "\(check.subject), \(gate.statistic.rawValue)"
    case .finding(_, let metric), .findings(_, let metric):
      metric.map { "\(check.subject) in \($0.pattern)" } ?? "\(check.subject) findings"
    case .weights: "\(check.subject), \(gate.statistic.rawValue)"
    }
  }

  /// What would have been good: `≤ 4.801 (4.753 + 1.0 %)`.
  static func expected(_ check: GateCheck) -> String {
    guard let bound = check.bound else { return "a match" }
    switch bound {
    case .atMost(let limit): return "≤ \(number(limit))"
    case .atLeast(let limit): return "≥ \(number(limit))"
    case .increase(let margin):
      guard let limit = check.limit, let base = check.effect?.base else {
        return "≤ baseline + \(words(margin))"
      }
      return "≤ \(number(limit)) (\(number(base)) + \(words(margin, check.margin)))"
    case .decrease(let margin):
      guard let limit = check.limit, let base = check.effect?.base else {
        return "≥ baseline − \(words(margin))"
      }
      return "≥ \(number(limit)) (\(number(base)) − \(words(margin, check.margin)))"
    }
  }

  private static func words(_ margin: Gate.Margin, _ width: Double? = nil) -> String {
    switch margin {
    case .absolute(let value): number(value)
    case .relative(let share): NumberText.percent(share)
    case .seed: width.map { "seed margin \(number($0))" } ?? "seed margin"
    }
  }

  /// What was there: `5.675 at step 1,000`.
  static func found(_ check: GateCheck) -> String {
    guard let found = check.found else {
      if case .nonFinite(let step) = check.reason { return "not finite at step \(NumberText.count(step))" }
      if case .untrusted(let kind, let step) = check.reason {
        return kind.rawValue + (step.map { " from step \(NumberText.count($0))" } ?? "")
      }
      return "—"
    }
    var text = number(found)
    if let effect = check.effect, effect.method != .exact, let interval = effect.interval {
      text += " (Δ \(NumberText.interval(effect.difference, halfWidth: interval.halfWidth)))"
    }
    if let step = check.foundStep { text += " at step \(NumberText.count(step))" }
    return text
  }

  /// The change relative to the baseline: `+19.4 %`.
  static func change(_ check: GateCheck) -> String {
    guard let effect = check.effect, let relative = effect.relativeDifference, !check.baseline.isEmpty else {
      return ""
    }
    return NumberText.signedPercent(relative)
  }

  static func number(_ value: Double) -> String { NumberText.significant(value, digits: 4, trimmed: true) }

  /// Why a check came out as it did, as a sentence without its full stop.
  func reason(_ check: GateCheck) -> String {
    let base =
      report.baselines.isEmpty ? "the baseline" : "the baseline (\(report.baselines.joined(separator: ", ")))"
    switch check.reason {
    case .within: return "within its bound"
    case .beyond:
      guard let effect = check.effect, effect.method != .exact else { return "beyond its bound" }
      return
        "beyond its bound, and surely so: the one-sided bound of the difference is \(Self.signedBound(check, effect))"
    case .undecided(let doubt): return Self.undecided(check, doubt)
    case .oneOfMany(let count):
      return
        "beyond its bound, but \(count) checks share one chance of a false alarm; by itself it would fail (multiplicity: none)"
    case .nothingMatches:
      let names = check.candidates
      let hint =
        names.count == 1
        ? "; did you mean \"\(names[0])\"?"
        : names.isEmpty ? "" : "; there are \(names.joined(separator: ", "))"
      return "nothing in the run matches \"\(check.subject)\"\(hint)"
    case .missingInRun: return "\(base) has \(check.subject), the run does not"
    case .missingInBaseline: return "the run has \(check.subject), \(base) does not"
    case .noBaseline: return "a relative bound wants a baseline, and there is none"
    case .noOverlap:
      return
        "the run and \(base) have no part in common on the axis that is asked for, or do not both tell it"
    case .littleInCommon:
      return
        "the run and \(base) have less than three points, or less than a tenth of the shorter run, in common: too little for a verdict"
    case .nonFinite(let step):
      return "the run has a value that is not finite from step \(NumberText.count(step))"
    case .outlyingBaseline(let name, let distance):
      return
        "the baseline \(name) is \(NumberText.signedPercent(distance)) from the mean of the others, and not of their kind"
    case .badBaseline: return "\(base) itself has no good value here"
    case .untrusted(.filteredNaN, let step):
      return "the loss is 0 in place of NaN" + (step.map { " from step \(NumberText.count($0))" } ?? "")
        + " (HF Trainer's logging_nan_inf_filter)"
    case .untrusted(let kind, let step):
      return "the run has a finding that makes its loss worthless: \(kind.rawValue)"
        + (step.map { " from step \(NumberText.count($0))" } ?? "")
    case .endsEarly(let reached, let wanted):
      return "the run ends at step \(NumberText.count(reached)), \(base) at \(NumberText.count(wanted))"
    case .evaluationSets: return "the run and \(base) were evaluated on different sets"
    case .noSpread:
      return
        "the margin seed wants two baselines or more, or a golden file that `ftreport calibrate` made from as many"
    case .nothingToExamine: return "the run has no training loss in which this could show"
    case .noWeights(let words): return words.isEmpty ? "the weights could not be compared" : words
    }
  }

  /// Why a check is open, and what would settle it.
  private static func undecided(_ check: GateCheck, _ doubt: EffectDoubt) -> String {
    guard let effect = check.effect else { return "the noise lets nobody tell" }
    let remedy = NoiseWords.remedy(effect, doubt, isAgainstBaseline: !check.baseline.isEmpty)
    let text: String
    switch doubt {
    case .seeds:
      text =
        "one more run of the baseline's kind may lie as far from their mean as \(number(effect.spread?.predictionBound ?? 0)), more than this bound allows for"
    case .noise where abs(effect.difference) < effect.smallestDetectable:
      let share =
        effect.base == 0 ? "" : " (\(NumberText.percent(effect.smallestDetectable / abs(effect.base))))"
      text =
        "the noise lets nobody tell; this much data shows differences of \(number(effect.smallestDetectable)) and more\(share)"
    case .noise:
      // There is a difference; on which side of the bound it lies is not known.
      text = "the noise lets nobody tell whether the difference is beyond the bound"
    }
    return text + "; " + remedy
  }

  private static func signedBound(_ check: GateCheck, _ effect: Effect) -> String {
    let bound =
      switch check.bound {
      case .decrease, .atLeast: effect.difference < 0 ? effect.upperBound : -effect.lowerBound
      default: effect.lowerBound
      }
    return NumberText.signed(bound, digits: 3)
  }

  /// The values behind a check: the baselines' figures, the last points, the step where the curves part.
  func evidence(_ check: GateCheck) -> [String] {
    var lines: [String] = []
    if !check.baseline.isEmpty {
      let values = zip(check.baseline, report.baselines + Array(repeating: "", count: check.baseline.count))
        .map { value, name in name.isEmpty ? Self.number(value) : "\(Self.number(value)) (\(name))" }
      lines.append("baseline: \(values.prefix(12).joined(separator: ", "))\(values.count > 12 ? ", …" : "")")
    }
    if !check.points.isEmpty {
      let points = check.points.map { "\(NumberText.significant($0.value)) at \(NumberText.count($0.step))" }
      let isOfFinding =
        Finding.Kind(rawValue: check.subject) != nil || ["warning", "failure"].contains(check.subject)
      lines.append("\(isOfFinding ? "found" : "last points"): \(points.joined(separator: ", "))")
    }
    if let effect = check.effect, let source = NoiseWords.source(effect) {
      lines.append(
        "difference: \(NumberText.signed(effect.difference)), standard error "
          + "\(NumberText.significant(effect.standardError, digits: 3)) (from \(source)), smallest detectable effect "
          + NumberText.significant(effect.smallestDetectable, digits: 3))
      if let selection = NoiseWords.selection(effect) { lines.append(selection) }
    }
    if let place = Self.divergence(check) { lines.append("differs from the baseline \(place)") }
    return lines
  }

  /// `from step 630`; nil where there is no baseline figure, since the step stands in what was found then.
  private static func divergence(_ check: GateCheck) -> String? {
    guard let step = check.divergingStep, !check.baseline.isEmpty else { return nil }
    guard let width = check.divergingWidth, width > 1 else { return "from step \(NumberText.count(step))" }
    return "from about step \(NumberText.count(step)) (to within \(NumberText.count(width)) steps)"
  }

  /// What the run was trained with that the baseline was not, where a gate did not pass or the data are others: the settings
  /// that differ, those of the data first.
  var differences: [Document.Block] {
    let difference = report.difference
    guard difference != .none, report.status != .pass || difference.isOfData else { return [] }
    let lines = difference.settings.prefix(12).map { setting -> InlineText in
      "\(setting.name): \(setting.base ?? "—") → \(setting.new ?? "—")"
    }
    let title: InlineText =
      if !difference.isOfData {
        "Trained with other settings than the baseline:"
      } else if lines.isEmpty {
        "Trained on other data than the baseline, by the fingerprint of its golden file."
      } else {
        "Trained on other data than the baseline, so that a difference may be the data's:"
      }
    return [.paragraph(.strong(title))] + (lines.isEmpty ? [] : [.bullets(lines)])
  }

  /// A line for a gate that did not pass, for annotations and logs.
  func line(_ result: GateResult) -> String {
    let checks = Self.deciding(result)
    let first = checks.first
    var text =
      first.map { check in
        "\(Self.subject(check, result.gate)): expected \(Self.expected(check)), found \(Self.found(check)): \(reason(check))"
      } ?? "no check"
    if let place = first.flatMap(Self.divergence) { text += "; differs \(place)" }
    if checks.count > 1 { text += " (and \(checks.count - 1) more)" }
    if let message = result.gate.message, result.status != .pass { text += " — \(message)" }
    return text
  }
}
