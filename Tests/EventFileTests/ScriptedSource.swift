@testable import EventFile

/// A source that gives its bytes in the pieces of a script; an empty piece is an end for now, behind which the file
/// may have grown.
struct ScriptedSource: ByteSource {
  private var pieces: ArraySlice<[UInt8]>

  init(_ pieces: [[UInt8]]) {
    self.pieces = pieces[...]
  }

  mutating func read(into buffer: inout [UInt8], at range: Range<Int>) throws(SourceError) -> Int {
    guard let piece = pieces.first else { return 0 }
    let count = min(piece.count, range.count)
    buffer.replaceSubrange(range.prefix(count), with: piece.prefix(count))
    pieces.removeFirst()
    if count < piece.count { pieces.insert(Array(piece.dropFirst(count)), at: pieces.startIndex) }
    return count
  }
}

/// Keeps what a record reader gives it.
struct RecordLog: RecordSink {
  struct Entry: Equatable {
    var offset: Int
    var payload: [UInt8]
  }

  var records: [Entry] = []
  var skipped: [Int] = []
  var passed: [Int] = []

  mutating func take(_ payload: RawSpan, at offset: Int) {
    records.append(Entry(offset: offset, payload: unsafe payload.withUnsafeBytes { unsafe Array($0) }))
  }

  mutating func skip(at offset: Int, got: UInt32, want: UInt32) {
    skipped.append(offset)
  }

  mutating func pass(at offset: Int, length: UInt64, limit: Int) {
    passed.append(offset)
  }
}
