/// The fields of a message in protocol buffers, as far as it is one.
struct ProtobufMessage {
  /// The fields, in their order.
  var fields: [Field]

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

  /// The fields in `bytes`, up to the first place that is none.
  init(_ bytes: some RandomAccessCollection<UInt8>) {
    fields = []
    var rest = ArraySlice(Array(bytes))
    while let key = Self.varint(&rest) {
      var field = Field(number: key >> 3)
      switch key & 7 {
      case 0:
        guard let value = Self.varint(&rest) else { return }
        field.varint = value
      case 1, 5:
        let count = key & 7 == 1 ? 8 : 4
        guard rest.count >= count else { return }
        field.fixed = rest.prefix(count).reversed().reduce(0) { $0 << 8 | UInt64($1) }
        rest = rest.dropFirst(count)
      case 2:
        guard let length = Self.varint(&rest), let count = Int(exactly: length), count <= rest.count else {
          return
        }
        field.bytes = rest.prefix(count)
        rest = rest.dropFirst(count)
      default: return
      }
      fields.append(field)
    }
  }

  private static func varint(_ bytes: inout ArraySlice<UInt8>) -> UInt64? {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 70, by: 7) {
      guard let byte = bytes.popFirst() else { return nil }
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
