public import Analysis
public import JSON
internal import RunFolder

/// The report of runs of several settings and seeds, each group held against that of the first run.
///
/// The same analyses always give the same bytes.
public struct SweepReport: Presentable {
  private let sweep: SweepAnalysis
  private let analyses: [RunAnalysis]
  private let command: String
  /// What the runs were found under.
  public let title: String

  /// - Parameters:
  ///   - sweep: the groups of `analyses`.
  ///   - analyses: the runs.
  ///   - command: the command line that repeats the comparison.
  public init(_ sweep: SweepAnalysis, of analyses: [RunAnalysis], title: String, command: String) {
    self.sweep = sweep
    self.analyses = analyses
    self.title = title
    self.command = command
  }

  private var pictures: [Document.Picture] { SweepPictures(sweep, of: analyses, title: title).all }

  /// The files of the report's folder: `report.md`, its pictures, `groups.csv` with the reduced steps, `report.json`.
  public var files: [ReportFile] {
    let pictures = pictures
    return pages(document(pictures: pictures))
      + pictures.map(\.file)
      + [
        ReportFile(path: "groups.csv", text: SweepTableText(sweep, of: analyses).text),
        ReportFile(path: "report.json", value: value),
      ]
  }

  /// The page.
  public func page(isIllustrated: Bool) -> Document { document(pictures: isIllustrated ? pictures : []) }

  private func document(pictures: [Document.Picture]) -> Document {
    let page = SweepPage(sweep)
    return Document(
      [.heading(level: 1, "Settings of \(code: title)"), .paragraph(.strong(InlineText(page.words.verdict)))]
        + page.blocks(pictures: pictures) + [.paragraph("Repeat it with"), .code(command, language: "sh")])
  }

  /// The curves of the groups over their seeds.
  public var picture: String? { SweepPictures(sweep, of: analyses, title: title).bands }

  /// A line for each group.
  public var summary: Document {
    let page = SweepPage(sweep)
    return Document(
      [.heading(level: 1, InlineText(title)), .paragraph(InlineText(page.words.verdict))]
        + page.summary(limit: 50))
  }

  /// The figures as JSON text, indented: `docs/schema/ftreport.sweep.json`.
  public var value: JSONValue {
    JSONValue.object(
      [.schema("ftreport.sweep", version: 1), .init("title", .string(title))]
        + SweepJSON(sweep, names: analyses.map(\.run.name)).members
    )
  }
}
