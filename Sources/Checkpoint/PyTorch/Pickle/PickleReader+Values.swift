internal import Bytes

// Numbers, texts and the memo.
extension PickleReader {
  mutating func pushNumber(_ opcode: PickleOpcode, _ reader: inout ByteReader) throws(PickleFault) {
    switch opcode {
    case .binaryInt1:
      guard let value = reader.byte() else { throw .truncated }
      try push(Self.index(value))
    case .binaryInt2:
      guard let value = reader.littleEndian(UInt16.self) else { throw .truncated }
      try pushNode(.integer(Int64(value)))
    case .binaryInt:
      guard let value = reader.littleEndian(Int32.self) else { throw .truncated }
      try pushNode(.integer(Int64(value)))
    case .binaryFloat:
      guard let bits = reader.littleEndian(UInt64.self) else { throw .truncated }
      try pushNode(.float(Double(bitPattern: bits.byteSwapped)))
    case .long1:
      guard let count = reader.byte() else { throw .truncated }
      try pushLong(UInt64(count), &reader)
    default:
      guard let count = reader.littleEndian(UInt32.self) else { throw .truncated }
      try pushLong(UInt64(count), &reader)
    }
  }

  private mutating func pushLong(_ count: UInt64, _ reader: inout ByteReader) throws(PickleFault) {
    let bytes = try take(count, &reader)
    guard bytes.byteCount <= 8 else { return try pushNode(.bigInteger(bytes.copied())) }
    var digits = ByteReader(bytes)
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while let byte = digits.byte() {
      value |= UInt64(byte) &<< shift
      shift += 8
    }
    // The last bit is the sign.
    let unused = 64 - Int64(shift)
    let signed = shift == 0 ? 0 : Int64(bitPattern: value << UInt64(unused)) >> unused
    try pushNode(.integer(signed))
  }

  mutating func pushText(_ opcode: PickleOpcode, _ reader: inout ByteReader) throws(PickleFault) {
    let length: UInt64? =
      switch opcode {
      case .shortBinaryUnicode, .shortBinaryBytes, .shortBinaryString: reader.byte().map(UInt64.init)
      case .binaryUnicode8, .binaryBytes8, .byteArray8: reader.littleEndian(UInt64.self)
      default: reader.littleEndian(UInt32.self).map(UInt64.init)
      }
    guard let length else { throw .truncated }
    let bytes = try take(length, &reader)
    switch opcode {
    case .binaryBytes, .shortBinaryBytes, .binaryBytes8, .byteArray8:
      try pushNode(.bytes(bytes.copied()))
    default:
      // The texts of Python 2 (BINSTRING) are read as UTF-8 as well: names are ASCII.
      try pushNode(.string(bytes.repairedText()))
    }
  }

  @_lifetime(copy reader)
  private func take(_ length: UInt64, _ reader: inout ByteReader) throws(PickleFault) -> RawSpan {
    guard let count = Int(exactly: length), let bytes = reader.take(count) else {
      throw .length(length, remaining: reader.remaining)
    }
    return bytes
  }

  mutating func memoise(_ opcode: PickleOpcode, _ reader: inout ByteReader) throws(PickleFault) {
    switch opcode {
    case .memoize: store(try top(opcode), as: UInt64(denseMemo.count + sparseMemo.count))
    case .binaryPut:
      guard let number = reader.byte() else { throw .truncated }
      store(try top(opcode), as: UInt64(number))
    case .longBinaryPut:
      guard let number = reader.littleEndian(UInt32.self) else { throw .truncated }
      store(try top(opcode), as: UInt64(number))
    case .binaryGet:
      guard let number = reader.byte() else { throw .truncated }
      try push(try fetch(UInt64(number)))
    default:
      guard let number = reader.littleEndian(UInt32.self) else { throw .truncated }
      try push(try fetch(UInt64(number)))
    }
  }

  mutating func store(_ value: Index, as number: UInt64) {
    if number < UInt64(denseMemo.count) {
      denseMemo[Int(number)] = value
    } else if number == UInt64(denseMemo.count), sparseMemo.isEmpty {
      denseMemo.append(value)
    } else {
      sparseMemo[number] = value
    }
  }

  mutating func fetch(_ number: UInt64) throws(PickleFault) -> Index {
    if number < UInt64(denseMemo.count) {
      noteCopy(of: denseMemo[Int(number)])
      return denseMemo[Int(number)]
    }
    guard let value = sparseMemo[number] else { throw .unknownMemo(number) }
    noteCopy(of: value)
    return value
  }

  /// The opcodes of protocol 0, whose operand is a line of text.
  mutating func performTextual(_ opcode: PickleOpcode, _ reader: inout ByteReader) throws(PickleFault) {
    let line = try Self.line(&reader)
    switch opcode {
    case .int, .long:
      if opcode == .int, line == "00" || line == "01" { return try push(Self.index(line == "01")) }
      let digits = line.hasSuffix("L") ? String(line.dropLast()) : line
      if let value = Int64(digits) { return try pushNode(.integer(value)) }
      // Beyond 64 bits: kept as its text.
      guard digits.drop(while: { $0 == "-" }).allSatisfy(\.isNumber), !digits.isEmpty else {
        throw .invalidText(opcode: opcode.rawValue)
      }
      try pushNode(.string(digits))
    case .float:
      guard let value = Double(line) else { throw .invalidText(opcode: opcode.rawValue) }
      try pushNode(.float(value))
    case .string:
      guard line.utf8.count >= 2, let quote = line.first, quote == line.last, quote == "'" || quote == "\""
      else { throw .invalidText(opcode: opcode.rawValue) }
      try pushNode(.string(String(line.dropFirst().dropLast())))
    case .persistentID: try pushNode(.persistent(try add(.string(line))))
    case .get, .put:
      guard let number = UInt64(line) else { throw .invalidText(opcode: opcode.rawValue) }
      if opcode == .get { try push(try fetch(number)) } else { store(try top(opcode), as: number) }
    default: try pushNode(.string(line))
    }
  }

  /// The text up to the next line feed, and moves past that.
  static func line(_ reader: inout ByteReader) throws(PickleFault) -> String {
    let start = reader.position
    while let byte = reader.byte() {
      guard byte == UInt8(ascii: "\n") else { continue }
      let end = reader.position - 1
      return reader.bytes.extracting(start..<end).repairedText()
    }
    throw .truncated
  }
}
