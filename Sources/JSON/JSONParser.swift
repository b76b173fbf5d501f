internal import Bytes

/// Which texts the parser accepts.
public enum JSONDialect: Sendable {
  /// RFC 8259 alone.
  case strict
  /// What Python's `json` writes: RFC 8259, and bare `NaN`, `Infinity` and `-Infinity`.
  case python
}

extension JSONValue {
  /// Reads one value, and nothing but white space around it.
  ///
  /// - Complexity: O(bytes).
  public init(parsing bytes: RawSpan, dialect: JSONDialect = .strict) throws(JSONError) {
    var parser = JSONParser(bytes, dialect: dialect)
    self = try parser.document()
  }

  /// Reads one value, and nothing but white space around it.
  ///
  /// - Complexity: O(bytes).
  public init(parsing bytes: [UInt8], dialect: JSONDialect = .strict) throws(JSONError) {
    try unsafe self.init(parsing: bytes.span.bytes, dialect: dialect)
  }

  /// Reads one value, and nothing but white space around it.
  ///
  /// - Complexity: O(bytes).
  public init(parsing text: String, dialect: JSONDialect = .strict) throws(JSONError) {
    try self.init(parsing: Array(text.utf8), dialect: dialect)
  }
}

/// A recursive-descent reader of RFC 8259, with a bound on depth so that no text can exhaust the stack, and one on the
/// number of values so that none can fill the memory: a value takes up to 20 times the room of its text.
struct JSONParser: ~Copyable, ~Escapable {
  static let depthLimit = 128
  /// Ten million bytes of usual logs have half a million values.
  static let usualCountLimit = 1 << 22
  private let countLimit: Int
  private var count = 0
  private var reader: ByteReader
  private let dialect: JSONDialect

  @_lifetime(copy bytes)
  init(_ bytes: RawSpan, dialect: JSONDialect, countLimit: Int = Self.usualCountLimit) {
    reader = ByteReader(bytes)
    self.countLimit = countLimit
    self.dialect = dialect
  }

  @_lifetime(self: copy self)
  mutating func document() throws(JSONError) -> JSONValue {
    let value = try value(depth: 0)
    reader.skipSpace()
    guard reader.isAtEnd else { throw JSONError(.trailingText, at: reader.position) }
    return value
  }

  @_lifetime(self: copy self)
  private mutating func value(depth: Int) throws(JSONError) -> JSONValue {
    reader.skipSpace()
    guard let first = reader.peek() else { throw JSONError(.unexpectedEnd, at: reader.position) }
    count += 1
    guard count <= countLimit else { throw JSONError(.tooMany(limit: countLimit), at: reader.position) }
    switch first {
    case UInt8(ascii: "{"): return try object(depth: depth + 1)
    case UInt8(ascii: "["): return try array(depth: depth + 1)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case UInt8(ascii: "N"): return try nonFinite("NaN")
    case UInt8(ascii: "I"): return try nonFinite("Infinity")
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
    default: throw JSONError(.unexpected(first, expected: "a value"), at: reader.position)
    }
  }

  @_lifetime(self: copy self)
  private mutating func object(depth: Int) throws(JSONError) -> JSONValue {
    try enter(depth)
    var members: [JSONValue.Member] = []
    if reader.accept(UInt8(ascii: "}")) { return .object(members) }
    repeat {
      reader.skipSpace()
      guard reader.peek() == UInt8(ascii: "\"") else { throw unexpected("a key") }
      let key = try string()
      guard reader.accept(UInt8(ascii: ":")) else { throw unexpected("\":\"") }
      members.append(.init(key, try value(depth: depth)))
    } while reader.accept(UInt8(ascii: ","))
    guard reader.accept(UInt8(ascii: "}")) else { throw unexpected("\",\" or \"}\"") }
    return .object(members)
  }

  @_lifetime(self: copy self)
  private mutating func array(depth: Int) throws(JSONError) -> JSONValue {
    try enter(depth)
    var elements: [JSONValue] = []
    if reader.accept(UInt8(ascii: "]")) { return .array(elements) }
    repeat { elements.append(try value(depth: depth)) } while reader.accept(UInt8(ascii: ","))
    guard reader.accept(UInt8(ascii: "]")) else { throw unexpected("\",\" or \"]\"") }
    return .array(elements)
  }

  @_lifetime(self: copy self)
  private mutating func enter(_ depth: Int) throws(JSONError) {
    guard depth <= Self.depthLimit else {
      throw JSONError(.tooDeep(limit: Self.depthLimit), at: reader.position)
    }
    _ = reader.skip(1)
  }

  @_lifetime(self: copy self)
  private mutating func string() throws(JSONError) -> String {
    let start = reader.position
    _ = reader.skip(1)
    var bytes: [UInt8] = []
    while let byte = reader.byte() {
      switch byte {
      case UInt8(ascii: "\""):
        guard let text = String(validating: bytes, as: UTF8.self) else {
          throw JSONError(.invalidString, at: start)
        }
        return text
      case UInt8(ascii: "\\"): try escape(into: &bytes)
      case 0..<0x20: throw JSONError(.invalidString, at: reader.position - 1)
      default: bytes.append(byte)
      }
    }
    throw JSONError(.unexpectedEnd, at: reader.position)
  }

  @_lifetime(self: copy self)
  private mutating func escape(into bytes: inout [UInt8]) throws(JSONError) {
    let start = reader.position - 1
    guard let kind = reader.byte() else { throw JSONError(.unexpectedEnd, at: reader.position) }
    switch kind {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): bytes.append(kind)
    case UInt8(ascii: "b"): bytes.append(8)
    case UInt8(ascii: "f"): bytes.append(12)
    case UInt8(ascii: "n"): bytes.append(10)
    case UInt8(ascii: "r"): bytes.append(13)
    case UInt8(ascii: "t"): bytes.append(9)
    case UInt8(ascii: "u"):
      var code = UInt32(try codeUnit())
      if code & 0xfc00 == 0xd800 {
        guard reader.byte() == UInt8(ascii: "\\"), reader.byte() == UInt8(ascii: "u") else {
          throw JSONError(.invalidString, at: start)
        }
        let low = UInt32(try codeUnit())
        guard low & 0xfc00 == 0xdc00 else { throw JSONError(.invalidString, at: start) }
        code = 0x10000 + (code & 0x3ff) << 10 + low & 0x3ff
      }
      guard let scalar = Unicode.Scalar(code) else { throw JSONError(.invalidString, at: start) }
      bytes.append(contentsOf: UTF8.encode(scalar).map(Array.init) ?? [])
    default: throw JSONError(.invalidString, at: start)
    }
  }

  @_lifetime(self: copy self)
  private mutating func codeUnit() throws(JSONError) -> UInt16 {
    var code: UInt16 = 0
    for _ in 0..<4 {
      guard let byte = reader.byte() else { throw JSONError(.unexpectedEnd, at: reader.position) }
      guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80 else {
        throw JSONError(.invalidString, at: reader.position - 1)
      }
      code = code << 4 | UInt16(digit)
    }
    return code
  }

  @_lifetime(self: copy self)
  private mutating func number() throws(JSONError) -> JSONValue {
    let start = reader.position
    var text: [UInt8] = []
    if reader.peek() == UInt8(ascii: "-") {
      text.append(UInt8(ascii: "-"))
      _ = reader.skip(1)
      if reader.peek() == UInt8(ascii: "I") { return try nonFinite("-Infinity", from: start) }
    }
    let whole = digits(into: &text)
    guard whole > 0, whole == 1 || text[text.count - whole] != UInt8(ascii: "0") else {
      throw JSONError(.invalidNumber, at: start)
    }
    if reader.peek() == UInt8(ascii: ".") {
      text.append(UInt8(ascii: "."))
      _ = reader.skip(1)
      guard digits(into: &text) > 0 else { throw JSONError(.invalidNumber, at: start) }
    }
    if let exponent = reader.peek(), exponent | 0x20 == UInt8(ascii: "e") {
      text.append(exponent)
      _ = reader.skip(1)
      if let sign = reader.peek(), sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") {
        text.append(sign)
        _ = reader.skip(1)
      }
      guard digits(into: &text) > 0 else { throw JSONError(.invalidNumber, at: start) }
    }
    return .number(String(decoding: text, as: UTF8.self))
  }

  @_lifetime(self: copy self)
  private mutating func digits(into text: inout [UInt8]) -> Int {
    var count = 0
    while let byte = reader.peek(), UInt8(ascii: "0") <= byte, byte <= UInt8(ascii: "9") {
      text.append(byte)
      _ = reader.skip(1)
      count += 1
    }
    return count
  }

  @_lifetime(self: copy self)
  private mutating func nonFinite(_ text: String, from start: Int? = nil) throws(JSONError) -> JSONValue {
    let start = start ?? reader.position
    _ = try word(text.hasPrefix("-") ? String(text.dropFirst()) : text, .null)
    guard dialect == .python else { throw JSONError(.nonFiniteNumber, at: start) }
    return .number(text)
  }

  @_lifetime(self: copy self)
  private mutating func word(_ text: String, _ value: JSONValue) throws(JSONError) -> JSONValue {
    for expected in text.utf8 {
      guard reader.peek() == expected else { throw unexpected("\"\(text)\"") }
      _ = reader.skip(1)
    }
    return value
  }

  private func unexpected(_ expected: String) -> JSONError {
    guard let byte = reader.peek() else { return JSONError(.unexpectedEnd, at: reader.position) }
    return JSONError(.unexpected(byte, expected: expected), at: reader.position)
  }
}
