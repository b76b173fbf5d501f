internal import Analysis

/// The reduced steps of all groups as CSV (RFC 4180): a row for each group, tag and step, with the columns that
/// tensorboard-reducer gives.
struct SweepTableText {
  private let sweep: SweepAnalysis
  private let analyses: [RunAnalysis]

  init(_ sweep: SweepAnalysis, of analyses: [RunAnalysis]) {
    self.sweep = sweep
    self.analyses = analyses
  }

  /// The text; figures have as many digits as they need to be read back as they are, what there is none of is empty.
  var text: String {
    let words = SweepWords(sweep: sweep)
    var text = "group,tag,step,n,mean,std,min,max,median\n"
    for group in sweep.groups.groups {
      let label = Self.field(words.label(group))
      for tag in group.tags(of: analyses) {
        guard let curve = group.curve(tag, of: analyses) else { continue }
        let start = "\(label),\(Self.field(tag)),"
        for index in curve.steps.indices {
          text += start
          text += "\(curve.steps[index]),\(curve.counts[index])"
          for column in [curve.means, curve.deviations, curve.least, curve.greatest, curve.medians] {
            text += ","
            if column[index].isFinite { text += "\(column[index])" }
          }
          text += "\n"
        }
      }
    }
    return text
  }

  private static func field(_ text: String) -> String {
    let text = ForeignText.visible(text)
    guard text.contains(where: { ",\"".contains($0) }) else { return text }
    return "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
      + "\""
  }
}
