import FileSystem
import TestSupport
import Testing

@testable import EventFile

struct EventFileReaderTests {
  @Test func `a growing file is read as it grows`() throws {
    let folder = try TemporaryFolder()
    var file = EventWriter.begun()
    for step in 1...20 { file.scalar("loss", Int64(step), Float(step)) }
    let path = try folder.write("events.out.tfevents.1", [])
    var reader = try EventFileReader(path: path)
    var length = 0
    var random = SeededRandom(seed: 3)
    #expect(reader.readAvailable() == 0)
    #expect(reader.contents.faults.map(\.kind) == [.empty])
    while length < file.bytes.count {
      length = min(file.bytes.count, length + Int.random(in: 1...90, using: &random))
      // The same file, written again up to a later byte.
      try folder.write("events.out.tfevents.1", Array(file.bytes[..<length]))
      reader.readAvailable()
      let whole = (file.offsets.dropFirst() + [file.bytes.count]).filter { $0 <= length }.count
      let contents = reader.contents
      #expect(contents.recordCount == whole)
      #expect(contents.series.first?.count ?? 0 == max(0, whole - 1))
      #expect(contents.faults.isEmpty)
      #expect(contents.byteCount == length)
    }
    #expect(reader.contents.ending == .complete)
    #expect(reader.contents.series.first?.values == (1...20).map(Double.init))
    #expect(reader.readAvailable() == 0)
  }

  @Test func `N - 1 bytes, then the last one`() throws {
    let folder = try TemporaryFolder()
    var file = EventWriter.begun()
    file.scalar("loss", 1, 1)
    let path = try folder.write("events.out.tfevents.1", file.bytes.dropLast())
    var reader = try EventFileReader(path: path)
    #expect(reader.readAvailable() == 1)
    #expect(reader.contents.ending == .incomplete(offset: file.offsets[1], missing: 1))
    try folder.write("events.out.tfevents.1", file.bytes)
    #expect(reader.readAvailable() == 1)
    #expect(reader.contents.ending == .complete)
  }

  @Test func `points are visited in file order with their places`() throws {
    let folder = try TemporaryFolder()
    var file = EventWriter.begun()
    file.scalar("a", 1, 1)
    file.scalar("b", 1, 2)
    file.add(EventWriter.event(2, nil, [EventWriter.value("a", 3), EventWriter.value("b", 4)]))
    file.scalar("a", 3, 5)
    nonisolated(unsafe) var points: [EventPoint] = []
    let contents = try EventFileContents.visitPoints(of: folder.write("events.out.tfevents.1", file.bytes)) {
      unsafe points.append($0)
    }
    unsafe #expect(points.map(\.tag) == ["a", "b", "a", "b", "a"])
    unsafe #expect(points.map(\.value) == [1, 2, 3, 4, 5])
    unsafe #expect(points.map(\.step) == [1, 1, 2, 2, 3])
    unsafe #expect(points.map(\.series) == [0, 1, 0, 1, 0])
    unsafe #expect(points.map(\.offset) == [1, 2, 3, 3, 4].map { file.offsets[$0] })
    #expect(contents.series.map(\.tag) == ["a", "b"])
    #expect(contents.series.allSatisfy { $0.isEmpty })
    #expect(contents.recordCount == 5)
  }

  @Test func `a file can be checked without keeping its points`() throws {
    let folder = try TemporaryFolder()
    var file = EventWriter.begun()
    for step in 1...50 { file.scalar("a", Int64(step), 1) }
    let path = try folder.write("events.out.tfevents.1", file.bytes)
    var whole = try EventFileContents(reading: path)
    let checked = try EventFileContents(reading: path, keepsPoints: false)
    #expect(whole.series.map(\.count) == [50])
    whole.series = [Series(tag: "a")]
    #expect(checked == whole)
  }

  @Test func `a missing file and a folder are thrown`() throws {
    let folder = try TemporaryFolder()
    let missing = #expect(throws: SystemError.self) { try EventFileContents(reading: folder.file("none")) }
    #expect(missing?.isMissing == true)
    let other = #expect(throws: SystemError.self) { try EventFileContents(reading: folder.path) }
    #expect(other?.reason == "Is a directory")
  }

  @Test func `progress adds up to the size of the file`() throws {
    let folder = try TemporaryFolder()
    var file = EventWriter.begun()
    for step in 1...5000 { file.scalar("loss", Int64(step), 1) }
    let path = try folder.write("events.out.tfevents.1", file.bytes)
    let total = Counter()
    _ = try EventFileContents(reading: path) { total.add($0) }
    #expect(total.value == file.bytes.count)
  }
}
