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
      case .zeroLoss: Self.zeroLoss(words)
      case .zeroLearningRate: Self.zeroLearningRate(words)
      case .diverged: Self.diverged(words)
      case .deadRun: Self.deadRun(words)
      case .notLearning: Self.notLearning(words)
      case .spike: Self.spike(words)
      case .oscillation: Self.oscillation(words)
      case .gradientExplosion: Self.gradientExplosion(words)
      case .resumeGap: Self.resumeGap(words)
      case .scheduleRestarted: Self.scheduleRestarted(words)
      case .overfitting: Self.overfitting(words)
      case .metricsDisagree: Self.metricsDisagree(words)
      case .lossScale: Self.lossScale(words)
      case .evaluationBelow: Self.evaluationBelow(words)
      case .epochSteps: Self.epochSteps(words)
      case .plateau: Self.plateau(words)
      case .stalls: Self.stalls(words)
      case .noRewardSignal: Self.noRewardSignal(words)
      case .rewardCollapse: Self.rewardCollapse(words)
      case .rewardFlat: Self.rewardFlat(words)
      case .klBlowUp: Self.klBlowUp(words)
      case .clippedCompletions: Self.clippedCompletions(words)
      case .mixedTrainings: Self.mixedTrainings(words)
      case .interleaved: Self.interleaved(words)
      case .noStepCounter: Self.noStepCounter(words)
      case .sourcesDisagree: Self.sourcesDisagree(words)
      case .stoppedEarly: Self.stoppedEarly(words)
      case .earlyStopped: Self.earlyStopped(words)
      case .incompleteSave: Self.incompleteSave(words)
      case .reportedFailure: Self.reportedFailure(words)
      case .identicalSaves: Self.identicalSaves(words)
      case .damagedFile: Self.damagedFile(words)
      }
    sureness = Self.sureness(finding)
  }

  init(_ title: String, what: String, meaning: String, advice: String = "") {
    self.title = title
    self.what = what
    self.meaning = meaning
    self.advice = advice
  }

  /// How sure it is: how far it stands from chance; empty where the values leave no doubt.
  private(set) var sureness = ""

  /// Everything but the title as one paragraph.
  var paragraph: String { [what, sureness, meaning, advice].filter { !$0.isEmpty }.joined(separator: " ") }

  /// How far a finding stands from chance, as a sentence.
  private static func sureness(_ finding: Finding) -> String {
    guard let score = finding.score, score.isFinite, score > 0, finding.severity >= .warning else {
      return ""
    }
    let unit: String
    switch finding.kind {
    case .diverged, .resumeGap, .rewardCollapse: unit = "standard errors"
    case .overfitting, .spike, .gradientExplosion: unit = "standard deviations of the noise"
    default: return ""
    }
    return "That is \(score >= 100 ? "over 100" : NumberText.fixed(score, places: 1)) \(unit)."
  }

  // MARK: Parts

  /// The pieces that the sentences share.
  struct Words {
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

    /// By how much the value is more than the reference: `400-fold`.
    var growth: String {
      guard let value = finding.value, let reference = finding.reference, reference > 0, value.isFinite else {
        return "by far"
      }
      let ratio = value / reference
      return ratio < 1e6 ? NumberText.count(Int(ratio.rounded())) + "-fold" : "more than a million-fold"
    }

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

  static func name(_ text: String) -> String { ForeignText.visible(text) }
  static func number(_ value: Double) -> String { NumberText.significant(value) }
  static func exact(_ value: Double) -> String {
    NumberText.significant(value, digits: 7, trimmed: true)
  }
  static func whole(_ value: Double?) -> String {
    value.flatMap { Int64(exactly: $0.rounded()) }.map { NumberText.count($0) } ?? "?"
  }
}
