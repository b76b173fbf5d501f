internal import Bytes

/// Why bytes are not a zip archive that is safe to read.
///
/// Every case is fatal for the archive. PyTorch's own files break none of the rules.
public enum ZipFault: Error, Equatable, Sendable {
  /// No end-of-central-directory record ends the file: it is cut, or no zip.
  case noEnd
  /// A record of the directory (named) does not fit where it is said to be.
  case brokenRecord(String)
  /// The archive says it is one of several disks.
  case severalDisks
  /// The directory is said to hold more entries than its bytes can.
  case entryCount(claimed: UInt64, possible: Int)
  /// The directory does not end where the records after it begin.
  case directoryRange
  /// An entry is encrypted.
  case encrypted(String)
  /// An entry is compressed in a way that is not read: only stored and deflated ones are.
  case compression(String, method: Int)
  /// A stored entry whose two sizes differ, or an entry whose deflated data ends elsewhere than it says.
  case entrySize(String)
  /// An entry's header or data reaches outside of the archive.
  case entryRange(String)
  /// An entry's own header names it differently than the directory does.
  case entryName(String, local: String)
  /// Two entries share bytes.
  case overlap(String, String)
  /// Two entries have the same name.
  case duplicate(String)
  /// A name that leads out of the folder it would be unpacked in, or is empty or not text.
  case unsafeName(String)
  /// A deflated entry is larger, unpacked, than is accepted.
  case tooLarge(String, size: Int, limit: Int)
  /// A deflated entry's data is damaged.
  case damaged(String)
}

extension ZipFault: CustomStringConvertible {
  /// The fault in words.
  public var description: String {
    switch self {
    case .noEnd: "the file has no end-of-central-directory record: it is cut or no zip archive"
    case .brokenRecord(let record): "the zip archive's \(record) does not fit where it is said to be"
    case .severalDisks: "the zip archive is one part of several"
    case .entryCount(let claimed, let possible):
      "the zip directory says \(claimed) entries, its size allows \(possible)"
    case .directoryRange: "the zip directory does not end where the records after it begin"
    case .encrypted(let name): "zip entry \"\(name)\" is encrypted"
    case .compression(let name, let method):
      "zip entry \"\(name)\" is compressed by method \(method); only stored and deflated ones are read"
    case .entrySize(let name): "zip entry \"\(name)\" has another size than it says"
    case .entryRange(let name): "zip entry \"\(name)\" reaches outside of the archive"
    case .entryName(let name, let local): "zip entry \"\(name)\" calls itself \"\(local)\" in its own header"
    case .overlap(let first, let second): "zip entries \"\(first)\" and \"\(second)\" overlap"
    case .duplicate(let name): "zip entry \"\(name)\" stands twice"
    case .unsafeName(let name): "zip entry \"\(name)\" has a name that leads out of its folder"
    case .tooLarge(let name, let size, let limit):
      "zip entry \"\(name)\" unpacks to \(Thousands.text(size)) bytes, above the limit of \(Thousands.text(limit))"
    case .damaged(let name): "zip entry \"\(name)\" is damaged"
    }
  }
}
