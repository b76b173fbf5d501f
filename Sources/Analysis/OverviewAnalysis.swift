public import EventFile
internal import RunFolder

/// What can be said about several runs side by side, without comparing them statistically.
public struct OverviewAnalysis: Equatable, Sendable {
  /// A row a run, in the order of the runs.
  public var rows: [Row]
  /// Which row stands before which, and which figures are the lowest.
  public var ranking: RunRanking
  /// The names of settings that differ between the runs, those of most interest first, at most `settingLimit`.
  public var settings: [String]

  /// The greatest number of differing settings that are told.
  public static let settingLimit = 8

  /// One run.
  public struct Row: Equatable, Sendable {
    /// The name of the run.
    public var name: String
    /// The path of the run.
    public var path: String
    /// The tag of the training loss.
    public var lossTag: String?
    /// The level of the last window of the training loss.
    public var final: WindowLevel?
    /// What the training loss ended at, by its level or else by its last point; NaN where it is lost.
    public var finalLoss: Double?
    /// The tag of the evaluation loss.
    public var evaluationTag: String?
    /// The lowest evaluation loss.
    public var bestEvaluation: Point?
    /// The last evaluation loss.
    public var lastEvaluation: Point?
    /// The last step.
    public var lastStep: Int64?
    /// The number of steps that were planned.
    public var plannedSteps: Int64?
    /// Epochs at the end.
    public var epochs: Double?
    /// Seconds of training.
    public var duration: Double?
    /// The number of segments, 1 for a run that was never interrupted.
    public var segmentCount: Int
    /// The gravest severity of its findings; nil without findings.
    public var severity: Finding.Severity?
    /// The findings of that severity.
    public var gravest: [Finding]
    /// The values for each of the overview's `settings`, nil where the run does not tell.
    public var settings: [String?]
  }

  /// The overview of runs that were examined before.
  public init(of analyses: [RunAnalysis]) {
    settings = Self.differingSettings(analyses.map(\.run))
    let settings = settings
    rows = analyses.map { Row(of: $0, settings: settings) }
    ranking = RunRanking(of: analyses)
  }

  // MARK: Settings

  private static func differingSettings(_ runs: [TrainingRun]) -> [String] {
    guard runs.count > 1 else { return [] }
    var values: [String: Set<String>] = [:]
    var order: [String] = []
    for run in runs {
      for setting in told(run) where !KnownSetting.namesRun(setting.name) {
        if values[setting.name] == nil { order.append(setting.name) }
        values[setting.name, default: []].insert(setting.value)
      }
    }
    let differing = order.filter { (values[$0]?.count ?? 0) > 1 }
    let first = KnownSetting.first.filter { differing.contains($0) }
    return Array((first + differing.filter { !KnownSetting.first.contains($0) }).prefix(settingLimit))
  }

  /// The settings of the training and of the adapter, without those of the model.
  fileprivate static func told(_ run: TrainingRun) -> [Setting] {
    run.configuration.filter { !$0.source.hasPrefix("model_config") }.flatMap(\.settings)
  }
}

extension OverviewAnalysis.Row {
  fileprivate init(of analysis: RunAnalysis, settings names: [String]) {
    name = analysis.run.name
    path = analysis.run.path
    lossTag = analysis.loss?.tag
    final = analysis.loss?.final
    finalLoss = analysis.finalLoss
    evaluationTag = analysis.evaluation?.tag
    bestEvaluation = analysis.evaluation?.best
    lastEvaluation = analysis.evaluation?.last
    lastStep = analysis.extent.steps?.upperBound
    plannedSteps = analysis.extent.plannedSteps
    epochs = analysis.extent.epochs
    duration = analysis.extent.duration
    segmentCount = max(1, analysis.run.segments.count)
    severity = analysis.severity
    gravest = analysis.findings.filter { $0.severity == analysis.severity }
    let told = OverviewAnalysis.told(analysis.run)
    settings = names.map { name in told.first { $0.name == name }?.value }
  }
}
