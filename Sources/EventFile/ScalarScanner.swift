internal import Bytes

/// Reads the one number of a tensor from the wire, for tensors as writers write scalars.
///
/// Types, shapes and fields that it does not know are left to libprotobuf-c.
enum ScalarScanner {
  /// What a tensor turned out to be.
  enum Outcome: Equatable {
    /// One number.
    case scalar(Double)
    /// Strings.
    case strings
    /// Something that this scanner does not read.
    case unusual
  }

  /// Reads the tensor in `bytes`.
  static func scan(_ bytes: RawSpan) -> Outcome {
    var reader = ByteReader(bytes)
    var type: UInt64 = 0
    var value: Bits?
    var seen: UInt64 = 0
    while !reader.isAtEnd {
      guard let key = reader.varint() else { return .unusual }
      let field = key >> 3
      guard field > 0, field < 64, seen & (1 << field) == 0 else { return .unusual }
      seen |= 1 << field
      switch key {
      case Key.varint(1):
        guard let number = reader.varint() else { return .unusual }
        type = number
        // The field goes first: nothing else of a tensor of strings is looked at here.
        if type == UInt64(TensorElementType.string.rawValue) { return .strings }
      case Key.bytes(2):
        guard let shape = slice(&reader), isOneElement(shape) else { return .unusual }
      case Key.varint(3):
        guard reader.varint() != nil else { return .unusual }
      case Key.bytes(4), Key.bytes(5), Key.bytes(6), Key.bytes(7), Key.bytes(10), Key.bytes(11),
        Key.bytes(13):
        guard value == nil, let content = slice(&reader), let bits = Bits(field: field, content) else {
          return .unusual
        }
        value = bits
      case Key.bits32(5):
        guard value == nil, let bits = reader.littleEndian(UInt32.self) else { return .unusual }
        value = Bits(field: 5, count: 4, raw: UInt64(bits))
      case Key.bits64(6):
        guard value == nil, let bits = reader.littleEndian(UInt64.self) else { return .unusual }
        value = Bits(field: 6, count: 8, raw: bits)
      default: return .unusual
      }
    }
    guard let value, let number = value.number(type) else { return .unusual }
    return .scalar(number)
  }

  /// The bits of one element and the field they stood in.
  private struct Bits {
    var field: UInt64
    var count: Int
    var raw: UInt64

    init(field: UInt64, count: Int, raw: UInt64) {
      self.field = field
      self.count = count
      self.raw = raw
    }

    /// The content of a field of bytes or of packed numbers, where it is one element.
    init?(field: UInt64, _ content: RawSpan) {
      self.field = field
      count = content.byteCount
      switch (field, count) {
      case (4, 4), (5, 4):
        raw = UInt64(unsafe content.unsafeLoadUnaligned(fromByteOffset: 0, as: UInt32.self).littleEndian)
      case (4, 8), (6, 8):
        raw = unsafe content.unsafeLoadUnaligned(fromByteOffset: 0, as: UInt64.self).littleEndian
      case (7, _), (10, _), (11, _), (13, _):
        var reader = ByteReader(content)
        guard let value = reader.varint(), reader.isAtEnd else { return nil }
        raw = value
      default: return nil
      }
    }

    /// The number, where the field is one that holds the type.
    func number(_ type: UInt64) -> Double? {
      switch (TensorElementType(rawValue: Int32(clamping: type)), field, count) {
      case (.float, 4, 4), (.float, 5, _): Double(Float(bitPattern: UInt32(truncatingIfNeeded: raw)))
      case (.double, 4, 8), (.double, 6, _): Double(bitPattern: raw)
      case (.int32, 4, 4), (.int32, 7, _): Double(Int32(truncatingIfNeeded: raw))
      case (.int64, 4, 8), (.int64, 10, _): Double(Int64(bitPattern: raw))
      default: nil
      }
    }
  }

  private static func isOneElement(_ shape: RawSpan) -> Bool {
    var reader = ByteReader(shape)
    while !reader.isAtEnd {
      guard reader.varint() == Key.bytes(2), let dimension = slice(&reader) else { return false }
      var inner = ByteReader(dimension)
      guard inner.varint() == Key.varint(1), inner.varint() == 1, inner.isAtEnd else { return false }
    }
    return true
  }

  @_lifetime(copy reader)
  @inline(__always)
  private static func slice(_ reader: inout ByteReader) -> RawSpan? {
    guard let length = reader.varint(), let count = Int(exactly: length) else { return nil }
    return reader.take(count)
  }
}
