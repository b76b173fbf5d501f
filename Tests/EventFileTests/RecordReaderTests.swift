import TestSupport
import Testing

@testable import EventFile

struct RecordReaderTests {
  static let payloads: [[UInt8]] = [[1, 2, 3], [], Array(repeating: 7, count: 100), [255]]
  static var file: EventWriter {
    var writer = EventWriter()
    for payload in payloads { writer.add(payload) }
    return writer
  }

  private func read(_ pieces: [[UInt8]], pieceSize: Int = 64) -> (RecordReader.Pause, RecordLog) {
    var source = ScriptedSource(pieces)
    var log = RecordLog()
    var reader = RecordReader(pieceSize: pieceSize)
    let pause = reader.read(&source, into: &log)
    return (pause, log)
  }

  @Test func `records come with their offsets`() {
    let (pause, log) = read([Self.file.bytes])
    #expect(pause == .atEnd)
    #expect(log.records.map(\.payload) == Self.payloads)
    #expect(log.records.map(\.offset) == Self.file.offsets)
    #expect(Self.file.offsets == [0, 19, 35, 151])
  }

  @Test func `a record split over five reads is whole`() {
    var writer = EventWriter()
    writer.add(Array(repeating: 9, count: 100))
    let bytes = writer.bytes
    let cuts = [0, 3, 9, 12, 50, bytes.count]
    let pieces = zip(cuts, cuts.dropFirst()).map { Array(bytes[$0..<$1]) }
    #expect(pieces.count == 5)
    let (pause, log) = read(pieces)
    #expect(pause == .atEnd)
    #expect(log.records == [.init(offset: 0, payload: Array(repeating: 9, count: 100))])
  }

  @Test func `every division in two reads gives the same records`() {
    let bytes = Self.file.bytes
    for cut in 1..<bytes.count {
      let (pause, log) = read([Array(bytes[..<cut]), Array(bytes[cut...])])
      #expect(pause == .atEnd)
      #expect(log.records.map(\.payload) == Self.payloads)
    }
  }

  @Test func `a file that grows is read on where it ended`() {
    let bytes = Self.file.bytes
    for cut in 1..<bytes.count {
      var source = ScriptedSource([Array(bytes[..<cut]), [], Array(bytes[cut...])])
      var log = RecordLog()
      var reader = RecordReader(pieceSize: 64)
      let first = reader.read(&source, into: &log)
      let whole = Self.file.offsets.dropFirst().filter { $0 <= cut }.count
      #expect(log.records.count == whole)
      let start = Self.file.offsets[whole]
      if start == cut {
        #expect(first == .atEnd)
      } else {
        let length = Self.payloads[whole].count + 16
        #expect(first == .starved(offset: start, missing: (cut - start < 12 ? 12 : length) - (cut - start)))
      }
      #expect(reader.read(&source, into: &log) == .atEnd)
      #expect(log.records.map(\.payload) == Self.payloads)
    }
  }

  @Test func `a bad payload checksum costs its record only`() {
    var bytes = Self.file.bytes
    bytes[Self.file.offsets[2] + 50] ^= 1
    let (pause, log) = read([bytes])
    #expect(pause == .atEnd)
    #expect(log.skipped == [35])
    #expect(log.records.map(\.offset) == [0, 19, 151])
  }

  @Test func `a bad length checksum is told with got and want, and ends the reading`() {
    var bytes = Self.file.bytes
    bytes[Self.file.offsets[1]] ^= 1
    let (pause, log) = read([bytes])
    let length = littleEndian(UInt64(1))
    #expect(
      pause
        == .stopped(
          offset: 19,
          .lengthChecksum(got: EventWriter.masked(length), want: EventWriter.masked(littleEndian(UInt64(0)))))
    )
    #expect(log.records.count == 1)
  }

  @Test(arguments: [1 << 31, 1 << 40, 1 << 63, UInt64.max])
  func `a length beyond every record is a fault and no memory`(length: UInt64) {
    var writer = Self.file
    let bytes = littleEndian(length)
    writer.append(bytes + littleEndian(EventWriter.masked(bytes)) + [1, 2, 3])
    let (pause, log) = read([writer.bytes])
    #expect(pause == .stopped(offset: 168, .recordTooLong(length: length)))
    #expect(log.records.count == 4)
  }

  @Test func `a length beyond the file is an unfinished record`() {
    var writer = Self.file
    let bytes = littleEndian(UInt64(1 << 30))
    writer.append(bytes + littleEndian(EventWriter.masked(bytes)) + [1, 2, 3])
    let (pause, _) = read([writer.bytes])
    #expect(pause == .starved(offset: 168, missing: 1 << 30 + 4 - 3))
  }

  @Test(arguments: [12, 100, 5000])
  func `a tail of zeros is told as one`(count: Int) {
    var writer = Self.file
    writer.append([UInt8](repeating: 0, count: count))
    let (pause, log) = read([writer.bytes])
    #expect(pause == .stopped(offset: 168, .zeroFilledTail(count: count)))
    #expect(log.records.count == 4)
  }

  @Test func `zeros with something behind them are a bad length checksum`() {
    var writer = Self.file
    writer.append([UInt8](repeating: 0, count: 300) + [1])
    let (pause, _) = read([writer.bytes])
    #expect(pause == .stopped(offset: 168, .lengthChecksum(got: 0x0798_0329, want: 0)))
  }

  @Test(arguments: [(limit: 99, passed: true), (limit: 100, passed: false)])
  func `a record longer than the limit is passed over, those behind it are read`(limit: Int, passed: Bool) {
    var writer = EventWriter()
    for count in [10, 100, 20] { writer.add([UInt8](repeating: 7, count: count)) }
    var source = ScriptedSource([writer.bytes])
    var sink = RecordLog()
    var reader = RecordReader(longestKept: limit)
    #expect(reader.read(&source, into: &sink) == .atEnd)
    #expect(sink.records.map(\.payload.count) == (passed ? [10, 20] : [10, 100, 20]))
    #expect(sink.passed == (passed ? [26] : []))
  }

  @Test func `nothing comes after a fault`() {
    var source = ScriptedSource([[UInt8](repeating: 1, count: 12), [], Self.file.bytes])
    var log = RecordLog()
    var reader = RecordReader(pieceSize: 64)
    let pause = reader.read(&source, into: &log)
    #expect(reader.read(&source, into: &log) == pause)
    #expect(log.records.isEmpty)
  }

  @Test func `records longer than a piece are whole, and short ones behind them too`() {
    var writer = EventWriter()
    let payloads = [5, 5000, 3, 70_000, 2].map { [UInt8](repeating: UInt8($0 % 251), count: $0) }
    for payload in payloads { writer.add(payload) }
    let (pause, log) = read([writer.bytes])
    #expect(pause == .atEnd)
    #expect(log.records.map(\.payload) == payloads)
  }
}
