/// A read position in borrowed bytes, which never passes their end.
///
/// The reader cannot be copied, so that no two places read the same bytes by accident, and cannot outlive the
/// bytes. Every read returns nil, and leaves the position where it was, when too few bytes remain.
@frozen
public struct ByteReader: ~Copyable, ~Escapable {
  /// The bytes that are read.
  public let bytes: RawSpan
  /// The offset of the next byte from the start of `bytes`; at most `bytes.byteCount`.
  @usableFromInline internal var offset: Int

  /// A reader at the start of `bytes`.
  @inlinable
  @_lifetime(copy bytes)
  public init(_ bytes: RawSpan) {
    self.bytes = bytes
    self.offset = 0
  }

  /// The offset of the next byte from the start of `bytes`.
  @inlinable
  public var position: Int { offset }

  /// The number of bytes from the position to the end.
  @inlinable
  public var remaining: Int { bytes.byteCount &- offset }

  /// Whether the position is at the end.
  @inlinable
  public var isAtEnd: Bool { offset == bytes.byteCount }

  /// Moves to `position`, or returns false where that is outside of the bytes.
  @inlinable
  @_lifetime(self: copy self)
  public mutating func seek(to position: Int) -> Bool {
    guard position >= 0, position <= bytes.byteCount else { return false }
    offset = position
    return true
  }

  /// Passes over `count` bytes, or returns false where fewer remain.
  @inlinable
  @_lifetime(self: copy self)
  public mutating func skip(_ count: Int) -> Bool {
    guard count >= 0, count <= remaining else { return false }
    offset &+= count
    return true
  }

  /// The next `count` bytes, where so many remain.
  @inlinable
  @_lifetime(copy self)
  @_lifetime(self: copy self)
  public mutating func take(_ count: Int) -> RawSpan? {
    guard count >= 0, count <= remaining else { return nil }
    let start = offset
    offset &+= count
    return bytes.extracting(start..<start &+ count)
  }

  /// The next byte, without passing over it.
  @inlinable
  public func peek() -> UInt8? {
    guard offset < bytes.byteCount else { return nil }
    return unsafe bytes.unsafeLoad(fromByteOffset: offset, as: UInt8.self)
  }

  /// The next byte.
  @inlinable
  @_lifetime(self: copy self)
  public mutating func byte() -> UInt8? {
    guard offset < bytes.byteCount else { return nil }
    defer { offset &+= 1 }
    return unsafe bytes.unsafeLoad(fromByteOffset: offset, as: UInt8.self)
  }

  /// The next integer, stored with its least significant byte first.
  @inlinable
  @_lifetime(self: copy self)
  public mutating func littleEndian<Value: FixedWidthInteger & BitwiseCopyable>(_: Value.Type) -> Value? {
    let size = MemoryLayout<Value>.size
    guard size <= remaining else { return nil }
    defer { offset &+= size }
    return Value(littleEndian: unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: Value.self))
  }

  /// The next base-128 varint of at most ten bytes, as protocol buffers store it; bits past the 64th are dropped.
  @inlinable
  @_lifetime(self: copy self)
  public mutating func varint() -> UInt64? {
    // Most varints of an event (keys, short lengths) have one byte.
    guard let first = byte() else { return nil }
    if first < 0x80 { return UInt64(first) }
    let start = offset &- 1
    var value = UInt64(first & 0x7f)
    var shift: UInt64 = 7
    while shift < 70, let next = byte() {
      value |= UInt64(next & 0x7f) &<< shift
      if next < 0x80 { return value }
      shift &+= 7
    }
    offset = start
    return nil
  }
}
