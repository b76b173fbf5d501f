/// A table of a flatbuffer, before it has a place: its fields by their numbers, nil for those that are left out.
struct FlatTable {
  var fields: [FlatValue?]

  init(_ fields: FlatValue?...) { self.fields = fields }
}

/// What a field of a flatbuffer's table holds.
indirect enum FlatValue {
  case bool(Bool)
  case uint8(UInt8)
  case int16(Int16)
  case int32(Int32)
  case int64(Int64)
  case string(String)
  case table(FlatTable)
  case tables([FlatTable])
  /// A vector of structs of two 64-bit integers, one behind the other.
  case pairs([(Int64, Int64)])

  /// The bytes that it takes within its table; what lies elsewhere is referred to by 4.
  fileprivate var size: Int {
    switch self {
    case .bool, .uint8: 1
    case .int16: 2
    case .int32, .string, .table, .tables, .pairs: 4
    case .int64: 8
    }
  }
}

/// Lays tables out as a flatbuffer, front to back: each table behind its vtable, what it refers to behind it.
///
/// The format is that of FlatBuffers' "Internals" page. Its own builders write back to front, which shares vtables; a
/// reader cannot tell, as references only have to point forwards.
struct FlatBufferWriter {
  private(set) var bytes: [UInt8] = []

  /// The buffer whose root is `root`, its length a multiple of 8.
  static func bytes(of root: FlatTable) -> [UInt8] {
    var writer = FlatBufferWriter()
    writer.bytes = [0, 0, 0, 0]
    writer.refer(from: 0, to: writer.write(root))
    writer.pad(to: 8)
    return writer.bytes
  }

  /// Writes a table with its vtable and what it refers to.
  ///
  /// - Returns: where the table begins.
  private mutating func write(_ table: FlatTable) -> Int {
    let vtableSize = 4 + 2 * table.fields.count
    let present = table.fields.indices.compactMap { index in
      table.fields[index].map { (index: index, value: $0) }
    }
    let alignment = present.contains { $0.value.size == 8 } ? 8 : 4
    pad(to: alignment, before: vtableSize)
    let vtable = bytes.count
    let start = vtable + vtableSize

    // Fields by falling size need no gaps between them; 64-bit ones begin at byte 8.
    var places = [UInt16](repeating: 0, count: table.fields.count)
    var end = alignment
    let ordered = present.sorted { ($1.value.size, $0.index) < ($0.value.size, $1.index) }
    for (index, value) in ordered {
      places[index] = UInt16(end)
      end += value.size
    }
    append(UInt16(vtableSize))
    append(UInt16(end))
    for place in places { append(place) }
    append(Int32(start - vtable))
    if alignment == 8 { append(Int32(0)) }

    var references: [(place: Int, value: FlatValue)] = []
    for (_, value) in ordered {
      switch value {
      case .bool(let value): bytes.append(value ? 1 : 0)
      case .uint8(let value): bytes.append(value)
      case .int16(let value): append(value)
      case .int32(let value): append(value)
      case .int64(let value): append(value)
      case .string, .table, .tables, .pairs:
        references.append((bytes.count, value))
        append(UInt32(0))
      }
    }
    for (place, value) in references { refer(from: place, to: writeReferred(value)) }
    return start
  }

  /// Writes what a field refers to; returns where it begins.
  private mutating func writeReferred(_ value: FlatValue) -> Int {
    switch value {
    case .table(let table):
      return write(table)
    case .string(let text):
      pad(to: 4)
      let start = bytes.count
      append(UInt32(text.utf8.count))
      bytes.append(contentsOf: text.utf8)
      bytes.append(0)
      return start
    case .tables(let tables):
      pad(to: 4)
      let start = bytes.count
      append(UInt32(tables.count))
      let places = tables.indices.map { start + 4 + 4 * $0 }
      for _ in tables { append(UInt32(0)) }
      for (place, table) in zip(places, tables) { refer(from: place, to: write(table)) }
      return start
    case .pairs(let pairs):
      pad(to: 8, before: 4)
      let start = bytes.count
      append(UInt32(pairs.count))
      for (first, second) in pairs {
        append(first)
        append(second)
      }
      return start
    case .bool, .uint8, .int16, .int32, .int64:
      preconditionFailure("a scalar lies within its table")
    }
  }

  private mutating func refer(from place: Int, to target: Int) {
    let distance = UInt32(target - place)
    for byte in 0..<4 { bytes[place + byte] = UInt8(truncatingIfNeeded: distance >> (8 * byte)) }
  }

  /// Appends zeros until what begins `distance` bytes further on is at a multiple of `alignment`.
  private mutating func pad(to alignment: Int, before distance: Int = 0) {
    while (bytes.count + distance) % alignment != 0 { bytes.append(0) }
  }

  private mutating func append(_ value: some FixedWidthInteger) { bytes.append(littleEndian: value) }
}

extension [UInt8] {
  /// Appends the bytes of `value`, the lowest first.
  mutating func append<Value: FixedWidthInteger>(littleEndian value: Value) {
    for byte in 0..<(Value.bitWidth / 8) { append(UInt8(truncatingIfNeeded: value >> (8 * byte))) }
  }
}
