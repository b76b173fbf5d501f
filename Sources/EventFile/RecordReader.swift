/// Takes the records of a TFRecord stream.
protocol RecordSink: ~Copyable {
  /// Takes the payload, with a good checksum, of the record at `offset`.
  mutating func take(_ payload: RawSpan, at offset: Int)
  /// Takes note that the record at `offset` has a payload that does not fit its checksum.
  mutating func skip(at offset: Int, got: UInt32, want: UInt32)
  /// Takes note that the record at `offset` has a payload of more than `limit` bytes, which is passed over.
  mutating func pass(at offset: Int, length: UInt64, limit: Int)
}

/// Cuts a stream of bytes, of which more may come at any time, into records.
///
/// A record is a length of 8 bytes, the masked CRC-32C of these bytes, the payload and its masked CRC-32C, all with
/// the least significant byte first. Both checksums are checked for every record. Memory holds one piece of the
/// stream, or the one record that is longer than a piece, as far as its bytes are really there; a payload of more than
/// `longestKept` bytes is passed over.
struct RecordReader: ~Copyable {
  /// Why the reader returned.
  enum Pause: Equatable {
    /// At the end of a record, or of an empty stream.
    case atEnd
    /// Within a record that begins at `offset`, of which at least `missing` bytes are not there.
    case starved(offset: Int, missing: Int)
    /// At a fault after which nothing can be read.
    case stopped(offset: Int, ReadFault.Kind)
  }

  /// The most bytes that a payload can have: a message of protocol buffers is shorter than 2 GiB.
  static let longestPayload: UInt64 = 1 << 31
  /// The zero bytes after which reading ends: a sparse file may have a tail of terabytes.
  static let mostZeros = 1 << 24
  /// Long enough that system calls do not count, short enough to stay in the processor's nearer caches.
  static let defaultPieceSize = 1 << 16
  /// The bytes around a payload: two before it and one after it.
  static let framing = 16

  private let pieceSize: Int
  /// The most bytes of a payload that are taken into memory.
  private let longestKept: Int
  private var buffer: [UInt8]
  private var range: Range<Int>
  /// The offset of the first byte in `range` from the start of the stream.
  private(set) var offset = 0
  private var stop: Pause?
  /// The record that is being passed over: where it began, and the bytes that are left of it.
  private var passing = (start: 0, rest: 0)

  /// A reader of a stream, of which the first `count` bytes stand in `head` already.
  init(
    head: consuming [UInt8] = [], count: Int = 0, pieceSize: Int = defaultPieceSize,
    longestKept: Int = EventFileContents.usualLongestRecord
  ) {
    precondition(pieceSize >= 64 && count <= head.count)
    self.pieceSize = pieceSize
    self.longestKept = longestKept
    buffer = head
    range = 0..<count
  }

  /// The number of bytes that were read, whether they made records or not.
  var byteCount: Int { offset + range.count }

  /// Reads every record that `source` has at present.
  ///
  /// Called again after a pause that is not `stopped`, it goes on where it was.
  mutating func read<Source: ByteSource & ~Copyable, Sink: RecordSink & ~Copyable>(
    _ source: inout Source, into sink: inout Sink
  ) -> Pause {
    if let stop { return stop }
    do throws(SourceError) {
      while true {
        if passing.rest > 0 {
          guard try passOver(&source) else {
            return .starved(offset: passing.start, missing: passing.rest)
          }
        }
        let step = Self.cut(buffer, range, at: offset, longestKept, into: &sink)
        range = range.lowerBound + step.consumed..<range.upperBound
        offset += step.consumed
        if step.passed > 0 {
          passing = (offset, step.passed)
          continue
        }
        if let fault = step.fault {
          let kind = try describe(fault, &source)
          return halt(.stopped(offset: offset, kind))
        }
        makeRoom(for: step.needed)
        let count = try source.read(into: &buffer, at: range.upperBound..<buffer.count)
        guard count > 0 else {
          if range.isEmpty { return .atEnd }
          return .starved(offset: offset, missing: step.needed - range.count)
        }
        range = range.lowerBound..<range.upperBound + count
      }
    } catch {
      return halt(.stopped(offset: offset, error.kind))
    }
  }

  /// Leaves the rest of a record behind; false where some of it is not there yet.
  private mutating func passOver<Source: ByteSource & ~Copyable>(
    _ source: inout Source
  ) throws(SourceError) -> Bool {
    while true {
      let count = min(passing.rest, range.count)
      range = range.lowerBound + count..<range.upperBound
      offset += count
      passing.rest -= count
      if passing.rest == 0 { return true }
      if buffer.count < pieceSize {
        buffer.append(contentsOf: repeatElement(0, count: pieceSize - buffer.count))
      }
      let read = try source.read(into: &buffer, at: 0..<buffer.count)
      if read == 0 { return false }
      range = 0..<read
    }
  }

  private mutating func halt(_ pause: Pause) -> Pause {
    stop = pause
    return pause
  }

  // MARK: Cutting

  private struct Step {
    var consumed: Int
    /// The bytes that the next record needs, as far as that is known.
    var needed: Int
    /// The bytes of the next record, where it is to be passed over.
    var passed = 0
    var fault: ReadFault.Kind?
  }

  private static func cut<Sink: RecordSink & ~Copyable>(
    _ buffer: [UInt8], _ range: Range<Int>, at offset: Int, _ longestKept: Int, into sink: inout Sink
  ) -> Step {
    let bytes = unsafe buffer.span.bytes.extracting(range)
    var position = 0
    while true {
      // Nearly all records; what is not sound, or not all there, is looked at step by step below.
      if let count = Checksum.lengthOfSoundRecord(bytes, position), count <= longestKept {
        sink.take(bytes.extracting(position + 12..<position + 12 + count), at: offset + position)
        position += count + framing
        continue
      }
      let remaining = bytes.byteCount - position
      guard remaining >= 12 else { return Step(consumed: position, needed: 12) }
      let length = UInt64(
        littleEndian: unsafe bytes.unsafeLoadUnaligned(fromByteOffset: position, as: UInt64.self))
      let want = UInt32(
        littleEndian: unsafe bytes.unsafeLoadUnaligned(fromByteOffset: position + 8, as: UInt32.self))
      let got = Checksum.masked(bytes, position, 8)
      guard got == want else {
        return Step(consumed: position, needed: 0, fault: .lengthChecksum(got: got, want: want))
      }
      guard length < longestPayload else {
        return Step(consumed: position, needed: 0, fault: .recordTooLong(length: length))
      }
      let count = Int(length)
      guard count <= longestKept else {
        sink.pass(at: offset + position, length: length, limit: longestKept)
        return Step(consumed: position, needed: 0, passed: count + framing)
      }
      guard remaining >= count + framing else { return Step(consumed: position, needed: count + framing) }
      let payloadWant = UInt32(
        littleEndian: unsafe bytes.unsafeLoadUnaligned(fromByteOffset: position + 12 + count, as: UInt32.self)
      )
      let payloadGot = Checksum.masked(bytes, position + 12, count)
      if payloadGot == payloadWant {
        sink.take(bytes.extracting(position + 12..<position + 12 + count), at: offset + position)
      } else {
        sink.skip(at: offset + position, got: payloadGot, want: payloadWant)
      }
      position += count + framing
    }
  }

  // MARK: The buffer

  /// Keeps no more memory than for what is left.
  mutating func shrink() {
    buffer = Array(buffer[range])
    range = 0..<buffer.count
  }

  /// Moves what is left to the start, and makes the buffer longer where a record needs it and its bytes fill it.
  private mutating func makeRoom(for needed: Int) {
    if range.lowerBound > 0 {
      if buffer.count > 4 * pieceSize && max(needed, range.count) <= pieceSize {
        buffer = Array(buffer[range])
        buffer.append(contentsOf: repeatElement(0, count: pieceSize - buffer.count))
      } else {
        let moved = range
        unsafe buffer.withUnsafeMutableBytes { bytes in
          unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[..<moved.count]).copyMemory(
            from: UnsafeRawBufferPointer(rebasing: bytes[moved]))
        }
      }
      range = 0..<range.count
    }
    // Twice as long at most: a length that lies costs no more memory than the bytes that are there.
    if range.upperBound == buffer.count {
      let longer = max(pieceSize, min(max(needed, buffer.count + 1), 2 * buffer.count))
      buffer.append(contentsOf: repeatElement(0, count: longer - buffer.count))
    }
  }

  // MARK: Naming a fault

  /// Says what stands at the fault: a length checksum of zero over a length of zero begins a tail of zeros.
  private mutating func describe<Source: ByteSource & ~Copyable>(
    _ fault: ReadFault.Kind, _ source: inout Source
  ) throws(SourceError) -> ReadFault.Kind {
    guard case .lengthChecksum(_, want: 0) = fault else { return fault }
    var count = 0
    while true {
      guard buffer[range].allSatisfy({ $0 == 0 }) else { return fault }
      count += range.count
      if count >= Self.mostZeros { return .zeroBytes(atLeast: count) }
      let read = try source.read(into: &buffer, at: 0..<buffer.count)
      if read == 0 { return .zeroFilledTail(count: count) }
      range = 0..<read
    }
  }
}
