internal import Analysis
internal import EventFile
internal import RunFolder

/// What was read and what could not be.
struct DataQualitySection {
  private let analysis: RunAnalysis

  init(_ analysis: RunAnalysis) { self.analysis = analysis }

  private static let faultLimit = 50
  private static let tagLimit = 100

  /// The section.
  var text: String {
    let quality = analysis.quality
    var table = MarkdownTable(["Item", "Value"], sides: [.left, .left])
    table.add(["Source of the metrics", Headline.source(analysis.run)])
    table.add(["Path", MarkdownText.code(analysis.run.path, inTable: true)])
    if let path = analysis.run.outputPath {
      table.add(["Output folder", MarkdownText.code(path, inTable: true)])
    }
    if quality.fileCount > 0 {
      table.add([
        "Event files",
        "\(NumberText.count(quality.fileCount)), \(QuantityText.bytes(quality.byteCount)), "
          + "\(NumberText.count(quality.recordCount, "record")) with both checksums right",
      ])
    }
    let faultCount = quality.faultCount
    table.add(["Faults", faultCount == 0 ? "none" : NumberText.count(faultCount)])
    for file in quality.incomplete {
      table.add([
        "Unfinished record",
        "\(MarkdownText.code(file.path, inTable: true)) ends within the record at offset "
          + "\(NumberText.count(file.offset)), at least \(NumberText.count(file.missing, "byte")) short; it may still be growing",
      ])
    }
    for seam in quality.seams {
      let pause = seam.pause.map { ", after a pause of \(QuantityText.duration($0))" } ?? ""
      table.add([
        "Resumed",
        "at step \(NumberText.count(seam.step)), after reaching step \(NumberText.count(seam.interruptedAt))\(pause)",
      ])
    }
    if quality.supersededCount > 0 {
      table.add([
        "Replaced points",
        "\(NumberText.count(quality.supersededCount)): the resumed part wrote these steps again",
      ])
    }
    if quality.duplicateCount > 0 {
      table.add([
        "Repeated points",
        "\(NumberText.count(quality.duplicateCount)): the same step twice, the later one counts",
      ])
    }
    if !analysis.run.checkpoints.isEmpty {
      let steps = analysis.run.checkpoints.prefix(20).map { NumberText.count($0.step) }.joined(
        separator: "; ")
      let rest = analysis.run.checkpoints.count - 20
      table.add(["Checkpoints", "at steps \(steps)" + (rest > 0 ? " and \(rest) more" : "")])
    }
    let notes = analysis.run.notes.map { MarkdownText.plain($0) + "\n\n" }.joined()
    return "## Data quality\n\n\(table.text)\n" + notes + faults + problems + otherTags
  }

  private var faults: String {
    let faults = analysis.quality.faults
    guard !faults.isEmpty else { return "" }
    var table = MarkdownTable(["File", "Offset", "Fault"], sides: [.left, .right, .left])
    for fault in faults.prefix(Self.faultLimit) {
      table.add([
        MarkdownText.code(fault.path, inTable: true), NumberText.count(fault.offset),
        MarkdownText.plain(fault.kind.description),
      ])
    }
    let rest = analysis.quality.faultCount - min(faults.count, Self.faultLimit)
    return table.text + (rest > 0 ? "\nAnd \(NumberText.count(rest, "further fault")).\n" : "") + "\n"
  }

  private var problems: String {
    guard !analysis.quality.problems.isEmpty else { return "" }
    return "Files that could not be read:\n\n"
      + analysis.quality.problems.prefix(Self.faultLimit).map { "- \(MarkdownText.plain($0))\n" }.joined()
      + "\n"
  }

  private var otherTags: String {
    let tags = analysis.quality.otherTags
    guard !tags.isEmpty else { return "" }
    var table = MarkdownTable(["Other data", "Kind", "Values"], sides: [.left, .left, .right])
    for tag in tags.prefix(Self.tagLimit) {
      table.add([
        MarkdownText.code(tag.tag, inTable: true), MarkdownText.plain(tag.plugin),
        NumberText.count(tag.count),
      ])
    }
    let rest = tags.count - Self.tagLimit
    return "Read and counted, but not part of this report:\n\n\(table.text)"
      + (rest > 0 ? "\nAnd \(NumberText.count(rest, "further tag")).\n" : "") + "\n"
  }
}
