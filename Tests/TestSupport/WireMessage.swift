/// A message of protocol buffers, written field by field.
public struct WireMessage: Equatable, Sendable {
  /// The bytes of the fields so far.
  public var bytes: [UInt8] = []

  /// A message without fields.
  public init() {}

  /// A base-128 varint.
  public static func varint(_ value: UInt64) -> [UInt8] {
    var rest = value
    var bytes: [UInt8] = []
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    return bytes + [UInt8(rest)]
  }

  /// The same with a varint field.
  public func varint(_ field: UInt64, _ value: some FixedWidthInteger) -> WireMessage {
    appending(field << 3, Self.varint(UInt64(truncatingIfNeeded: Int64(truncatingIfNeeded: value))))
  }

  /// The same with a field of 64 bits.
  public func double(_ field: UInt64, _ value: Double) -> WireMessage {
    appending(field << 3 | 1, littleEndian(value.bitPattern))
  }

  /// The same with a field of 32 bits.
  public func float(_ field: UInt64, _ value: Float) -> WireMessage {
    appending(field << 3 | 5, littleEndian(value.bitPattern))
  }

  /// The same with a field of bytes.
  public func bytes(_ field: UInt64, _ value: [UInt8]) -> WireMessage {
    appending(field << 3 | 2, Self.varint(UInt64(value.count)) + value)
  }

  /// The same with a field of text.
  public func text(_ field: UInt64, _ value: String) -> WireMessage { bytes(field, Array(value.utf8)) }

  /// The same with a field that is a message.
  public func message(_ field: UInt64, _ value: WireMessage) -> WireMessage { bytes(field, value.bytes) }

  private func appending(_ key: UInt64, _ value: [UInt8]) -> WireMessage {
    var result = self
    result.bytes += Self.varint(key) + value
    return result
  }
}

/// The bytes of `value`, the least significant first.
public func littleEndian<Value: FixedWidthInteger>(_ value: Value) -> [UInt8] {
  (0..<Value.bitWidth / 8).map { UInt8(truncatingIfNeeded: value >> Value($0 * 8)) }
}
