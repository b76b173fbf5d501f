import TestSupport

@testable import EventFile

/// Reads `bytes` as a file of that name in a folder of its own.
func contents(of bytes: [UInt8], name: String = "events.out.tfevents.1.host") throws -> EventFileContents {
  let folder = try TemporaryFolder()
  return try EventFileContents(reading: folder.write(name, bytes))
}

extension EventFileContents {
  /// The faults as their offsets and kinds.
  var faultList: [String] { faults.map { "\($0.offset): \($0.kind)" } }

  /// The series of this tag.
  func series(_ tag: String) -> Series? { series.first { $0.tag == tag } }
}
