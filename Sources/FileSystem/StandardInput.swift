internal import Libc

/// What somebody hands to the process on its standard input.
public enum StandardInput {
  /// Everything that comes until the end, of at most `limit` bytes.
  public static func read(limit: Int = 1 << 28) throws(SystemError) -> [UInt8] {
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = unsafe piece.withUnsafeMutableBytes { buffer -> Int in
        guard let start = unsafe buffer.baseAddress else { return 0 }
        return retryingOnInterrupt { unsafe Platform.read(0, start, buffer.count) }
      }
      guard count >= 0 else { throw SystemError("read", "standard input") }
      if count == 0 { return bytes }
      guard bytes.count + count <= limit else {
        throw SystemError(operation: "read", path: "standard input", code: EFBIG)
      }
      bytes.append(contentsOf: piece[..<count])
    }
  }
}
