extension JSONValue {
  /// The value as text on one line, with the members in their order.
  public var text: String {
    var writer = JSONWriter(isIndented: false)
    writer.write(self)
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  /// Hands the text of `indentedText` to `write`, piece by piece: whole lines, of some 64 KB together.
  public func writeIndented<Failure>(_ write: ([UInt8]) throws(Failure) -> Void) throws(Failure) {
    var writer = JSONWriter(isIndented: true)
    try writer.write(self, write)
    writer.bytes.append(UInt8(ascii: "\n"))
    try write(writer.bytes)
  }

  /// The value as text with two spaces of indentation a level, and a line feed at the end.
  public var indentedText: String {
    var bytes: [UInt8] = []
    writeIndented { (piece: [UInt8]) throws(Never) in
      // Most texts are one piece.
      if bytes.isEmpty { bytes = piece } else { bytes += piece }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Writes `text` as a JSON string, quotes included.
  public static func quote(_ text: String, to output: inout String) {
    var writer = JSONWriter(isIndented: false)
    writer.write(text)
    output += String(decoding: writer.bytes, as: UTF8.self)
  }
}

/// Lays values out as bytes, which are far cheaper to put together than characters.
private struct JSONWriter {
  var bytes: [UInt8] = []
  private let isIndented: Bool
  /// A line feed and the indentation of the present level.
  private var newLine: [UInt8] = [UInt8(ascii: "\n")]

  init(isIndented: Bool) { self.isIndented = isIndented }

  /// The least bytes of a piece that is handed out.
  private static let pieceByteCount = 1 << 16

  mutating func write(_ value: JSONValue) {
    write(value) { (_: [UInt8]) throws(Never) in }
  }

  mutating func write<Failure>(
    _ value: JSONValue, _ handOut: ([UInt8]) throws(Failure) -> Void
  ) throws(Failure) {
    switch value {
    case .null: bytes.append(contentsOf: "null".utf8)
    case .bool(let value): bytes.append(contentsOf: value ? "true".utf8 : "false".utf8)
    case .number(let text): bytes.append(contentsOf: text.utf8)
    case .string(let text): write(text)
    case .array(let elements):
      open("[")
      for (index, element) in elements.enumerated() {
        try separate(index, handOut)
        try write(element, handOut)
      }
      close("]", isEmpty: elements.isEmpty)
    case .sequence(let elements):
      open("[")
      for index in 0..<elements.count {
        try separate(index, handOut)
        try write(elements[index], handOut)
      }
      close("]", isEmpty: elements.count == 0)
    case .object(let members):
      open("{")
      for (index, member) in members.enumerated() {
        try separate(index, handOut)
        write(member.key)
        bytes.append(UInt8(ascii: ":"))
        if isIndented { bytes.append(UInt8(ascii: " ")) }
        try write(member.value, handOut)
      }
      close("}", isEmpty: members.isEmpty)
    }
  }

  /// A string, quotes included.
  mutating func write(_ text: String) {
    bytes.append(UInt8(ascii: "\""))
    // Most texts are keys and names with nothing in them to escape.
    guard Self.holdsEscaped(text.utf8Span.span) else {
      bytes.append(contentsOf: text.utf8)
      return bytes.append(UInt8(ascii: "\""))
    }
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""): bytes.append(contentsOf: "\\\"".utf8)
      case UInt8(ascii: "\\"): bytes.append(contentsOf: "\\\\".utf8)
      case UInt8(ascii: "\n"): bytes.append(contentsOf: "\\n".utf8)
      case UInt8(ascii: "\r"): bytes.append(contentsOf: "\\r".utf8)
      case UInt8(ascii: "\t"): bytes.append(contentsOf: "\\t".utf8)
      case 0..<0x20, 0x7f:
        let digits = String(byte, radix: 16)
        bytes.append(contentsOf: "\\u00".utf8)
        if digits.utf8.count < 2 { bytes.append(UInt8(ascii: "0")) }
        bytes.append(contentsOf: digits.utf8)
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  private static func holdsEscaped(_ text: Span<UInt8>) -> Bool {
    for index in text.indices {
      let byte = text[index]
      if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte == 0x7f {
        return true
      }
    }
    return false
  }

  private mutating func open(_ bracket: Unicode.Scalar) {
    bytes.append(UInt8(ascii: bracket))
    if isIndented { newLine.append(contentsOf: "  ".utf8) }
  }

  private mutating func separate<Failure>(
    _ index: Int, _ handOut: ([UInt8]) throws(Failure) -> Void
  ) throws(Failure) {
    if index > 0 { bytes.append(UInt8(ascii: ",")) }
    guard isIndented else { return }
    if bytes.count >= Self.pieceByteCount {
      // The indentation belongs to the next line.
      bytes.append(UInt8(ascii: "\n"))
      try handOut(bytes)
      bytes.removeAll(keepingCapacity: true)
      bytes.append(contentsOf: newLine.dropFirst())
    } else {
      bytes.append(contentsOf: newLine)
    }
  }

  private mutating func close(_ bracket: Unicode.Scalar, isEmpty: Bool) {
    if isIndented {
      newLine.removeLast(2)
      if !isEmpty { bytes.append(contentsOf: newLine) }
    }
    bytes.append(UInt8(ascii: bracket))
  }
}
