internal import FileSystem

/// Finds records again by their offsets.
///
/// In a plain file each is read from its place. A compressed stream has no places: it is read on from where it stands,
/// so that offsets must not fall.
struct RecordLookup: ~Copyable {
  /// Why there is no such record.
  struct Failure: Error {
    var reason: String
  }

  private var file: FileDescriptor?
  private var stream: FileSource?
  /// How much of the stream was read.
  private var position = 0
  private var buffer = [UInt8](repeating: 0, count: RecordReader.defaultPieceSize)
  /// The offset and the length of the record that stands in `buffer`.
  private var current: (offset: Int, count: Int)?

  /// A lookup in the file at `path`.
  init(path: String) throws(SystemError) {
    let descriptor = try FileDescriptor(reading: path)
    var head = [UInt8](repeating: 0, count: FileSignature.length)
    let count = try descriptor.read(into: &head, at: 0..<head.count, offset: 0)
    guard FileSignature.isCompressed(head[..<count]) else {
      file = consume descriptor
      return
    }
    var source = FileSource(consume descriptor)
    do throws(SourceError) {
      try source.inflate([UInt8](repeating: 0, count: RecordReader.defaultPieceSize), 0)
    } catch {
      // Said when the first record is asked for.
    }
    stream = consume source
  }

  /// Gives the payload of the record at `offset` to `body`.
  mutating func withPayload<Result>(
    at offset: Int, _ body: (RawSpan) -> Result
  ) throws(Failure) -> Result {
    let count = try load(offset)
    return unsafe body(buffer.span.bytes.extracting(12..<12 + count))
  }

  /// Reads the record at `offset` into the buffer; its length.
  private mutating func load(_ offset: Int) throws(Failure) -> Int {
    if let current, current.offset == offset { return current.count }
    current = nil
    if stream != nil { try skip(to: offset) }
    let first = try read(0, atLeast: 12, from: offset)
    let (length, sum) = unsafe (
      buffer.span.bytes.unsafeLoadUnaligned(fromByteOffset: 0, as: UInt64.self).littleEndian,
      buffer.span.bytes.unsafeLoadUnaligned(fromByteOffset: 8, as: UInt32.self).littleEndian
    )
    guard unsafe Checksum.masked(buffer.span.bytes, 0, 8) == sum, length < RecordReader.longestPayload else {
      throw Failure(reason: "no record stands there any more")
    }
    let count = Int(length)
    let whole = count + RecordReader.framing
    if buffer.count < whole { buffer.append(contentsOf: repeatElement(0, count: whole - buffer.count)) }
    _ = try read(first, atLeast: whole, from: offset)
    let stored = unsafe buffer.span.bytes
      .unsafeLoadUnaligned(fromByteOffset: 12 + count, as: UInt32.self).littleEndian
    guard unsafe Checksum.masked(buffer.span.bytes, 12, count) == stored else {
      throw Failure(reason: "its record has another checksum now")
    }
    current = (offset, count)
    return count
  }

  /// Fills the buffer, which holds `have` bytes of the record at `offset`, to at least `want`; how many it then holds.
  private mutating func read(_ have: Int, atLeast want: Int, from offset: Int) throws(Failure) -> Int {
    var have = have
    while have < want {
      // A stream must not be read beyond the record, a file may: most records fit into one piece.
      let end = stream == nil ? min(buffer.count, max(want, 4096)) : want
      let count = try readPiece(have..<end, from: offset)
      if count == 0 { throw Failure(reason: "the file ends before its record does") }
      have += count
    }
    return have
  }

  private mutating func readPiece(_ range: Range<Int>, from offset: Int) throws(Failure) -> Int {
    do {
      if let count = try stream?.read(into: &buffer, at: range) {
        position += count
        return count
      }
      return try file?.read(into: &buffer, at: range, offset: offset + range.lowerBound) ?? 0
    } catch let error as SourceError {
      throw Failure(reason: error.kind.description)
    } catch {
      throw Failure(reason: "\(error)")
    }
  }

  private mutating func skip(to offset: Int) throws(Failure) {
    while position < offset {
      let count = try readPiece(0..<min(buffer.count, offset - position), from: 0)
      if count == 0 { throw Failure(reason: "the stream ends before its record") }
    }
    guard position == offset else { throw Failure(reason: "its record lies behind what was read") }
  }
}
