import Analysis
import ArgumentParser
import Experiment
import FileSystem
import Process
import Report
import RunFolder

/// Options of the side of `ftreport compare` that compares runs.
struct RunComparisonArguments: ParsableArguments {
  @Option(
    name: .customLong("x"),
    help: "What runs are aligned by; auto: tokens, else epochs, else steps.")
  var axis = AlignmentAxis.automatic

  @Option(help: ArgumentHelp("Only metrics that fit the pattern; can be repeated.", valueName: "glob"))
  var metric: [String] = []

  @Option(
    help: ArgumentHelp(
      "The difference, as a share of the first run's figure, that counts as none.", valueName: "share"),
    transform: Share.init(argument:))
  var margin = Share(0.01)

  @Option(help: ArgumentHelp("The loss whose reaching is timed.", valueName: "loss"))
  var target: Double?

  @OptionGroup var grouping: GroupingArguments
  @OptionGroup var analysis: AnalysisArguments

  /// The options as Analysis takes them.
  var options: ComparisonOptions {
    ComparisonOptions(
      axis: axis, window: analysis.options.window,
      margin: margin.value, target: target, metrics: metric, smoothing: analysis.options.smoothing)
  }
}

/// The side of `ftreport compare` that compares runs.
enum CompareRuns {
  /// The report on the runs at `paths`, held against the first of them.
  ///
  /// - Parameters:
  ///   - look: how the picture of the losses looks.
  ///   - keepsPictures: whether pictures of the trainings' own are shown.
  ///
  /// A path that leads to many runs stands for all of them. Of three runs or more, some of which differ by their seed
  /// alone, groups are compared.
  static func report(
    _ paths: [String], _ arguments: RunComparisonArguments, look: PictureOptions, keepsPictures: Bool = true
  ) throws(Failure) -> (report: any Presentation, runs: [TrainingRun]) {
    let runs = try Opening.open(paths, acceptsValues: true).flatMap(\.runs)
    guard runs.count >= 2 else {
      throw Failure(
        status: .usage, message: "\(paths.joined(separator: " ")): one run only; a comparison wants two")
    }
    _ = try Opening.selection(arguments.metric, in: runs)
    let command = ShellText.command(PathBytes.arguments)
    if let report = try groupReport(runs, arguments, command: command) { return (report, runs) }
    let comparison = RunComparison(base: runs[0], new: Array(runs.dropFirst()), options: arguments.options)
    let values = runs.count == 2 ? ValueComparison(runs[0], runs[1], keepsPictures: keepsPictures) : nil
    if comparison.pairs.allSatisfy({ $0.isWithoutScalars(runs[0]) }) {
      guard let values, !values.rows.isEmpty else {
        throw Failure(status: .unreadable, lines: ValueComparisonWords.nothing(inCommonOf: runs))
      }
      return (RunComparisonReport(comparison, command: command, values: values), runs)
    }
    guard comparison.pairs.contains(where: { $0.alignment != nil }) else {
      throw Failure(
        status: .unreadable,
        message: "the runs have no part in common, or do not both tell what --x asks for: "
          + runs.map(\.path).joined(separator: ", "))
    }
    let weights = runs.count == 2 ? CheckpointAnalysis(lastWeightsOf: runs[0], runs[1]) : nil
    return (
      RunComparisonReport(comparison, command: command, weights: weights, values: values, look: look), runs
    )
  }

  /// The report on groups; nil where the runs are to be compared one by one.
  private static func groupReport(
    _ runs: [TrainingRun], _ arguments: RunComparisonArguments, command: String
  ) throws(Failure) -> SweepReport? {
    let rule = arguments.grouping.rule
    guard runs.count > 2 || rule != .automatic, rule != .none else { return nil }
    let options = arguments.analysis.options
    var named = runs
    TrainingRun.tellApart(&named)
    let all = named
    guard rule != .automatic || RunGroups.hasRepeats(among: all) else { return nil }
    let analyses = concurrentMap(count: all.count) { RunAnalysis(of: all[$0], options: options) }
    let sweep = try arguments.grouping.sweep(
      of: analyses, margin: arguments.margin.value, isHeldAgainstFirst: true)
    return sweep.map { SweepReport($0, of: analyses, title: name(runs), command: command) }
  }

  /// What the report is named after: `new-against-base`, or the first run's name and the number of the others.
  static func name(_ runs: [TrainingRun]) -> String {
    let names = runs.map { Path.name(of: $0.name) }
    if runs.count == 2 { return names[0] == names[1] ? names[0] : "\(names[1])-against-\(names[0])" }
    return "\(runs.count - 1)-against-\(names[0])"
  }
}
