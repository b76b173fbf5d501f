internal import Bytes
internal import FileSystem

/// What a file is by its first bytes, where it is no event file.
enum FileSignature {
  /// The number of first bytes that are looked at.
  static let length = 512

  /// Whether `head` begins a GZIP or a ZLIB stream and not a record.
  static func isCompressed(_ head: ArraySlice<UInt8>) -> Bool {
    if head.starts(with: [0x1f, 0x8b]) { return true }
    guard head.count >= 2, head.first == 0x78 else { return false }
    guard [0x01, 0x5e, 0x9c, 0xda].contains(head[head.startIndex + 1]) else { return false }
    return !isRecord(head)
  }

  /// The fault that names what `head` begins instead of a record, or nil where that is not known.
  static func fault(_ head: ArraySlice<UInt8>) -> ReadFault.Kind? {
    if let pointer = GitLFSPointer(unsafe head.span.bytes) { return .gitLFSPointer(size: pointer.size) }
    for (prefix, name) in known where head.starts(with: prefix) { return .foreignFormat(name) }
    if isVisualDL(head) { return .foreignFormat("records without checksums, as VisualDL writes them") }
    if isMangled(head) { return .foreignFormat("an event file that a conversion to UTF-8 destroyed") }
    if isText(head) { return .foreignFormat("text") }
    return nil
  }

  private static let known: [([UInt8], String)] = [
    (Array("PK\u{3}\u{4}".utf8), "a ZIP archive"),
    ([0x89, 0x50, 0x4e, 0x47], "a PNG image"),
    ([0x7f, 0x45, 0x4c, 0x46], "a program"),
    ([0x28, 0xb5, 0x2f, 0xfd], "a Zstandard archive"),
    ([0xfd, 0x37, 0x7a, 0x58, 0x5a], "an XZ archive"),
    (Array("BZh".utf8), "a BZIP2 archive"),
    (Array("SQLite format 3".utf8), "an SQLite database"),
    (Array("%PDF".utf8), "a PDF document"),
    ([0x80, 0x02], "a Python pickle"), ([0x80, 0x04], "a Python pickle"), ([0x80, 0x05], "a Python pickle"),
    (Array("<!DOCTYPE".utf8), "a web page"), (Array("<html".utf8), "a web page"),
    (Array("<!doctype".utf8), "a web page"), (Array("<HTML".utf8), "a web page"),
  ]

  private static func isRecord(_ head: ArraySlice<UInt8>) -> Bool {
    guard head.count >= 12 else { return false }
    let bytes = unsafe head.span.bytes
    var reader = ByteReader(bytes)
    return reader.skip(8) && reader.littleEndian(UInt32.self) == Checksum.masked(bytes, 0, 8)
  }

  /// A short length whose checksum is zero, with a payload behind it.
  private static func isVisualDL(_ head: ArraySlice<UInt8>) -> Bool {
    let head = Array(head.prefix(13))
    return head.count == 13 && head[0...1] != [0, 0] && head[2..<12].allSatisfy { $0 == 0 } && head[12] != 0
  }

  /// Bytes from 0x80 on were each replaced by the three bytes of U+FFFD, but what is left looks like an event.
  private static func isMangled(_ head: ArraySlice<UInt8>) -> Bool {
    guard head.count >= 24, head.first.map({ $0 < 0x20 }) == true else { return false }
    let text = String(decoding: head.dropLast(3), as: UTF8.self).unicodeScalars
    let original = head.indices.dropLast(2).contains {
      head[$0] == 0xef && head[$0 + 1] == 0xbf && head[$0 + 2] == 0xbd
    }
    return original && head.prefix(12).dropFirst(1).prefix(7).contains(0) && text.contains("\u{fffd}")
  }

  /// Nothing but printable characters in UTF-8, of which the last may be cut.
  private static func isText(_ head: ArraySlice<UInt8>) -> Bool {
    head.count >= 8
      && head.allSatisfy { $0 >= 0x20 && $0 != 0x7f || $0 == 0x0a || $0 == 0x0d || $0 == 0x09 }
      && (0...3).contains { String(validating: head.dropLast($0), as: UTF8.self) != nil }
  }
}
