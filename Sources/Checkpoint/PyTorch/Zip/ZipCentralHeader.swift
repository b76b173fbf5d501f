internal import Bytes

/// An entry of a zip archive's directory, as it stands there.
struct ZipCentralHeader {
  static let signature: UInt32 = 0x0201_4b50
  static let localSignature: UInt32 = 0x0403_4b50

  private let flags: UInt16
  private let method: UInt16
  private let crc32: UInt32
  private let compressedSize: UInt64
  private let size: UInt64
  private let localOffset: UInt64
  private let disk: UInt32
  private let name: [UInt8]

  /// The header at the reader's position, and moves past it; nil where none fits.
  init?(_ reader: inout ByteReader) {
    guard reader.littleEndian(UInt32.self) == Self.signature, reader.skip(4),
      let flags = reader.littleEndian(UInt16.self), let method = reader.littleEndian(UInt16.self),
      reader.skip(4), let crc32 = reader.littleEndian(UInt32.self),
      let compressed = reader.littleEndian(UInt32.self), let size = reader.littleEndian(UInt32.self),
      let nameCount = reader.littleEndian(UInt16.self), let extraCount = reader.littleEndian(UInt16.self),
      let commentCount = reader.littleEndian(UInt16.self), let disk = reader.littleEndian(UInt16.self),
      reader.skip(6), let offset = reader.littleEndian(UInt32.self), let name = reader.take(Int(nameCount)),
      let extra = reader.take(Int(extraCount)), reader.skip(Int(commentCount))
    else { return nil }
    var wide = Zip64Extra(extra)
    self.flags = flags
    self.method = method
    self.crc32 = crc32
    guard let fullSize = size == .max ? wide.next64() : UInt64(size),
      let fullCompressed = compressed == .max ? wide.next64() : UInt64(compressed),
      let fullOffset = offset == .max ? wide.next64() : UInt64(offset),
      let fullDisk = disk == .max ? wide.next32() : UInt32(disk)
    else { return nil }
    self.size = fullSize
    compressedSize = fullCompressed
    localOffset = fullOffset
    self.disk = fullDisk
    self.name = name.copied()
  }

  /// The entry that the header describes, and where its local header begins.
  ///
  /// - Parameter limit: the start of the directory, which no entry may reach into.
  func entry(
    in bytes: RawSpan, before limit: Int, at offset: Int
  ) throws(Located<ZipFault>) -> (entry: ZipEntry, start: Int) {
    let text = String(decoding: name, as: UTF8.self)
    guard Self.isSafe(name) else { throw Located(.unsafeName(text), at: offset) }
    guard flags & 1 == 0, flags & 0x2000 == 0 else { throw Located(.encrypted(text), at: offset) }
    guard disk == 0 else { throw Located(.severalDisks, at: offset) }
    guard method == 0 || method == 8 else {
      throw Located(.compression(text, method: Int(method)), at: offset)
    }
    guard method == 8 || size == compressedSize else { throw Located(.entrySize(text), at: offset) }
    var local = ByteReader(bytes)
    guard let start = Int(exactly: localOffset), start <= limit, local.seek(to: start),
      local.littleEndian(UInt32.self) == Self.localSignature, local.skip(22),
      let nameCount = local.littleEndian(UInt16.self), let extraCount = local.littleEndian(UInt16.self),
      let localName = local.take(Int(nameCount))
    else { throw Located(.entryRange(text), at: offset) }
    guard localName.copied() == name else {
      let other = String(decoding: localName.copied(), as: UTF8.self)
      throw Located(.entryName(text, local: other), at: start)
    }
    guard local.skip(Int(extraCount)), let count = Int(exactly: compressedSize),
      let full = Int(exactly: size), let stop = local.position.checkedAdd(count), stop <= limit
    else { throw Located(.entryRange(text), at: start) }
    let entry = ZipEntry(
      name: text, method: method == 0 ? .stored : .deflated, range: local.position..<stop, size: full,
      crc32: crc32)
    return (entry, start)
  }

  /// Whether a name stays within the folder it would be unpacked in, on every system.
  static func isSafe(_ name: [UInt8]) -> Bool {
    guard let first = name.first, first != UInt8(ascii: "/"), String(validating: name, as: UTF8.self) != nil
    else { return false }
    if name.count >= 2, name[1] == UInt8(ascii: ":") { return false }
    guard !name.contains(0), !name.contains(UInt8(ascii: "\\")) else { return false }
    let parts = name.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    return !parts.contains { $0.elementsEqual("..".utf8) }
  }
}

/// The zip64 field among an entry's extra fields: the values that do not fit in 32 bits, in a fixed order.
private struct Zip64Extra {
  private var bytes: [UInt8] = []

  init(_ extra: RawSpan) {
    var reader = ByteReader(extra)
    while let kind = reader.littleEndian(UInt16.self), let count = reader.littleEndian(UInt16.self),
      let field = reader.take(Int(count))
    {
      if kind == 1 {
        bytes = field.copied()
        return
      }
    }
  }

  mutating func next64() -> UInt64? { next(8) }

  mutating func next32() -> UInt32? { next(4).map(UInt32.init(truncatingIfNeeded:)) }

  private mutating func next(_ count: Int) -> UInt64? {
    guard bytes.count >= count else { return nil }
    let value = bytes.prefix(count).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    bytes.removeFirst(count)
    return value
  }
}
