internal import Bytes

/// Walks the wire of an event and finds its parts without decoding them.
///
/// It knows the messages as all writers write them: every field at most once, of its own wire type. Anything else
/// is left to libprotobuf-c, whose reading of such a message then counts. A test holds both against each other.
struct EventScanner {
  /// A part of the payload.
  struct Slice: Equatable {
    var start: Int
    var count: Int
    static let none = Slice(start: 0, count: -1)
    var isPresent: Bool { count >= 0 }
  }

  /// What kind of data a value holds.
  enum Content: Equatable {
    case none, simple, oldHistogram, image, histogram, audio, tensor
  }

  /// A value of a summary.
  struct Value {
    var tag = Slice.none
    var metadata = Slice.none
    var content = Content.none
    /// The bytes of a message, where `content` is one.
    var body = Slice.none
    var simple: Float = 0
  }

  /// What the event holds beside its values, as the number of its field; 0 for nothing.
  private(set) var what: UInt64 = 0
  /// The bytes of `what`.
  private(set) var body = Slice.none
  private(set) var sourceMetadata = Slice.none
  private(set) var wallTime = 0.0
  private(set) var step: Int64 = 0
  private(set) var values: [Value] = []

  /// Finds the parts of the event in `payload`, or returns false where the message is not of the usual form.
  mutating func scan(_ payload: RawSpan) -> Bool {
    what = 0
    body = .none
    sourceMetadata = .none
    wallTime = 0
    step = 0
    values.removeAll(keepingCapacity: true)
    var reader = ByteReader(payload)
    var seen: UInt64 = 0
    while !reader.isAtEnd {
      guard let key = reader.varint() else { return false }
      let field = key >> 3
      guard field > 0, field < 64, seen & (1 << field) == 0 else { return false }
      seen |= 1 << field
      switch key {
      case Key.bits64(1):
        guard let bits = reader.littleEndian(UInt64.self) else { return false }
        wallTime = Double(bitPattern: bits)
      case Key.varint(2):
        guard let value = reader.varint() else { return false }
        step = Int64(bitPattern: value)
      case Key.bytes(3), Key.bytes(4), Key.bytes(5), Key.bytes(6), Key.bytes(7), Key.bytes(8), Key.bytes(9):
        // These exclude one another.
        guard what == 0, let slice = Self.slice(&reader) else { return false }
        what = field
        body = slice
      case Key.bytes(10):
        guard let slice = Self.slice(&reader) else { return false }
        sourceMetadata = slice
      default: return false
      }
    }
    return what == 5 ? scanSummary(payload) : true
  }

  private mutating func scanSummary(_ payload: RawSpan) -> Bool {
    var reader = ByteReader(payload.extracting(0..<body.start + body.count))
    guard reader.skip(body.start) else { return false }
    while !reader.isAtEnd {
      guard reader.varint() == Key.bytes(1), let slice = Self.slice(&reader) else { return false }
      let end = slice.start + slice.count
      var inner = ByteReader(payload.extracting(0..<end))
      guard inner.skip(slice.start), let value = Self.value(&inner) else { return false }
      values.append(value)
    }
    return true
  }

  @inline(__always)
  private static func value(_ reader: inout ByteReader) -> Value? {
    var value = Value()
    while !reader.isAtEnd {
      guard let key = reader.varint() else { return nil }
      switch key {
      case Key.bytes(1):
        guard !value.tag.isPresent, let tag = slice(&reader) else { return nil }
        value.tag = tag
      case Key.bits32(2):
        guard value.content == .none, let bits = reader.littleEndian(UInt32.self) else { return nil }
        value.content = .simple
        value.simple = Float(bitPattern: bits)
      case Key.bytes(3), Key.bytes(4), Key.bytes(5), Key.bytes(6), Key.bytes(8):
        guard value.content == .none, let body = slice(&reader) else { return nil }
        value.content =
          switch key {
          case Key.bytes(3): .oldHistogram
          case Key.bytes(4): .image
          case Key.bytes(5): .histogram
          case Key.bytes(6): .audio
          default: .tensor
          }
        value.body = body
      case Key.bytes(7):
        guard slice(&reader) != nil else { return nil }
      case Key.bytes(9):
        guard !value.metadata.isPresent, let metadata = slice(&reader) else { return nil }
        value.metadata = metadata
      default: return nil
      }
    }
    // A tag that is not there reads as an empty one.
    if !value.tag.isPresent { value.tag = Slice(start: 0, count: 0) }
    return value
  }

  @inline(__always)
  private static func slice(_ reader: inout ByteReader) -> Slice? {
    guard let length = reader.varint(), let count = Int(exactly: length) else { return nil }
    let start = reader.position
    guard reader.skip(count) else { return nil }
    return Slice(start: start, count: count)
  }
}

/// The keys of fields on the wire: the field's number and how its bytes are laid out.
enum Key {
  @inline(__always) static func varint(_ field: UInt64) -> UInt64 { field << 3 }
  @inline(__always) static func bits64(_ field: UInt64) -> UInt64 { field << 3 | 1 }
  @inline(__always) static func bytes(_ field: UInt64) -> UInt64 { field << 3 | 2 }
  @inline(__always) static func bits32(_ field: UInt64) -> UInt64 { field << 3 | 5 }
}

extension RawSpan {
  /// The bytes of `slice`.
  @_lifetime(copy self)
  func extracting(_ slice: EventScanner.Slice) -> RawSpan {
    extracting(slice.start..<slice.start + slice.count)
  }
}
