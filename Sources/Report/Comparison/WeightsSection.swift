internal import Analysis
internal import Checkpoint
internal import Weights

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
  var pictures: [Document.Picture] { CheckpointReport.pictures(of: analysis, prefix: "weights-") }

  /// The section.
  ///
  /// - Parameter isIllustrated: whether it shows the pictures.
  func blocks(isIllustrated: Bool) -> [Document.Block] {
    let sides = analysis.comparison.sides
    var blocks: [Document.Block] = [
      .section("Weights"), .paragraph(InlineText(sentences.joined(separator: " "))),
    ]
    if isIllustrated { blocks += pictures.map { .picture($0) } }
    blocks += CheckpointPage.groups(analysis).map(\.deeper)
    if !analysis.findings.isEmpty { blocks += CheckpointPage.findings(analysis).map(\.deeper) }
    let paths = [sides.before, sides.after].compactMap { $0?.path }.map { InlineText.code($0) }
    blocks.append(
      .paragraph(
        "Of \(paths.joined(separator: " and ")); \(code: "ftreport compare") of these two shows each module.")
    )
    return blocks
  }

  /// The section as Markdown.
  func text(isIllustrated: Bool) -> String { MarkdownWriter.text(blocks(isIllustrated: isIllustrated)) }
}
