import FileSystem
import TestSupport
import Testing

@testable import EventFile

/// Files that grow, shrink and are replaced between two readings.
struct FollowedEventFilesTests {
  private let folder: TemporaryFolder
  private let followed = FollowedEventFiles()
  private static let name = "events.out.tfevents.1"

  init() throws { folder = try TemporaryFolder() }

  private static func file(_ steps: ClosedRange<Int64>, tag: String = "loss") -> EventWriter {
    var file = EventWriter.begun()
    for step in steps { file.scalar(tag, step, Float(step)) }
    return file
  }

  /// Appends to the file, which is made where it is missing.
  private func append(_ bytes: some Collection<UInt8>, to name: String = name) throws {
    try FileDescriptor(appending: folder.file(name)).write(Array(bytes))
  }

  /// Reads the file, and holds what it says against reading it from its start; the bytes that were read.
  @discardableResult
  private func read(_ name: String = name) throws -> (contents: EventFileContents, byteCount: Int) {
    let before = followed.byteCount
    let contents = try followed.contents(of: folder.file(name))
    #expect(try contents == EventFileContents(reading: folder.file(name)))
    return (contents, followed.byteCount - before)
  }

  @Test func `of a file that grows by whole records only these are read`() throws {
    let file = Self.file(1...3000)
    let cuts = [file.offsets[1000], file.offsets[1001], file.offsets[2500], file.bytes.count]
    var start = 0
    for cut in cuts {
      try append(file.bytes[start..<cut])
      #expect(try read().byteCount == cut - start)
      start = cut
    }
    #expect(try read() == (EventFileContents(reading: folder.file(Self.name)), 0))
    #expect(try read().contents.series.first?.count == 3000)
  }

  @Test func `half a record waits for its other half, whatever the half`() throws {
    let file = Self.file(1...4)
    var start = 0
    for cut in 1...file.bytes.count {
      try append(file.bytes[start..<cut])
      start = cut
      #expect(try read().byteCount == 1)
    }
    #expect(try read().contents.ending == .complete)
  }

  @Test func `a record that is passed over may come in pieces`() throws {
    var file = EventWriter.begun()
    file.add(Array(repeating: 7, count: 200_000))
    file.scalar("loss", 1, 2)
    var start = 0
    for cut in [100, 50_000, 120_000, file.offsets[2], file.bytes.count] {
      try append(file.bytes[start..<cut])
      start = cut
      let contents = try followed.contents(of: folder.file(Self.name), longestRecord: 1000)
      #expect(
        try contents == EventFileContents(reading: folder.file(Self.name), longestRecord: 1000), "\(cut)")
    }
    #expect(followed.byteCount == file.bytes.count)
  }

  @Test func `a file that another one took the place of is read from its start`() throws {
    let (old, new) = (Self.file(1...100), Self.file(50...400, tag: "train/loss"))
    try folder.write(Self.name, old.bytes)
    try read()
    // By its name, longer than the old one.
    try folder.write("new", new.bytes)
    try Files.rename(folder.file("new"), to: folder.file(Self.name))
    #expect(try read().byteCount == new.bytes.count)
    // In its place: shorter, and then longer with other bytes.
    try folder.write(Self.name, old.bytes)
    #expect(try read().byteCount == old.bytes.count)
    try folder.write(Self.name, new.bytes)
    #expect(try read().byteCount == new.bytes.count)
    #expect(try read().contents.series.map(\.tag) == ["train/loss"])
  }

  @Test func `the same bytes written again with more behind them are no other file`() throws {
    let file = Self.file(1...1000)
    let cut = file.offsets[600] + 7
    try folder.write(Self.name, Array(file.bytes[..<cut]))
    try read()
    try folder.write(Self.name, file.bytes)
    #expect(try read().byteCount == file.bytes.count - cut)
  }

  @Test func `a file that could not be read on is read again once it was written to`() throws {
    let file = Self.file(1...10)
    // As a network's file system shows a write of which only the length has arrived.
    try folder.write(Self.name, file.bytes[..<file.offsets[5]] + [UInt8](repeating: 0, count: 40))
    let ending = try read().contents.ending
    #expect(ending == .unreadable(offset: file.offsets[5]))
    try folder.write(Self.name, file.bytes)
    #expect(try read().contents.series.first?.count == 10)
  }

  @Test func `a compressed file goes on within its stream`() throws {
    let file = Self.file(1...2000)
    let bytes = CompressionTests.gzip(file.bytes)
    var start = 0
    for cut in [5, 40, 20_000, 20_001, bytes.count] {
      try append(bytes[start..<cut])
      #expect(try read().byteCount == cut - start)
      start = cut
    }
    #expect(try read().contents.series.first?.count == 2000)
    // Another member behind the first.
    let more = CompressionTests.gzip(Array(Self.file(2001...2010).bytes))
    try append(more)
    #expect(try read().byteCount == more.count)
    #expect(try read().contents.series.first?.count == 2010)
  }

  @Test func `files come and go, and those that are gone are forgotten`() throws {
    try append(Self.file(1...10).bytes, to: "a")
    try append(Self.file(1...20).bytes, to: "b")
    #expect(try read("a").byteCount > 0 && read("b").byteCount > 0)
    followed.keep([folder.file("b")])
    #expect(try read("a").byteCount > 0 && read("b").byteCount == 0)
    try Files.remove(folder.file("a"))
    #expect(throws: SystemError.self) { try followed.contents(of: folder.file("a")) }
    try append(Self.file(1...5).bytes, to: "a")
    #expect(try read("a").contents.series.first?.count == 5)
  }

  @Test func `more files are followed than may be open`() throws {
    let bytes = Self.file(1...3).bytes
    for number in 0..<1500 { try append(bytes, to: "\(number)") }
    for number in 0..<1500 { _ = try followed.contents(of: folder.file("\(number)")) }
    for number in 0..<1500 {
      var file = EventWriter()
      file.scalar("loss", 4, 4)
      try append(file.bytes, to: "\(number)")
    }
    for number in 0..<1500 {
      #expect(try followed.contents(of: folder.file("\(number)")).series.first?.count == 4)
    }
  }
}
