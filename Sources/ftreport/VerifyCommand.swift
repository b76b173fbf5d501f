import ArgumentParser
import Bytes
import Checkpoint
import EventFile
import JSON
import RunFolder

/// `ftreport verify`: both checksums of every record, and every message; the structure and safety of checkpoints.
struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Checks every record of every event file, and every file of a checkpoint.",
    discussion: """
      Says for each file how many records are good, and each fault with its byte offset. A file that ends within a \
      record may still be growing, and is told as 'incomplete so far', which is no fault.

      Of files of weights and states (safetensors, PyTorch's, DeepSpeed's, \
      distributed ones) it checks the structure, the checksums that they have, and \
      that their pickles name nothing that a checkpoint does not need. Nothing in \
      them is executed, so it is safe to look at a file that you do not trust.

        ftreport verify saves/qwen3/lora/sft       everything in the folder and below
        ftreport verify downloaded.pt              would this run code when torch loads it?
        ftreport verify --quiet saves              only what is at fault
        ftreport verify --format json saves | jq   an object a file

      Exit status: 0 no fault, 1 faults, 3 a file or folder cannot be read, or there is nothing to check.
      """)

  @Argument(help: "Event files, files of checkpoints, and folders to search for them.", completion: .file())
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
    let output = try paths.map(VerifiableFiles.init).reduce(into: "") { output, list in
      totals.unreadableCount += list.problems.count
      for problem in list.problems { try StandardStream.error.write("\(problem)\n") }
      for folder in list.hidden {
        try StandardStream.error.write("\(folder): a hidden folder, not looked into; name it to check it\n")
      }
      let named = paths
      let contents = concurrentMap(count: list.events.count) { index in
        Self.check(list.events[index], acceptsPipe: named.contains(list.events[index]))
      }
      for result in contents {
        switch result {
        case .failure(let error):
          totals.unreadableCount += 1
          try StandardStream.error.write("\(error)\n")
        case .success(let contents):
          totals.add(contents)
          if !quiet || !contents.isSound { output += format == .json ? json(contents) : text(contents) }
        }
      }
      var results = concurrentMap(count: list.checkpoints.count) { Self.checkWeights(list.checkpoints[$0]) }
      results += list.checkpointFolders.flatMap(CheckpointVerification.sets).map { .success($0) }
      for result in results {
        switch result {
        case .failure(let error):
          totals.unreadableCount += 1
          try StandardStream.error.write("\(error)\n")
        case .success(let contents):
          totals.add(contents)
          if !quiet || !contents.faults.isEmpty {
            output += format == .json ? json(contents) : text(contents)
          }
        }
      }
    }
    try StandardStream.output.write(output)
    if format == .text && (!quiet || totals.faultCount > 0) { try StandardStream.output.write(totals.line) }
    throw totals.status
  }

  private static func check(_ path: String, acceptsPipe: Bool) -> Result<EventFileContents, SystemError> {
    Result { () throws(SystemError) in
      try EventFileContents.visitPoints(of: path, acceptsPipe: acceptsPipe) { _ in }
    }
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
    var eventFileCount = 0
    var tensorCount = 0
    var faultCount = 0
    var unreadableCount = 0

    mutating func add(_ contents: EventFileContents) {
      fileCount += 1
      eventFileCount += 1
      recordCount += contents.recordCount
      faultCount += contents.faultCount
      if contents.wasUnreadable { unreadableCount += 1 }
    }

    mutating func add(_ result: CheckpointVerification) {
      fileCount += 1
      tensorCount += result.tensorCount
      faultCount += result.faults.count
    }

    var line: String {
      var parts = [Words.count(fileCount, "file")]
      if eventFileCount > 0 { parts.append(Words.count(recordCount, "record")) }
      if eventFileCount < fileCount { parts.append(Words.count(tensorCount, "tensor")) }
      parts.append(Words.count(faultCount, "fault"))
      return parts.joined(separator: ", ")
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
