public import Checkpoint
public import EventFile
internal import JSON

/// A file that was checked, and what was found.
public enum VerifiedFile: Sendable {
  /// An event file, with every record and message.
  case events(EventFileContents)
  /// A file of a checkpoint: its structure, its checksums, what its pickles name.
  case checkpoint(CheckpointVerification)

  /// Something to tell of a file, and where in it that is.
  struct Remark {
    var offset: Int?
    var text: String
  }

  /// The path of the file.
  public var path: String {
    switch self {
    case .events(let contents): contents.path
    case .checkpoint(let result): result.path
    }
  }

  /// The number of faults, those that were too many to keep included.
  public var faultCount: Int {
    switch self {
    case .events(let contents): contents.faultCount
    case .checkpoint(let result): result.faults.count
    }
  }

  /// Whether the system did not let the file be read to its end.
  public var wasUnreadable: Bool {
    guard case .events(let contents) = self else { return false }
    return contents.faults.contains { if case .system = $0.kind { true } else { false } }
  }

  /// Whether there is nothing to tell of the file but its counts.
  public var isSound: Bool { remarks.isEmpty }

  /// The size of the file.
  var byteCount: Int {
    switch self {
    case .events(let contents): contents.byteCount
    case .checkpoint(let result): result.byteCount
    }
  }

  /// The number of records with two good checksums; nil where the file has no records.
  var recordCount: Int? {
    guard case .events(let contents) = self else { return nil }
    return contents.recordCount
  }

  /// The number of tensors; nil where it is no file of such.
  var tensorCount: Int? {
    guard case .checkpoint(let result) = self else { return nil }
    return result.tensorCount
  }

  /// The number of parts that were compared with a checksum; nil for event files, whose records all are.
  var checksumCount: Int? {
    guard case .checkpoint(let result) = self else { return nil }
    return result.checksumCount
  }

  /// What is to be told, in the order of the offsets.
  var remarks: [Remark] {
    switch self {
    case .checkpoint(let result): return result.faults.map { Remark(offset: $0.offset, text: $0.text) }
    case .events(let contents):
      var remarks = contents.faults.map { Remark(offset: $0.offset, text: $0.kind.description) }
      if contents.unlistedFaultCount > 0 {
        remarks.append(Remark(text: "and \(NumberText.count(contents.unlistedFaultCount)) faults more"))
      }
      if case .incomplete(let offset, let missing) = contents.ending {
        remarks.append(
          Remark(
            offset: offset, text: "incomplete so far: the record lacks \(NumberText.count(missing, "byte"))"))
      }
      return remarks
    }
  }

  /// `file`, `bytes`, `records` (null for files of checkpoints), `tensors` and `checksums` (null for event files),
  /// `fault_count`, `faults[]` (`offset`, `what`; of very many the first thousand), `incomplete` (`offset`,
  /// `missing_bytes`; null for files that end with a record).
  var value: JSONValue {
    func number(_ count: Int?) -> JSONValue { count.map { .number($0) } ?? .null }
    func fault(_ offset: Int?, _ text: String) -> JSONValue {
      .object(["offset": number(offset), "what": .string(text)])
    }
    let faults: [JSONValue]
    var incomplete = JSONValue.null
    switch self {
    case .checkpoint(let result): faults = result.faults.map { fault($0.offset, $0.text) }
    case .events(let contents):
      faults = contents.faults.map { fault($0.offset, $0.kind.description) }
      if case .incomplete(let offset, let missing) = contents.ending {
        incomplete = .object(["offset": .number(offset), "missing_bytes": .number(missing)])
      }
    }
    return .document(
      "ftreport.verification", version: 2,
      [
        "file": .string(path), "bytes": .number(byteCount), "records": number(recordCount),
        "tensors": number(tensorCount), "checksums": number(checksumCount),
        "fault_count": .number(faultCount), "faults": .array(faults), "incomplete": incomplete,
      ])
  }
}
