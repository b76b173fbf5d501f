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
    /// The checksum of the length, computed as `got`, is not `want` as stored; the length cannot be trusted, so
    /// reading ends. Fatal.
    case lengthChecksum(got: UInt32, want: UInt32)
    /// The checksum of the payload, computed as `got`, is not `want` as stored; reading goes on with the next record.
    /// Resumable.
    case payloadChecksum(got: UInt32, want: UInt32)
    /// The length, with a good checksum, is more than any record can have. Fatal.
    case recordTooLong(length: UInt64)
    /// The payload is longer than this reader takes into memory, and was passed over. Resumable.
    case recordSkipped(length: UInt64, limit: Int)
    /// The payload has a good checksum but is not an event; reading goes on. Resumable.
    case undecodable(reason: String)
    /// The rest of the file is zero bytes, as a crashed machine leaves it. Fatal.
    case zeroFilledTail(count: Int)
    /// So many zero bytes follow, and perhaps more: reading ended there. Fatal.
    case zeroBytes(atLeast: Int)
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

extension ReadFault.Kind: CustomStringConvertible {
  /// Whether nothing after the fault can be read.
  public var isFatal: Bool {
    switch self {
    case .payloadChecksum, .undecodable, .recordSkipped: false
    default: true
    }
  }

  /// What is wrong, in words.
  public var description: String {
    switch self {
    case .lengthChecksum(let got, let want):
      "the checksum of a record's length does not fit: got \(hexadecimal(got)), want \(hexadecimal(want))"
    case .payloadChecksum(let got, let want):
      "the checksum of a record's payload does not fit: got \(hexadecimal(got)), want \(hexadecimal(want))"
    case .recordTooLong(let length): "a record of \(length) bytes is longer than any can be"
    case .recordSkipped(let length, let limit):
      "a record of \(length) bytes was passed over: longer than \(limit) are not read"
    case .undecodable(let reason): "not an event: \(reason)"
    case .zeroFilledTail(let count): "the rest of the file is \(count) zero bytes"
    case .zeroBytes(let count): "\(count) zero bytes follow, or more; reading ended there"
    case .gitLFSPointer(let size?): "a Git-LFS pointer instead of the file of \(size) bytes"
    case .gitLFSPointer(nil): "a Git-LFS pointer instead of the file"
    case .empty: "the file is empty"
    case .foreignFormat(let name): "not an event file but \(name)"
    case .compression(let reason): "the compressed stream is broken: \(reason)"
    case .system(let reason): "cannot read: \(reason)"
    }
  }
}

private func hexadecimal(_ value: UInt32) -> String {
  let digits = String(value, radix: 16)
  return "0x" + String(repeating: "0", count: 8 - digits.count) + digits
}
