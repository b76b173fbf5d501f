internal import Analysis
internal import Checkpoint
internal import Weights

/// What the two sides of a comparison are called in words.
struct CheckpointLabels {
  let before: String
  let after: String
  /// What the columns of both sides are called in a table.
  let columns: Pair<String>
  /// What lies between both sides: a change within one training, else a difference.
  let change: String
  /// What a relative change is relative to.
  let reference: String

  /// Steps where both are known and differ, else the names that tell the paths apart.
  init(_ analysis: CheckpointAnalysis) {
    let isOneTraining = analysis.relation == .oneTraining
    columns = isOneTraining ? Pair("before", "after") : Pair("first", "second")
    change = isOneTraining ? "change" : "difference"
    reference = isOneTraining ? "the weights before" : "the first weights"
    let paths = Pair(
      analysis.comparison.sides.before?.path ?? "", analysis.comparison.sides.after?.path ?? "")
    let steps = (analysis.training.before?.step, analysis.training.after?.step)
    if let first = steps.0, let second = steps.1, first != second,
      Self.parent(paths.before) == Self.parent(paths.after)
    {
      before = "step \(NumberText.count(first))"
      after = "step \(NumberText.count(second))"
      return
    }
    (before, after) = Self.endings(paths)
  }

  /// As many of the last components as it takes to tell the paths apart.
  private static func endings(_ paths: Pair<String>) -> (String, String) {
    let parts = paths.map { $0.split(separator: "/") }
    for count in 1...max(1, parts.before.count, parts.after.count) {
      let endings = parts.map { $0.suffix(count).joined(separator: "/") }
      if endings.before != endings.after { return (endings.before, endings.after) }
    }
    return (paths.before, paths.after)
  }

  private static func trimmed(_ path: String) -> String {
    var path = path[...]
    while path.count > 1, path.last == "/" { path.removeLast() }
    return String(path)
  }

  private static func parent(_ path: String) -> Substring {
    let path = trimmed(path)
    return path.lastIndex(of: "/").map { path[..<$0] } ?? ""
  }

  func name(_ side: CheckpointFinding.Side?) -> String? {
    side.map { $0 == .before ? before : after }
  }
}
