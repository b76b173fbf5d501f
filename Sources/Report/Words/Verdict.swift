internal import Analysis
internal import EventFile
internal import RunFolder

/// A run in one line.
struct Verdict {
  /// The gravest thing that was found; nil for nothing at all.
  let severity: Finding.Severity?
  /// A few words: `failed`, `completed with warnings`, `no problem found`.
  let label: String
  /// A word or two for the row of a table: `failed`, `warning`, `not judged`, `no logs`, `ok`.
  let brief: String
  /// The whole sentence.
  let sentence: String

  /// The verdict on `analysis`.
  init(_ analysis: RunAnalysis) {
    let worst = analysis.findings.max { $0.severity < $1.severity }
    let severity = worst?.severity
    self.severity = severity
    // What happened to the training loss says more than what followed from it.
    let grave = analysis.findings.filter { $0.severity == severity }
    let told =
      grave.first { [.filteredNaN, .zeroLoss].contains($0.kind) } ?? grave.first {
        $0.metric == analysis.loss?.tag
      }
      ?? grave.first
    let title = told.map { FindingWords($0).title } ?? ""
    let course = analysis.run.source.isLogged ? Self.course(analysis) : Self.unlogged(analysis.run)
    switch severity {
    case .failure?:
      label = "Failed"
      brief = "failed"
      sentence = Self.capitalised(title) + "." + (analysis.run.source.isLogged ? "" : " " + course)
    case .warning?:
      label = grave.count == 1 ? "One warning" : "\(grave.count) warnings"
      brief = "warning"
      sentence = Self.capitalised(title) + "." + (course.isEmpty ? "" : " " + course)
    default:
      guard analysis.run.source.isLogged else {
        label = analysis.run.source == .valuesOnly ? "No scalars" : "No logs"
        brief = label.lowercased()
        sentence = Self.unlogged(analysis.run)
        return
      }
      guard analysis.isJudged else {
        label = "Not judged"
        brief = "not judged"
        sentence = Self.unjudged(analysis) + (course.isEmpty ? "" : " " + course)
        return
      }
      label = "No problem found"
      brief = "ok"
      sentence = course.isEmpty ? "There is no training loss to judge by." : course
    }
  }

  /// What there is in the place of logs.
  private static func unlogged(_ run: TrainingRun) -> String {
    switch run.source {
    case .resultsOnly:
      "There are the trainer's results, but no logs: nothing can be said of the course of the loss."
    case .valuesOnly:
      "The event files hold \(ValueWords.kinds(of: run)), but no scalars: nothing can be said of the loss."
    default: "There are checkpoints, but no logs: nothing can be said of the loss."
    }
  }

  /// Why nothing that matters could be searched for.
  private static func unjudged(_ analysis: RunAnalysis) -> String {
    let obstacle = analysis.searches.first { $0.isEssential && $0.obstacle != nil }
    guard let obstacle, let why = obstacle.obstacle else { return "There is nothing to judge by." }
    return "There is too little to judge by: \(SearchWords.text(why))."
  }

  /// Where what decides went, or the losses, as a sentence.
  private static func course(_ analysis: RunAnalysis) -> String {
    var text = ""
    if analysis.training == .reinforcement, let deciding = analysis.objective,
      let course = reward(deciding)
    {
      text = course + extent(analysis)
    } else if let loss = analysis.loss, let first = loss.first {
      if let course = words(of: "The training loss", loss.course, loss.early, loss.final) {
        text = course
      } else if let last = loss.series.last(where: { $0.value.isFinite }) {
        let value = NumberText.significant(last.value)
        text =
          last.step == first.step
          ? "The one training loss on record is \(value), at step \(NumberText.count(last.step))"
          : "The training loss went from \(NumberText.significant(first.value)) to \(value)"
      }
      if loss.series.count > 1 { text += extent(analysis) }
    }
    if let (name, best) = bestEvaluation(analysis), analysis.training != .reinforcement {
      text += text.isEmpty ? "The" : "; the"
      text += " best \(name) is \(NumberText.significant(best.value)), at step \(NumberText.count(best.step))"
    }
    return text.isEmpty ? "" : text + "."
  }

  /// The best evaluation by what decides, else by the loss, and what it is called.
  private static func bestEvaluation(_ analysis: RunAnalysis) -> (name: String, best: Point)? {
    if let deciding = analysis.objective, deciding.isOfEvaluations, let best = deciding.best,
      deciding.objective.tag != analysis.evaluation?.tag
    {
      return (ForeignText.visible(deciding.objective.tag), best)
    }
    return analysis.evaluation?.best.map { ("evaluation loss", $0) }
  }

  /// Where the reward went, or its best evaluation; nil with too few points.
  private static func reward(_ deciding: ObjectiveCourse) -> String? {
    let tag = ForeignText.visible(deciding.objective.tag)
    if deciding.isOfEvaluations {
      return deciding.best.map {
        "The best \(tag) is \(NumberText.significant($0.value)), at step \(NumberText.count($0.step)),"
      }
    }
    return words(of: tag, deciding.course, deciding.early, deciding.final)
  }

  /// `The training loss fell from 2.0 ± 0.1 to 1.0 ± 0.1`; nil without levels.
  private static func words(
    of name: String, _ course: LossAnalysis.Course?, _ early: EarlyLevel?, _ final: WindowLevel?
  ) -> String? {
    guard let course, let early, let final else { return nil }
    let level = Headline.level(final)
    if course == .stayed { return "\(name) stayed where it began, at \(level)," }
    let start = NumberText.interval(early.value, halfWidth: 2 * early.standardError)
    return "\(name) \(course.rawValue) from \(start) to \(level)"
  }

  /// ` in 1,000 steps`.
  private static func extent(_ analysis: RunAnalysis) -> String {
    guard let steps = analysis.extent.steps else { return "" }
    let unit =
      analysis.extent.stepUnit == .sample
      ? "samples" : analysis.extent.stepUnit == .order ? "points" : "steps"
    return " in \(NumberText.count(steps.upperBound)) \(unit)"
  }

  /// `text` with a capital first letter, unless it begins with a tag or a file name, which stay as they are.
  static func capitalised(_ text: String) -> String {
    let first = text.prefix { $0 != " " }
    guard !first.contains(where: { "/_.".contains($0) }) else { return text }
    return text.prefix(1).uppercased() + text.dropFirst()
  }
}
