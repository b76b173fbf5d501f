import TestSupport

@testable import EventFile

/// Reads `bytes` as a file of that name in a folder of its own.
func contents(of bytes: [UInt8], name: String = "events.out.tfevents.1.host") throws -> EventFileContents {
  let folder = try TemporaryFolder()
  return try EventFileContents(reading: folder.write(name, bytes))
}

/// What `bytes` say as a file, when `usesScanner` decides who reads its events.
func contents(of bytes: [UInt8], usesScanner: Bool) -> EventFileContents {
  var source = ScriptedSource([bytes])
  var collector = EventCollector(path: "file", usesScanner: usesScanner)
  var reader = RecordReader()
  let pause = reader.read(&source, into: &collector)
  if case .stopped(let offset, let kind) = pause { collector.add(kind, at: offset) }
  return collector.contents(byteCount: bytes.count, .complete)
}

/// The bytes of `numbers` as a packed field or a tensor's content has them.
func packed(_ numbers: [Double]) -> [UInt8] { numbers.flatMap { littleEndian($0.bitPattern) } }

extension EventFileContents {
  /// The faults as their offsets and kinds.
  var faultList: [String] { faults.map { "\($0.offset): \($0.kind)" } }

  /// The series of this tag.
  func series(_ tag: String) -> Series? { series.first { $0.tag == tag } }
}
