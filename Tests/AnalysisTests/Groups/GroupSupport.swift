import Analysis
import EventFile
import RunFolder

/// Runs with settings, for tests of groups.
enum GroupRuns {
  /// A run that ends at `figure` by its evaluation loss, with settings of the trainer's arguments.
  static func run(
    _ name: String, settings: [(String, String)] = [], figure: Double = 1, rate: Double? = nil,
    evaluationTag: String = "eval/loss"
  ) -> TrainingRun {
    var metrics = [
      Metric(series: series("train/loss", (0..<12).map { figure + 1 / Double($0 + 1) }, every: 10)),
      Metric(series: series(evaluationTag, [figure + 0.5, figure + 0.1, figure], first: 40, every: 40)),
    ]
    if let rate {
      metrics.append(
        Metric(
          series: series("train/learning_rate", (0..<12).map { rate * (1 - Double($0) / 12) }, every: 10)))
    }
    var run = TrainingRun(name: name, path: name, source: .trainerState, metrics: metrics)
    if !settings.isEmpty {
      run.configuration = [
        ConfigurationSection(
          source: "args/text_summary", settings: settings.map { Setting(name: $0.0, value: $0.1) })
      ]
    }
    return run
  }

  static func analyses(_ runs: [TrainingRun]) -> [RunAnalysis] { runs.map { RunAnalysis(of: $0) } }
}
