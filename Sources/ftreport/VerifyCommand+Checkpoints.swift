import Bytes
import Checkpoint
import JSON

// Files of checkpoints beside event files.
extension VerifyCommand {
  static func checkWeights(_ path: String) -> Result<CheckpointVerification, CheckpointError> {
    Result { () throws(CheckpointError) in try CheckpointVerification(path: path) }
  }

  func text(_ result: CheckpointVerification) -> String {
    var text = "\(result.path): \(Words.count(result.tensorCount, "tensor"))"
    if result.checksumCount > 0 { text += ", \(Words.count(result.checksumCount, "checksum"))" }
    if !result.faults.isEmpty { text += ", \(Words.count(result.faults.count, "fault"))" }
    for fault in result.faults {
      text += "\n\(result.path): \(fault.offset.map { "\($0): " } ?? "")\(fault.text)"
    }
    return text + "\n"
  }

  func json(_ result: CheckpointVerification) -> String {
    let faults = result.faults.map { fault in
      JSONValue.object([
        "offset": fault.offset.map { .number($0) } ?? .null, "what": .string(fault.text),
      ])
    }
    return JSONValue.object([
      "file": .string(result.path), "bytes": .number(result.byteCount),
      "tensors": .number(result.tensorCount),
      "checksums": .number(result.checksumCount), "faultCount": .number(faults.count),
      "faults": .array(faults),
    ]).text + "\n"
  }
}
