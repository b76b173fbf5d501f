import TestSupport
import Testing

@testable import EventFile

/// A small file with every kind of record, cut and changed in every way.
struct DamageTests {
  static let file: EventWriter = {
    var writer = EventWriter.begun()
    writer.scalar("loss", 1, 0.5)
    writer.scalar("loss", 2, 0.25)
    writer.add(
      EventWriter.event(
        2, nil,
        [
          EventWriter.value(
            "args/text_summary", tensor: WireMessage().varint(1, 7).text(8, "{}"), plugin: "text")
        ]))
    writer.start(2)
    writer.scalar("eval", 3, 2)
    writer.scalar("loss", 3, 0.125)
    return writer
  }()

  @Test func `the whole file is read`() throws {
    let whole = try contents(of: Self.file.bytes)
    #expect(whole.recordCount == 7)
    #expect(whole.faults.isEmpty)
    #expect(whole.ending == .complete)
    #expect(whole.fileVersion == "brain.Event:2")
    #expect(whole.series("loss")?.steps == [1, 2, 3])
    #expect(whole.series("loss")?.values == [0.5, 0.25, 0.125])
    #expect(whole.series("loss")?.wallTimes == [1001, 1002, 1003])
    #expect(whole.series("eval")?.values == [2])
    #expect(
      whole.texts == [
        TextValue(tag: "args/text_summary", step: 2, wallTime: 1002, strings: ["{}"], followsPoints: true)
      ])
    #expect(
      whole.sessionStarts == [
        SessionStart(step: 2, offset: Self.file.offsets[4], pointsBefore: [2], valuesBefore: [1])
      ])
    #expect(whole.firstWallTime == 1000)
  }

  @Test func `every truncation keeps the records before the cut and says where it is`() throws {
    let folder = try TemporaryFolder()
    let bytes = Self.file.bytes
    let ends = Array(Self.file.offsets.dropFirst()) + [bytes.count]
    for length in 1..<bytes.count {
      let path = try folder.write("events.out.tfevents.1", Array(bytes[..<length]))
      let cut = try EventFileContents(reading: path)
      let whole = ends.filter { $0 <= length }.count
      #expect(cut.recordCount == whole)
      #expect(cut.byteCount == length)
      #expect(cut.faults.isEmpty)
      let start = Self.file.offsets[whole]
      if start == length {
        #expect(cut.ending == .complete)
      } else if case .incomplete(let offset, let missing) = cut.ending {
        #expect(offset == start)
        #expect(missing >= 1 && missing <= ends[whole] - length)
        if length - start >= 12 { #expect(missing == ends[whole] - length) }
      } else {
        Issue.record("length \(length): \(cut.ending)")
      }
    }
  }

  @Test func `every single flipped bit is told, and costs at most its record or what follows`() throws {
    let folder = try TemporaryFolder()
    let whole = try contents(of: Self.file.bytes)
    let ends = Array(Self.file.offsets.dropFirst()) + [Self.file.bytes.count]
    for position in Self.file.bytes.indices {
      let record = ends.filter { $0 <= position }.count
      let start = Self.file.offsets[record]
      for bit in 0..<8 {
        var bytes = Self.file.bytes
        bytes[position] ^= 1 << UInt8(bit)
        let damaged = try EventFileContents(reading: folder.write("events.out.tfevents.1", bytes))
        #expect(damaged.faults.map(\.offset) == [start], "byte \(position), bit \(bit)")
        if position - start < 12 {
          // The length or its checksum: the good prefix.
          #expect(damaged.recordCount == record)
          #expect(damaged.ending == .unreadable(offset: start))
        } else {
          #expect(damaged.recordCount == whole.recordCount - 1)
          #expect(damaged.ending == .complete)
          guard case .payloadChecksum(let got, let want) = damaged.faults.first?.kind else {
            Issue.record("byte \(position), bit \(bit): \(damaged.faultList)")
            continue
          }
          #expect(got != want)
        }
        let points = damaged.series.reduce(0) { $0 + $1.count }
        let scalarRecords = [1, 2, 5, 6]
        let lost =
          position - start < 12
          ? scalarRecords.filter { $0 >= record } : scalarRecords.filter { $0 == record }
        #expect(points == 4 - lost.count)
      }
    }
  }

  @Test func `a bad payload checksum is told with got and want, and the next record is read`() throws {
    var bytes = Self.file.bytes
    let offset = Self.file.offsets[1]
    let payload = Array(bytes[offset + 12..<Self.file.offsets[2] - 4])
    bytes.replaceSubrange(Self.file.offsets[2] - 4..<Self.file.offsets[2], with: [0, 0, 0, 0])
    let damaged = try contents(of: bytes)
    #expect(
      damaged.faults.map(\.kind) == [.payloadChecksum(got: EventWriter.masked(payload), want: 0)])
    #expect(damaged.faults.first?.offset == offset)
    #expect(damaged.series("loss")?.steps == [2, 3])
  }

  @Test func `one file with a good record, a time that is no number, a bad message and a bad checksum`()
    throws
  {
    var writer = EventWriter.begun()
    writer.scalar("loss", 1, 1)
    writer.scalar("loss", 2, 2, wallTime: .nan)
    writer.add([0x0a, 0xff])
    var bad = EventWriter()
    bad.scalar("loss", 3, 3)
    let start = writer.bytes.count
    writer.append(Array(bad.bytes.dropLast()) + [bad.bytes[bad.bytes.count - 1] ^ 1])
    var last = EventWriter()
    last.scalar("loss", 4, 4)
    writer.append(last.bytes)
    let read = try contents(of: writer.bytes)
    #expect(read.series("loss")?.steps == [1, 2, 4])
    #expect(read.series("loss")?.wallTimes[1].isNaN == true)
    #expect(read.faults.map(\.offset) == [writer.offsets[3], start])
    #expect(read.faults.first?.kind == .undecodable(reason: "the payload is no event"))
    #expect(read.ending == .complete)
  }

  @Test func `a tag that is not UTF-8 is repaired, told once, and kept`() throws {
    var writer = EventWriter.begun()
    for step in 1...3 {
      writer.add(
        EventWriter.event(Int64(step), nil, [WireMessage().bytes(1, [0x6c, 0xff, 0x73]).float(2, 1)]))
    }
    let read = try contents(of: writer.bytes)
    #expect(read.series.map(\.tag) == ["l\u{fffd}s"])
    #expect(read.series.first?.count == 3)
    #expect(read.faults.count == 1)
    #expect(read.faults.first?.offset == writer.offsets[1])
  }

  @Test func `of very many faults the first are listed and all are counted`() throws {
    var writer = EventWriter()
    for _ in 0..<1500 { writer.add([0xff]) }
    writer.append([UInt8](repeating: 7, count: 20))
    let read = try contents(of: writer.bytes)
    #expect(read.faults.count == 1001)
    #expect(read.unlistedFaultCount == 500)
    #expect(read.ending == .unreadable(offset: writer.bytes.count - 20))
    #expect(read.faults.last?.offset == writer.bytes.count - 20)
  }
}
