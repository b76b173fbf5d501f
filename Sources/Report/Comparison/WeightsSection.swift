internal import Analysis
internal import Checkpoint

/// The section of a comparison of runs about the last weights of both.
struct WeightsSection {
  private let analysis: CheckpointAnalysis

  init(_ analysis: CheckpointAnalysis) { self.analysis = analysis }

  /// What is said of them in sentences.
  var sentences: [String] {
    let headline = CheckpointHeadline(analysis)
    return [headline.sentence, headline.remark, headline.movement].compactMap(\.self)
  }

  /// The pictures with their files in the report's folder.
  var pictures: [(picture: RunPage.Picture, file: ReportFile)] {
    CheckpointReport.pictures(of: analysis, prefix: "weights-")
  }

  /// The section as Markdown.
  ///
  /// - Parameter isIllustrated: whether the pictures stand beside the page.
  func text(isIllustrated: Bool) -> String {
    let sides = analysis.comparison.sides
    var text = "## Weights\n\n" + MarkdownText.plain(sentences.joined(separator: " ")) + "\n\n"
    if isIllustrated {
      for (picture, _) in pictures {
        text += "![\(MarkdownText.plain(picture.words))](\(MarkdownText.link(picture.path)))\n\n"
      }
    }
    text += CheckpointSection.deeper(CheckpointPage.groups(analysis))
    if !analysis.findings.isEmpty { text += CheckpointSection.deeper(CheckpointPage.findings(analysis)) }
    let paths = [sides.before, sides.after].compactMap { $0?.path }.map { MarkdownText.code($0) }
    return text
      + "Of \(paths.joined(separator: " and ")); `ftreport compare` of these two shows each module.\n"
  }
}
