/// Something in an event file that cannot be read as it stands: what, in which file, at which byte.
public struct ReadFault: Error, Equatable, Sendable, CustomStringConvertible {
  /// The path of the file.
  public var path: String
  /// The offset, from the start of the (decompressed) file, of the record or of the bytes at fault.
  public var offset: Int
  /// What is wrong there.
  public var kind: Kind

  /// What is wrong.
  public enum Kind: Equatable, Sendable {
    /// The checksum of the length does not fit; the length cannot be trusted, so reading ends. Fatal.
    case lengthChecksum(got: UInt32, want: UInt32)
    /// The checksum of the payload does not fit; reading goes on with the next record. Resumable.
    case payloadChecksum(got: UInt32, want: UInt32)
    /// The length, with a good checksum, is more than any record can have. Fatal.
    case recordTooLong(length: UInt64)
    /// The payload has a good checksum but is not an event; reading goes on. Resumable.
    case undecodable(reason: String)
    /// The rest of the file is zero bytes, as a crashed machine leaves it. Fatal.
    case zeroFilledTail(count: Int)
    /// The file is a Git-LFS pointer, not the file itself. Fatal.
    case gitLFSPointer(size: Int?)
    /// The file has no byte.
    case empty
    /// The file starts like another format. Fatal.
    case foreignFormat(String)
    /// The compressed stream is broken. Fatal.
    case compression(String)
    /// The system did not let the file be read. Fatal.
    case system(String)
  }

  /// A fault from its parts.
  public init(path: String, offset: Int, kind: Kind) {
    self.path = path
    self.offset = offset
    self.kind = kind
  }

  /// `file: offset: what`, with the values got and wanted.
  public var description: String { "\(path): \(offset): \(kind)" }
}
