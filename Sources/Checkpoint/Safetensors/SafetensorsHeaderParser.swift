internal import Bytes
internal import JSON

/// One pass over the JSON of a safetensors header, which builds nothing but what the header is for.
///
/// RFC 8259 as `serde_json` reads it: at most 128 levels, whole numbers only where a count stands, no lone
/// surrogates. What a tensor holds beyond its three fields is passed over.
struct SafetensorsHeaderParser: ~Copyable, ~Escapable {
  static let depthLimit = 128

  /// A tensor as the header tells it, sizes unchecked.
  struct Entry {
    var name: String
    var elementType: ElementType
    var shape: [UInt64]
    var begin: UInt64
    var end: UInt64
    /// Where the name stands in the JSON.
    var position: Int
  }

  private var reader: ByteReader
  private let path: String

  @_lifetime(copy text)
  init(_ text: RawSpan, path: String) {
    reader = ByteReader(text)
    self.path = path
  }

  /// Reads the whole header.
  @_lifetime(self: copy self)
  mutating func document() throws(CheckpointError) -> ([Entry], [Checkpoint.MetadataEntry]) {
    var entries: [Entry] = []
    var metadata: [Checkpoint.MetadataEntry]?
    var hasMetadata = false
    reader.skipSpace()
    try open(UInt8(ascii: "{"), "an object", "as the header")
    if !reader.accept(UInt8(ascii: "}")) {
      repeat {
        reader.skipSpace()
        let position = reader.position
        let name = try key()
        if name == "__metadata__" {
          guard !hasMetadata else {
            throw structure(.duplicateField("__metadata__", tensor: ""), at: position)
          }
          hasMetadata = true
          metadata = try metadataEntries()
        } else {
          entries.append(try tensor(name, at: position))
        }
      } while reader.accept(UInt8(ascii: ","))
      try close(UInt8(ascii: "}"))
    }
    reader.skipSpace()
    guard reader.isAtEnd else { throw notJSON(.trailingText) }
    return (entries, metadata ?? [])
  }

  // MARK: The parts of a header

  @_lifetime(self: copy self)
  private mutating func metadataEntries() throws(CheckpointError) -> [Checkpoint.MetadataEntry]? {
    reader.skipSpace()
    if reader.peek() == UInt8(ascii: "n") {
      try word("null")
      return nil
    }
    var entries: [Checkpoint.MetadataEntry] = []
    try open(UInt8(ascii: "{"), "an object of texts", "as __metadata__")
    if reader.accept(UInt8(ascii: "}")) { return entries }
    repeat {
      reader.skipSpace()
      let key = try key()
      reader.skipSpace()
      guard reader.peek() == UInt8(ascii: "\"") else {
        throw structure(.expected("a text", at: "as \"\(key)\" of __metadata__"), at: reader.position)
      }
      entries.append(.init(key, try string()))
    } while reader.accept(UInt8(ascii: ","))
    try close(UInt8(ascii: "}"))
    return entries
  }

  /// The fields of a tensor, as an object, or as an array in the order dtype, shape, data_offsets.
  private struct Fields {
    var elementType: ElementType?
    var shape: [UInt64]?
    var offsets: (begin: UInt64, end: UInt64)?
  }

  @_lifetime(self: copy self)
  private mutating func tensor(_ name: String, at position: Int) throws(CheckpointError) -> Entry {
    var fields = Fields()
    reader.skipSpace()
    if reader.peek() == UInt8(ascii: "[") {
      _ = reader.skip(1)
      fields.elementType = try elementType(of: name)
      try comma(name)
      fields.shape = try counts(of: name)
      try comma(name)
      fields.offsets = try offsets(of: name)
      try close(UInt8(ascii: "]"))
    } else {
      try open(UInt8(ascii: "{"), "an object", "as tensor \"\(name)\"")
      if !reader.accept(UInt8(ascii: "}")) {
        repeat { try field(of: name, into: &fields) } while reader.accept(UInt8(ascii: ","))
        try close(UInt8(ascii: "}"))
      }
    }
    guard let elementType = fields.elementType else { throw missing("dtype", name, position) }
    guard let shape = fields.shape else { throw missing("shape", name, position) }
    guard let offsets = fields.offsets else { throw missing("data_offsets", name, position) }
    return Entry(
      name: name, elementType: elementType, shape: shape, begin: offsets.begin, end: offsets.end,
      position: position)
  }

  @_lifetime(self: copy self)
  private mutating func field(of name: String, into fields: inout Fields) throws(CheckpointError) {
    reader.skipSpace()
    let position = reader.position
    let key = try key()
    var isDuplicate = false
    switch key {
    case "dtype":
      isDuplicate = fields.elementType != nil
      if !isDuplicate { fields.elementType = try elementType(of: name) }
    case "shape":
      isDuplicate = fields.shape != nil
      if !isDuplicate { fields.shape = try counts(of: name) }
    case "data_offsets":
      isDuplicate = fields.offsets != nil
      if !isDuplicate { fields.offsets = try offsets(of: name) }
    default: try skipValue(depth: 2)
    }
    if isDuplicate { throw structure(.duplicateField(key, tensor: name), at: position) }
  }

  @_lifetime(self: copy self)
  private mutating func elementType(of name: String) throws(CheckpointError) -> ElementType {
    reader.skipSpace()
    let position = reader.position
    guard reader.peek() == UInt8(ascii: "\"") else {
      throw structure(.expected("a text", at: "as dtype of tensor \"\(name)\""), at: position)
    }
    let text = try string()
    guard let type = ElementType(safetensorsName: text) else {
      throw structure(.unknownElementType(text, tensor: name), at: position)
    }
    return type
  }

  @_lifetime(self: copy self)
  private mutating func counts(of name: String) throws(CheckpointError) -> [UInt64] {
    reader.skipSpace()
    try open(UInt8(ascii: "["), "an array of whole numbers", "in tensor \"\(name)\"")
    var counts: [UInt64] = []
    if reader.accept(UInt8(ascii: "]")) { return counts }
    repeat { counts.append(try count(of: name)) } while reader.accept(UInt8(ascii: ","))
    try close(UInt8(ascii: "]"))
    return counts
  }

  @_lifetime(self: copy self)
  private mutating func offsets(of name: String) throws(CheckpointError) -> (begin: UInt64, end: UInt64) {
    reader.skipSpace()
    let position = reader.position
    let counts = try counts(of: name)
    guard counts.count == 2 else {
      throw structure(.expected("two numbers", at: "as data_offsets of tensor \"\(name)\""), at: position)
    }
    return (counts[0], counts[1])
  }

  @_lifetime(self: copy self)
  private mutating func count(of name: String) throws(CheckpointError) -> UInt64 {
    reader.skipSpace()
    let start = reader.position
    var value: UInt64 = 0
    while let byte = reader.peek(), let digit = Self.digit(byte) {
      guard let next = value.checkedMultiply(10)?.checkedAdd(UInt64(digit)) else {
        throw structure(.notACount(tensor: name), at: start)
      }
      // `01` is no number of JSON.
      if reader.position == start + 1, value == 0 { throw notJSON(.invalidNumber, at: start) }
      value = next
      _ = reader.skip(1)
    }
    let next = reader.peek()
    if reader.position == start || next == UInt8(ascii: ".") || next.map({ $0 | 0x20 }) == UInt8(ascii: "e") {
      throw next == nil ? notJSON(.unexpectedEnd) : structure(.notACount(tensor: name), at: start)
    }
    return value
  }

  @_lifetime(self: copy self)
  private mutating func comma(_ name: String) throws(CheckpointError) {
    guard reader.accept(UInt8(ascii: ",")) else {
      throw structure(
        .expected("dtype, shape and data_offsets", at: "in tensor \"\(name)\""), at: reader.position)
    }
  }

  // MARK: JSON

  @_lifetime(self: copy self)
  private mutating func key() throws(CheckpointError) -> String {
    guard reader.peek() == UInt8(ascii: "\"") else { throw unexpected("a key") }
    let key = try string()
    guard reader.accept(UInt8(ascii: ":")) else { throw unexpected("\":\"") }
    return key
  }

  /// The string at the position, which is at its opening quote.
  @_lifetime(self: copy self)
  private mutating func string() throws(CheckpointError) -> String {
    let start = reader.position
    _ = reader.skip(1)
    var hasEscape = false
    while let byte = reader.byte() {
      if byte == UInt8(ascii: "\"") {
        let end = reader.position
        return hasEscape
          ? try unescaped(start..<end)
          : unsafe reader.bytes.extracting(start + 1..<end - 1).withUnsafeBytes {
            unsafe String(decoding: $0, as: UTF8.self)
          }
      }
      if byte == UInt8(ascii: "\\") {
        hasEscape = true
        _ = reader.skip(1)
      } else if byte < 0x20 {
        throw notJSON(.invalidString, at: reader.position - 1)
      }
    }
    throw notJSON(.unexpectedEnd)
  }

  private func unescaped(_ range: Range<Int>) throws(CheckpointError) -> String {
    do {
      return try JSONValue(parsing: reader.bytes.extracting(range)).string ?? ""
    } catch {
      throw notJSON(error.reason, at: range.lowerBound + error.offset)
    }
  }

  @_lifetime(self: copy self)
  private mutating func skipValue(depth: Int) throws(CheckpointError) {
    reader.skipSpace()
    guard let first = reader.peek() else { throw notJSON(.unexpectedEnd) }
    switch first {
    case UInt8(ascii: "\""): _ = try string()
    case UInt8(ascii: "t"): try word("true")
    case UInt8(ascii: "f"): try word("false")
    case UInt8(ascii: "n"): try word("null")
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try skipNumber()
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      guard depth < Self.depthLimit else { throw notJSON(.tooDeep(limit: Self.depthLimit)) }
      _ = reader.skip(1)
      let isObject = first == UInt8(ascii: "{")
      let end = isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")
      if reader.accept(end) { return }
      repeat {
        reader.skipSpace()
        if isObject { _ = try key() }
        try skipValue(depth: depth + 1)
      } while reader.accept(UInt8(ascii: ","))
      try close(end)
    default: throw unexpected("a value")
    }
  }

  @_lifetime(self: copy self)
  private mutating func skipNumber() throws(CheckpointError) {
    let start = reader.position
    while let byte = reader.peek(),
      Self.digit(byte) != nil || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+")
        || byte == UInt8(ascii: ".") || byte | 0x20 == UInt8(ascii: "e")
    { _ = reader.skip(1) }
    do {
      _ = try JSONValue(parsing: reader.bytes.extracting(start..<reader.position))
    } catch {
      throw notJSON(.invalidNumber, at: start)
    }
  }

  @_lifetime(self: copy self)
  private mutating func word(_ text: StaticString) throws(CheckpointError) {
    for expected in "\(text)".utf8 {
      guard reader.peek() == expected else { throw unexpected("\"\(text)\"") }
      _ = reader.skip(1)
    }
  }

  @_lifetime(self: copy self)
  private mutating func open(_ byte: UInt8, _ what: String, _ place: String) throws(CheckpointError) {
    guard let next = reader.peek() else { throw notJSON(.unexpectedEnd) }
    guard next == byte else {
      // A byte that begins no value is not JSON at all.
      switch next {
      case UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "\""), UInt8(ascii: "t"), UInt8(ascii: "f"),
        UInt8(ascii: "n"), UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
        throw structure(.expected(what, at: place), at: reader.position)
      default: throw unexpected("a value")
      }
    }
    _ = reader.skip(1)
  }

  @_lifetime(self: copy self)
  private mutating func close(_ byte: UInt8) throws(CheckpointError) {
    guard reader.accept(byte) else {
      throw unexpected("\",\" or \"\(Character(Unicode.Scalar(byte)))\"")
    }
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") ? byte - UInt8(ascii: "0") : nil
  }

  // MARK: Errors

  private func unexpected(_ expected: String) -> CheckpointError {
    let position = reader.position
    guard position < reader.bytes.byteCount else { return notJSON(.unexpectedEnd, at: position) }
    let byte = unsafe reader.bytes.unsafeLoad(fromByteOffset: position, as: UInt8.self)
    return notJSON(.unexpected(byte, expected: expected), at: position)
  }

  private func notJSON(_ reason: JSONError.Reason, at position: Int? = nil) -> CheckpointError {
    CheckpointError(
      .safetensors(.headerNotJSON(reason)), path: path, offset: 8 + (position ?? reader.position))
  }

  private func structure(_ structure: SafetensorsFault.Structure, at position: Int) -> CheckpointError {
    CheckpointError(.safetensors(.structure(structure)), path: path, offset: 8 + position)
  }

  private func missing(_ field: String, _ tensor: String, _ position: Int) -> CheckpointError {
    structure(.missingField(field, tensor: tensor), at: position)
  }
}
