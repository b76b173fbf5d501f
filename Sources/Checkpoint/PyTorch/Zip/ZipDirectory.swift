internal import Bytes

/// A file within a zip archive: its name and where its bytes stand.
struct ZipEntry: Equatable, Sendable {
  enum Method: Equatable, Sendable {
    case stored, deflated
  }

  /// The name, with `/` between folders.
  var name: String
  var method: Method
  /// The bytes of the data as stored, counted from the start of the archive.
  var range: Range<Int>
  /// The size of the data, unpacked.
  var size: Int
  /// The CRC-32 of the data as the directory says; torch can be told to write a meaningless one.
  var crc32: UInt32
}

/// The central directory of a zip archive, with every entry's place proven to lie in the archive.
///
/// PKWARE APPNOTE 6.3: the end record stands at the end of the file (4.3.16), the zip64 records before it
/// (4.3.14, 4.3.15), the directory before those (4.3.12). Entries that overlap, repeat or lead out of their folder
/// are refused; so are bytes between the directory and its end records, where parsers disagree on what the file
/// holds.
struct ZipDirectory: Sendable {
  /// The entries in the order of the directory.
  let entries: [ZipEntry]
  private let indexByName: [String: Int]

  /// The entry called `name`.
  subscript(name: String) -> ZipEntry? { indexByName[name].map { entries[$0] } }

  /// Reads the directory of the archive that `bytes` are.
  ///
  /// - Complexity: O(entries · log entries); touches one page of the data for each entry.
  /// - Throws: the first `ZipFault`, with the offset of the record at fault.
  init(_ bytes: RawSpan) throws(Located<ZipFault>) {
    let end = try ZipEnd(bytes)
    var reader = ByteReader(bytes)
    guard reader.seek(to: end.directory.lowerBound) else {
      throw Located(.directoryRange, at: end.directory.lowerBound)
    }
    var entries: [ZipEntry] = []
    var starts: [Int] = []
    entries.reserveCapacity(end.entryCount)
    starts.reserveCapacity(end.entryCount)
    for _ in 0..<end.entryCount {
      let offset = reader.position
      guard let header = ZipCentralHeader(&reader), reader.position <= end.directory.upperBound else {
        throw Located(.brokenRecord("directory"), at: offset)
      }
      let (entry, start) = try header.entry(in: bytes, before: end.directory.lowerBound, at: offset)
      entries.append(entry)
      starts.append(start)
    }
    guard reader.position == end.directory.upperBound else {
      throw Located(.directoryRange, at: reader.position)
    }
    try Self.checkDisjoint(entries, starts)
    var indexByName: [String: Int] = [:]
    indexByName.reserveCapacity(entries.count)
    for (index, entry) in entries.enumerated() {
      guard indexByName.updateValue(index, forKey: entry.name) == nil else {
        throw Located(.duplicate(entry.name), at: starts[index])
      }
    }
    self.entries = entries
    self.indexByName = indexByName
  }

  private static func checkDisjoint(_ entries: [ZipEntry], _ starts: [Int]) throws(Located<ZipFault>) {
    let order = entries.indices.sorted { starts[$0] < starts[$1] }
    for (first, second) in zip(order, order.dropFirst())
    where entries[first].range.upperBound > starts[second] {
      throw Located(.overlap(entries[first].name, entries[second].name), at: starts[second])
    }
  }
}

/// A fault and the offset of the byte at fault from the start of what was read.
struct Located<Fault: Error>: Error {
  let fault: Fault
  let offset: Int

  init(_ fault: Fault, at offset: Int) {
    self.fault = fault
    self.offset = offset
  }
}

extension Located: Equatable where Fault: Equatable {}
