/// The fields of a message in protocol buffers, one after another, up to the first place that is none.
///
/// They are found as they are asked for, so that a message of many small fields takes no more memory than its bytes.
struct ProtobufMessage: Sequence, IteratorProtocol {
  private var rest: ArraySlice<UInt8>

  /// The message in `bytes`.
  init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

  /// A field by its number.
  struct Field {
    var number: UInt64
    /// The value of a field of whole numbers.
    var varint: UInt64 = 0
    /// The bits of a field of a fixed width.
    var fixed: UInt64 = 0
    /// The bytes of a field of bytes.
    var bytes: ArraySlice<UInt8> = []

    /// The bytes as a text.
    var text: String { String(decoding: bytes, as: UTF8.self) }
    /// The bytes as a message.
    var message: ProtobufMessage { ProtobufMessage(bytes) }
  }

  mutating func next() -> Field? {
    guard let key = varint() else { return nil }
    var field = Field(number: key >> 3)
    switch key & 7 {
    case 0:
      guard let value = varint() else { return nil }
      field.varint = value
    case 1, 5:
      guard let bytes = take(key & 7 == 1 ? 8 : 4) else { return nil }
      field.fixed = bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    case 2:
      guard let length = varint(), let count = Int(exactly: length), let bytes = take(count) else {
        return nil
      }
      field.bytes = bytes
    default: return nil
    }
    return field
  }

  private mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
    guard count <= rest.count else { return nil }
    defer { rest = rest.dropFirst(count) }
    return rest.prefix(count)
  }

  private mutating func varint() -> UInt64? {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 70, by: 7) {
      guard let byte = rest.popFirst() else { return nil }
      value |= UInt64(byte & 0x7f) &<< shift
      if byte < 0x80 { return value }
    }
    return nil
  }
}

/// The checksum of ZIP and PNG, IEEE 802.3's.
enum CRC32 {
  private static let table: [UInt32] = (0..<256).map { index in
    (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? value >> 1 ^ 0xedb8_8320 : value >> 1 }
  }

  /// The checksum of `first` and `bytes` behind it.
  static func sum(of bytes: ArraySlice<UInt8>, after first: UInt8) -> UInt32 {
    var value: UInt32 = 0xffff_ffff
    value = table[Int(UInt8(truncatingIfNeeded: value) ^ first)] ^ value >> 8
    for byte in bytes { value = table[Int(UInt8(truncatingIfNeeded: value) ^ byte)] ^ value >> 8 }
    return ~value
  }
}
