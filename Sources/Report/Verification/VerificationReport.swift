internal import Checkpoint
internal import EventFile
public import JSON

/// What the checking of files found, in each of the forms that a report has.
public struct VerificationReport: Presentable {
  /// The files that were checked, in the order in which they are listed.
  public let files: [VerifiedFile]
  /// The number of files and folders that could not be read.
  public let unreadableCount: Int
  /// The number of faults in all files.
  public let faultCount: Int
  private let listed: [VerifiedFile]
  private let isQuiet: Bool

  /// A report on `files`.
  ///
  /// - Parameters:
  ///   - unreadable: the number of files and folders that could not be read at all.
  ///   - isQuiet: whether only files with something to tell are listed; the sums count all of them.
  public init(_ files: [VerifiedFile], unreadable: Int = 0, isQuiet: Bool = false) {
    self.files = files
    self.isQuiet = isQuiet
    listed = isQuiet ? files.filter { !$0.isSound } : files
    unreadableCount = unreadable + files.count { $0.wasUnreadable }
    faultCount = files.reduce(0) { $0 + $1.faultCount }
  }

  /// The sums: `4 files, 465 records, 84 tensors, 0 faults`.
  public var title: String {
    let records = files.compactMap(\.recordCount), tensors = files.compactMap(\.tensorCount)
    var parts = [NumberText.count(files.count, "file")]
    if !records.isEmpty { parts.append(NumberText.count(records.reduce(0, +), "record")) }
    if !tensors.isEmpty { parts.append(NumberText.count(tensors.reduce(0, +), "tensor")) }
    parts.append(NumberText.count(faultCount, "fault"))
    if unreadableCount > 0 { parts.append("\(NumberText.count(unreadableCount)) unreadable") }
    return parts.joined(separator: ", ")
  }

  /// A table of the files, and what is wrong with each.
  public func page(isIllustrated: Bool) -> Document {
    var page = Document([.heading(level: 1, "Verification"), .paragraph("\(strong: title).")])
    var table = Table(
      ["File", "Bytes", "Records", "Tensors", "Checksums", "Faults"],
      sides: [.left, .right, .right, .right, .right, .right])
    for file in listed {
      let faults = Table.Cell.count(file.faultCount)
      table.add([
        .code(file.path), .bytes(file.byteCount), file.recordCount.map { .count($0) } ?? "",
        file.tensorCount.map { .count($0) } ?? "", file.checksumCount.map { .count($0) } ?? "",
        file.faultCount == 0 ? faults : Table.Cell(.toned(.bad, .strong(faults.text)), value: faults.value),
      ])
    }
    page.add(table)
    for file in listed where !file.remarks.isEmpty {
      page.add(.section(.code(file.path)))
      page.add(
        .bullets(
          file.remarks.map { remark in
            remark.offset.map { "byte \(NumberText.count($0)): \(remark.text)" } ?? InlineText(remark.text)
          }))
    }
    return page
  }

  /// A line for each file and for each fault, which begins `file: offset:`, and the sums at the end.
  ///
  /// No line is wrapped, so that `grep` and editors understand them.
  public func terminalText(_ style: TerminalStyle, location: String?) -> String {
    var lines = listed.flatMap(Self.lines)
    if !isQuiet || faultCount > 0 { lines.append(InlineText(title)) }
    if let location { lines.append("Report: \(location)") }
    return lines.map { TerminalText($0).painted(style) + "\n" }.joined()
  }

  private static func lines(_ file: VerifiedFile) -> [InlineText] {
    var parts: [InlineText] = []
    if let count = file.recordCount { parts.append(InlineText(NumberText.count(count, "record"))) }
    if let count = file.tensorCount { parts.append(InlineText(NumberText.count(count, "tensor"))) }
    if let count = file.checksumCount, count > 0 {
      parts.append(InlineText(NumberText.count(count, "checksum")))
    }
    if file.faultCount > 0 {
      parts.append(.toned(.bad, InlineText(NumberText.count(file.faultCount, "fault"))))
    }
    return ["\(file.path): \(parts.joined(separator: ", "))"]
      + file.remarks.map { remark in
        "\(file.path): \(remark.offset.map { "\($0): " } ?? "")\(remark.text)"
      }
  }

  /// A line for each file that is listed: an object, as `docs/schema/ftreport.verification.json` describes it.
  public var json: String { listed.map { $0.value.text + "\n" }.joined() }

  /// The same as one array.
  public var value: JSONValue { .array(listed.map(\.value)) }

  /// Hands out the lines of `json`, some at a time.
  public func writeJSON<Failure>(_ write: ([UInt8]) throws(Failure) -> Void) throws(Failure) {
    try write(Array(json.utf8))
  }

  /// The files of a folder of its own: `report.md`, the same as `report.html`, and `report.ndjson`.
  public var reportFiles: [ReportFile] {
    pages(page(isIllustrated: true)) + [ReportFile(path: "report.ndjson", text: json)]
  }
}
