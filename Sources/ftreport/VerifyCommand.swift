import ArgumentParser
import Bytes
import EventFile
import JSON

/// `ftreport verify`: both checksums of every record, and every message.
struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Checks every record of every event file.",
    discussion: """
      Says for each file how many records are good, and each fault with its byte offset. A file that ends within a \
      record may still be growing, and is told as 'incomplete so far', which is no fault.

        ftreport verify saves/sft                every event file below
        ftreport verify --quiet saves            only what is at fault
        ftreport verify --format json saves      an object a file, a line each

      Exit status: 0 no fault, 1 faults, 3 a file or folder cannot be read, or there is no event file.
      """)

  @Argument(help: "Event files, and folders to search for them.", completion: .file())
  var paths: [String]

  @Option(help: "How the results are written.")
  var format = Format.text

  @Flag(name: .shortAndLong, help: "Only tell what is at fault.")
  var quiet = false

  enum Format: String, CaseIterable, ExpressibleByArgument {
    case text, json
  }

  func run() throws {
    var totals = Totals()
    let output = try paths.map(EventFileList.init).reduce(into: "") { output, list in
      totals.unreadableCount += list.problems.count
      for problem in list.problems { try StandardStream.error.write("\(problem)\n") }
      for result in concurrentMap(count: list.files.count, { Self.check(list.files[$0]) }) {
        switch result {
        case .failure(let error):
          totals.unreadableCount += 1
          try StandardStream.error.write("\(error)\n")
        case .success(let contents):
          totals.add(contents)
          if !quiet || !contents.isSound { output += format == .json ? json(contents) : text(contents) }
        }
      }
    }
    try StandardStream.output.write(output)
    if format == .text && (!quiet || totals.faultCount > 0) { try StandardStream.output.write(totals.line) }
    throw totals.status
  }

  private static func check(_ path: String) -> Result<EventFileContents, SystemError> {
    Result { () throws(SystemError) in try EventFileContents.visitPoints(of: path) { _ in } }
  }

  private func text(_ contents: EventFileContents) -> String {
    let faultCount = contents.faultCount
    var text = "\(contents.path): \(Words.count(contents.recordCount, "record"))"
    if faultCount > 0 { text += ", \(Words.count(faultCount, "fault"))" }
    for fault in contents.faults { text += "\n\(fault)" }
    if contents.unlistedFaultCount > 0 {
      text += "\n\(contents.path): and \(contents.unlistedFaultCount) faults more"
    }
    if case .incomplete(let offset, let missing) = contents.ending {
      text +=
        "\n\(contents.path): \(offset): incomplete so far: the record lacks \(Words.count(missing, "byte"))"
    }
    return text + "\n"
  }

  private func json(_ contents: EventFileContents) -> String {
    var members: [JSONValue.Member] = [
      .init("file", .string(contents.path)), .init("bytes", .number(contents.byteCount)),
      .init("records", .number(contents.recordCount)), .init("faultCount", .number(contents.faultCount)),
      .init(
        "faults",
        .array(
          contents.faults.map {
            .object(["offset": .number($0.offset), "what": .string($0.kind.description)])
          })),
    ]
    if case .incomplete(let offset, let missing) = contents.ending {
      members.append(
        .init("incomplete", .object(["offset": .number(offset), "missingBytes": .number(missing)])))
    }
    return JSONValue.object(members).text + "\n"
  }

  /// The sums over all files.
  private struct Totals {
    var fileCount = 0
    var recordCount = 0
    var faultCount = 0
    var unreadableCount = 0

    mutating func add(_ contents: EventFileContents) {
      fileCount += 1
      recordCount += contents.recordCount
      faultCount += contents.faultCount
      if contents.wasUnreadable { unreadableCount += 1 }
    }

    var line: String {
      "\(Words.count(fileCount, "file")), \(Words.count(recordCount, "record")), \(Words.count(faultCount, "fault"))"
        + (unreadableCount > 0 ? ", \(unreadableCount) unreadable\n" : "\n")
    }

    var status: ExitStatus { unreadableCount > 0 ? .unreadable : faultCount > 0 ? .failed : .success }
  }
}

extension EventFileContents {
  /// The number of faults, those that were too many to keep included.
  var faultCount: Int { faults.count + unlistedFaultCount }

  /// Whether the system did not let the file be read to its end.
  var wasUnreadable: Bool {
    faults.contains { if case .system = $0.kind { true } else { false } }
  }

  /// Whether there is nothing to tell of the file but its records.
  var isSound: Bool { faultCount == 0 && ending == .complete }
}
