/// All rules, and which of their findings explain which others.
enum RuleBook {
  /// The rules, causes before effects.
  static let rules: [any Rule] = [
    FilteredNaNRule(), ZeroLossRule(), NonFiniteRule(), StepCounterRule(), MixedRule(),
    LearningRateRule(), DeadRunRule(), RewardSignalRule(),
    ResumeGapRule(), DivergenceRule(), RewardCollapseRule(), DivergenceFromReferenceRule(), GradientRule(),
    OscillationRule(), NotLearningRule(), RewardFlatRule(), SpikeRule(), OverfittingRule(), LossScaleRule(),
    ClippedAnswersRule(), EpochStepsRule(), PlateauRule(), StallRule(),
    SourcesRule(), ExtentRule(), ReportedFailureRule(), IncompleteSaveRule(), DamageRule(),
  ]

  /// A finding whose presence explains others, which are then not told a second time in other words.
  struct Explanation: Sendable {
    /// The cause.
    var cause: Finding.Kind
    /// From which severity on it explains.
    var severity = Finding.Severity.warning
    /// What it explains.
    var effects: Set<Finding.Kind>
    /// Where it explains them.
    var scope = Scope.everywhere

    /// Where a cause explains its effects.
    enum Scope: Sendable {
      /// In the whole run: the effects are not searched for.
      case everywhere
      /// From its own step on.
      case afterwards
      /// Within 3 % of the run about its own step.
      case there
    }
  }

  /// Whatever is told by the course of a curve.
  private static let courses: Set<Finding.Kind> = [
    .resumeGap, .diverged, .rewardCollapse, .klBlowUp, .gradientExplosion, .notLearning, .rewardFlat,
    .oscillation,
    .spike, .overfitting, .lossScale, .evaluationBelow, .clippedCompletions, .epochSteps, .plateau,
  ]

  /// The order of causes before effects.
  static let explanations: [Explanation] = [
    // A loss that is no loss has no course.
    .init(
      cause: .filteredNaN, effects: courses.union([.zeroLoss, .deadRun, .noRewardSignal, .zeroLearningRate])),
    .init(cause: .zeroLoss, effects: courses.union([.deadRun, .zeroLearningRate])),
    // Lines of several writers are no course, either.
    .init(cause: .interleaved, effects: courses.union([.deadRun, .zeroLearningRate])),
    .init(cause: .deadRun, effects: courses),
    .init(
      cause: .zeroLearningRate, severity: .failure, effects: [.notLearning, .plateau, .overfitting, .deadRun]),
    .init(cause: .zeroLearningRate, effects: [.plateau]),
    .init(cause: .noRewardSignal, effects: [.rewardFlat, .rewardCollapse, .clippedCompletions, .plateau]),
    .init(cause: .resumeGap, effects: [.diverged, .spike, .oscillation], scope: .there),
    .init(
      cause: .diverged,
      effects: [.plateau, .notLearning, .oscillation, .lossScale, .evaluationBelow, .overfitting]),
    .init(cause: .diverged, effects: [.spike, .gradientExplosion, .epochSteps], scope: .afterwards),
    .init(cause: .oscillation, effects: [.notLearning, .plateau]),
    .init(cause: .notLearning, effects: [.plateau]),
    .init(cause: .lossScale, effects: [.evaluationBelow]),
    // Where a spike ends, the loss steps down, beside the end of an epoch or not.
    .init(cause: .spike, severity: .note, effects: [.epochSteps], scope: .there),
  ]

  /// The kind of finding that explains whatever a search for `kind` could find, in the whole run.
  static func cause(of kind: Finding.Kind, among findings: [Finding]) -> Finding.Kind? {
    explanations.first { explanation in
      explanation.scope == .everywhere && explanation.effects.contains(kind)
        && findings.contains { $0.kind == explanation.cause && $0.severity >= explanation.severity }
    }?.cause
  }

  /// Whether `finding` is told by one of `causes` at its place.
  static func isExplained(_ finding: Finding, by causes: [Finding], in evidence: Evidence) -> Bool {
    explanations.contains { explanation in
      guard explanation.effects.contains(finding.kind) else { return false }
      return causes.contains { cause in
        guard cause.kind == explanation.cause, cause.severity >= explanation.severity else { return false }
        guard let step = finding.step, let origin = cause.step else {
          return explanation.scope == .everywhere
        }
        // As numbers of steps that may be further apart than 64 bits hold.
        var distance = Double(step) - Double(origin)
        // A spike is at its place from its first point to its last.
        if cause.kind == .spike, distance > 0, finding.count == 1 {
          distance = max(0, Double(step) - Double(cause.lastStep ?? origin))
        }
        let end = Double(finding.lastStep ?? step) - Double(origin)
        switch explanation.scope {
        case .everywhere: return true
        case .afterwards: return max(distance, end) >= -0.02 * Double(evidence.span)
        case .there: return abs(distance) <= 0.03 * Double(evidence.span)
        }
      }
    }
  }
}
