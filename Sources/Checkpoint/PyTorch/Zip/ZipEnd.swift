internal import Bytes

/// The records at the end of a zip archive, which say where the directory stands.
struct ZipEnd {
  static let signature: UInt32 = 0x0605_4b50
  static let locatorSignature: UInt32 = 0x0706_4b50
  static let zip64Signature: UInt32 = 0x0606_4b50
  static let byteCount = 22
  static let locatorByteCount = 20
  static let zip64ByteCount = 56
  /// The fixed part of an entry of the directory.
  static let centralByteCount = 46

  /// The bytes of the directory.
  let directory: Range<Int>
  let entryCount: Int

  init(_ bytes: RawSpan) throws(Located<ZipFault>) {
    guard let position = Self.position(in: bytes) else { throw Located(.noEnd, at: bytes.byteCount) }
    var reader = ByteReader(bytes)
    guard reader.seek(to: position + 4), let disk = reader.littleEndian(UInt16.self),
      let directoryDisk = reader.littleEndian(UInt16.self),
      let entriesHere = reader.littleEndian(UInt16.self),
      let entries = reader.littleEndian(UInt16.self), let size = reader.littleEndian(UInt32.self),
      let offset = reader.littleEndian(UInt32.self)
    else { throw Located(.brokenRecord("end record"), at: position) }
    var record = Record(
      disks: [UInt64(disk), UInt64(directoryDisk)], entriesHere: UInt64(entriesHere),
      entries: UInt64(entries),
      size: UInt64(size), offset: UInt64(offset), position: position)
    if let wide = try Self.zip64(before: position, in: bytes) {
      record = wide
    } else if record.offset == 0xffff_ffff || record.size == 0xffff_ffff || record.entries == 0xffff {
      throw Located(.brokenRecord("zip64 end record"), at: position)
    }
    guard record.disks.allSatisfy({ $0 == 0 }), record.entriesHere == record.entries else {
      throw Located(.severalDisks, at: record.position)
    }
    guard let start = Int(exactly: record.offset), let count = Int(exactly: record.size),
      let stop = start.checkedAdd(count), stop == record.position
    else { throw Located(.directoryRange, at: record.position) }
    guard let entryCount = Int(exactly: record.entries), entryCount <= count / Self.centralByteCount else {
      throw Located(
        .entryCount(claimed: record.entries, possible: count / Self.centralByteCount), at: record.position)
    }
    directory = start..<stop
    self.entryCount = entryCount
  }

  private struct Record {
    var disks: [UInt64]
    var entriesHere: UInt64
    var entries: UInt64
    var size: UInt64
    var offset: UInt64
    var position: Int
  }

  /// The last place whose end record's comment ends exactly with the bytes.
  private static func position(in bytes: RawSpan) -> Int? {
    guard bytes.byteCount >= byteCount else { return nil }
    var reader = ByteReader(bytes)
    let last = bytes.byteCount - byteCount
    for position in stride(from: last, through: max(0, last - 0xffff), by: -1) {
      guard reader.seek(to: position), reader.littleEndian(UInt32.self) == signature,
        reader.seek(to: position + 20), let comment = reader.littleEndian(UInt16.self)
      else { continue }
      if position + byteCount + Int(comment) == bytes.byteCount { return position }
    }
    return nil
  }

  /// The zip64 record, where its locator stands right before the end record at `position`.
  private static func zip64(before position: Int, in bytes: RawSpan) throws(Located<ZipFault>) -> Record? {
    let locator = position - locatorByteCount
    var reader = ByteReader(bytes)
    guard reader.seek(to: locator), reader.littleEndian(UInt32.self) == locatorSignature else { return nil }
    guard let recordDisk = reader.littleEndian(UInt32.self), let claimed = reader.littleEndian(UInt64.self),
      let disks = reader.littleEndian(UInt32.self), let start = Int(exactly: claimed),
      start <= locator - zip64ByteCount, reader.seek(to: start),
      reader.littleEndian(UInt32.self) == zip64Signature, let size = reader.littleEndian(UInt64.self),
      // The record may be longer than is known, but must reach exactly to its locator.
      UInt64(locator - start - 12) == size, reader.skip(4), let disk = reader.littleEndian(UInt32.self),
      let directoryDisk = reader.littleEndian(UInt32.self),
      let entriesHere = reader.littleEndian(UInt64.self),
      let entries = reader.littleEndian(UInt64.self), let directorySize = reader.littleEndian(UInt64.self),
      let directoryOffset = reader.littleEndian(UInt64.self)
    else { throw Located(.brokenRecord("zip64 end record"), at: locator) }
    guard disks <= 1, recordDisk == 0 else { throw Located(.severalDisks, at: locator) }
    return Record(
      disks: [UInt64(disk), UInt64(directoryDisk)], entriesHere: entriesHere, entries: entries,
      size: directorySize, offset: directoryOffset, position: start)
  }
}
