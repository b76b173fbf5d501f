import Analysis

/// Whether a new run ends worse than another, in a word, and what is wrong with it by itself.
func judge(
  _ newPath: String, against basePath: String
) throws -> (verdict: String, findings: [Finding.Kind]) {
  let base = try OpenedFolder(opening: basePath).runs[0]
  let new = try OpenedFolder(opening: newPath).runs[0]
  let comparison = RunComparison(base: base, new: [new])
  let loss = comparison.pairs[0].metrics.first { $0.tag == "eval/loss" && $0.statistic == .best }
  let verdict = loss.map { "\($0.verdict)" } ?? "unknown"
  return (verdict, RunAnalysis(of: new).findings.map(\.kind))
}
