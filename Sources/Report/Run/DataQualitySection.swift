internal import Analysis
internal import EventFile
internal import RunFolder

/// What was read and what could not be.
struct DataQualitySection {
  private let analysis: RunAnalysis
  private let hasValues: Bool

  /// - Parameter hasValues: whether the page shows what the event files hold beside scalars.
  init(_ analysis: RunAnalysis, hasValues: Bool = false) {
    self.analysis = analysis
    self.hasValues = hasValues
  }

  private static let trainingLimit = 20
  private static let faultLimit = 50
  private static let tagLimit = 100
  private static let checkpointLimit = 20

  /// The section.
  var blocks: [Document.Block] {
    [.section("Data quality"), .table(items)] + analysis.run.notes.map { .paragraph(InlineText($0)) } + faults
      + problems + otherTags
  }

  private var items: Table {
    let quality = analysis.quality
    var table = Table.facts(["Item", "Value"], sides: [.left, .left])
    func add(_ name: String, _ value: InlineText) { table.add([Table.Cell(name), Table.Cell(value)]) }
    add("Source of the metrics", InlineText(Headline.source(analysis.run)))
    add("Path", .code(analysis.run.path))
    if let path = analysis.run.outputPath { add("Output folder", .code(path)) }
    if quality.fileCount > 0 {
      add(
        "Event files",
        "\(NumberText.count(quality.fileCount)), \(QuantityText.bytes(quality.byteCount)), \(NumberText.count(quality.recordCount, "record")) with both checksums right"
      )
    }
    add(
      "Faults",
      quality.faultCount == 0 ? "none" : .toned(.warning, InlineText(NumberText.count(quality.faultCount))))
    for file in quality.incomplete {
      add(
        "Unfinished record",
        "\(code: file.path) ends within the record at offset \(NumberText.count(file.offset)), at least \(NumberText.count(file.missing, "byte")) short; it may still be growing"
      )
    }
    for seam in quality.seams {
      let pause = seam.pause.map { ", after a pause of \(QuantityText.duration($0))" } ?? ""
      add(
        "Resumed",
        "at step \(NumberText.count(seam.step)), after reaching step \(NumberText.count(seam.interruptedAt))\(pause)"
      )
    }
    if quality.supersededCount > 0 {
      add(
        "Replaced points",
        "\(NumberText.count(quality.supersededCount)): the resumed part wrote these steps again")
    }
    if quality.duplicateCount > 0 {
      add(
        "Repeated points",
        "\(NumberText.count(quality.duplicateCount)): the same step twice, the first one counts")
    }
    addOthers(analysis.run, add)
    let checkpoints = analysis.run.checkpoints
    if !checkpoints.isEmpty {
      let steps = checkpoints.prefix(Self.checkpointLimit).map { NumberText.count($0.step) }
      let rest = checkpoints.count - steps.count
      add("Checkpoints", "at steps \(steps.joined(separator: "; "))\(rest > 0 ? " and \(rest) more" : "")")
    }
    return table
  }

  /// What was left out of the run, and what was put into order.
  private func addOthers(_ run: TrainingRun, _ add: (String, InlineText) -> Void) {
    for other in run.otherTrainings.prefix(Self.trainingLimit) {
      add("Another training", OtherTrainingWords(other).text)
    }
    let rest = run.otherTrainings.count - Self.trainingLimit
    if rest > 0 { add("Another training", "and \(NumberText.count(rest)) more") }
    if !run.copies.isEmpty {
      add("Copies", "\(NumberText.count(run.copies.count, "event file")) with the same values, left out")
    }
    if !run.sortedTags.isEmpty {
      add(
        "Out of order",
        "\(NumberText.count(run.sortedTags.count, "tag")) written out of order by one writer, sorted by step")
    }
  }

  private var faults: [Document.Block] {
    let faults = analysis.quality.faults
    guard !faults.isEmpty else { return [] }
    var table = Table(["File", "Offset", "Fault"], sides: [.left, .right, .left])
    for fault in faults.prefix(Self.faultLimit) {
      table.add([.code(fault.path), .count(fault.offset), Table.Cell(fault.kind.description)])
    }
    return [.table(table)] + Self.further(analysis.quality.faultCount - table.rows.count, "fault")
  }

  private var problems: [Document.Block] {
    guard !analysis.quality.problems.isEmpty else { return [] }
    return [
      .paragraph("Files that could not be read:"),
      .bullets(analysis.quality.problems.prefix(Self.faultLimit).map { InlineText($0) }),
    ]
  }

  private var otherTags: [Document.Block] {
    let tags = analysis.quality.otherTags
    guard !hasValues, !tags.isEmpty else { return [] }
    var table = Table(["Other data", "Kind", "Values"], sides: [.left, .left, .right])
    for tag in tags.prefix(Self.tagLimit) {
      table.add([.code(tag.tag), Table.Cell(tag.plugin), .count(tag.count)])
    }
    return [.paragraph("Read and counted, but not part of this report:"), .table(table)]
      + Self.further(tags.count - table.rows.count, "tag")
  }

  /// How many `noun`s a table leaves out, where it does.
  static func further(_ rest: Int, _ noun: String) -> [Document.Block] {
    rest > 0 ? [.paragraph("And \(NumberText.count(rest, "further \(noun)")).")] : []
  }
}
