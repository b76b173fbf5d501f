public import Analysis
public import JSON

/// Several saves of one training, each held against the one before.
public struct CheckpointHistoryReport: Presentable {
  private let history: CheckpointHistory

  /// The name of the training.
  public let title: String

  /// A report on the saves of the training called `title`.
  public init(_ history: CheckpointHistory, title: String) {
    self.history = history
    self.title = title
  }

  private var section: CheckpointSection { CheckpointSection(history) }

  /// The files of the report's folder: `report.md`, `report.html`, its pictures and `report.json`.
  public var files: [ReportFile] {
    pages(page(isIllustrated: true)) + section.pictures.map(\.file) + [
      ReportFile(path: "report.json", value: value)
    ]
  }

  /// The page: a row for each save, and the last two of them in detail.
  public func page(isIllustrated: Bool) -> Document {
    let count = NumberText.count(history.entries.count, "save")
    return Document(
      [.heading(level: 1, "\(count) of \(code: title)")] + section.blocks(isIllustrated: isIllustrated))
  }

  /// The saves with their figures under `checkpoints`, the name of the training under `training`.
  public var value: JSONValue {
    JSONValue.document(
      "ftreport.history", version: 1,
      [
        "training": .string(title), "checkpoints": section.json, "averaging": section.averagingJSON,
      ]
    )
  }
}
