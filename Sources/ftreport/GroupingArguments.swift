import Analysis
import ArgumentParser
import Experiment
import RunFolder

/// How runs are grouped, as an argument.
struct GroupingArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The settings that make a group of runs, with commas between them; none for no groups. (default: all but seeds)",
      valueName: "settings"))
  var groupBy: String?

  /// The rule as Analysis takes it.
  var rule: GroupingRule {
    guard let groupBy else { return .automatic }
    if groupBy == "none" { return .none }
    return .by(groupBy.split(separator: ",").map { String($0.drop { $0 == " " }) })
  }

  /// The groups of `analyses`; nil where there are none.
  func sweep(of analyses: [RunAnalysis], margin: Double = 0.01, isHeldAgainstFirst: Bool = false)
    throws(Failure)
    -> SweepAnalysis?
  {
    do throws(RunGroups.UnknownSetting) {
      return try SweepAnalysis(
        of: analyses,
        options: .init(rule: rule, margin: margin, isHeldAgainstFirst: isHeldAgainstFirst))
    } catch {
      throw Failure(status: .usage, message: "--group-by \(error)")
    }
  }
}
