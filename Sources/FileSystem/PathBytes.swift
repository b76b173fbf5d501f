internal import Libc

/// Names of files as text and as the bytes that the system knows them by.
///
/// A name may be any bytes. Those that are UTF-8 stand in text as what they are; every other byte stands as a scalar of
/// its own, U+10FE80 to U+10FEFF, which is for private use, so that the text leads back to the very same bytes. A name
/// that holds such a scalar itself has its bytes written in this way too.
public enum PathBytes {
  /// The scalars that stand for a byte which is no part of UTF-8.
  public static let stray: ClosedRange<UInt32> = 0x10_FE80...0x10_FEFF

  /// The text of a name or path.
  public static func text(_ bytes: some Collection<UInt8>) -> String {
    if !bytes.contains(0xF4), let text = String(validating: bytes, as: UTF8.self) { return text }
    var scalars = String.UnicodeScalarView()
    var rest = Array(bytes)[...]
    while let first = rest.first {
      let length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
      if let text = String(validating: rest.prefix(length), as: UTF8.self), text.unicodeScalars.count == 1,
        let scalar = text.unicodeScalars.first, !stray.contains(scalar.value)
      {
        scalars.append(scalar)
        rest.removeFirst(length)
      } else {
        if let scalar = Unicode.Scalar(0x10_FE00 | UInt32(first)) { scalars.append(scalar) }
        rest.removeFirst()
      }
    }
    return String(scalars)
  }

  /// The arguments of this process, without its own name, by which the files that they name can be opened:
  /// `CommandLine.arguments` has lost the bytes that are no UTF-8.
  public static let arguments: [String] = (1..<max(1, Int(CommandLine.argc))).compactMap { index in
    unsafe CommandLine.unsafeArgv[index].map { unsafe pathText($0) }
  }

  /// The bytes of a name or path.
  public static func bytes(_ text: String) -> [UInt8] {
    guard text.utf8.contains(0xF4) else { return Array(text.utf8) }
    return text.unicodeScalars.flatMap { scalar in
      stray.contains(scalar.value)
        ? [UInt8(truncatingIfNeeded: scalar.value)] : Array(String(scalar).utf8)
    }
  }
}

/// Calls `body` with the bytes of `path` and a zero behind them; returns `failure`, with `errno` set, for a path that has
/// a zero in it, which would name another file.
func withSystemPath<Result>(
  _ path: String, failure: Result, _ body: (UnsafePointer<CChar>) -> Result
) -> Result {
  if path.utf8.contains(where: { $0 == 0 }) {
    errno = ENOENT
    return failure
  }
  guard path.utf8.contains(0xF4) else { return unsafe path.withCString { unsafe body($0) } }
  let bytes = PathBytes.bytes(path).map { CChar(bitPattern: $0) } + [0]
  return unsafe bytes.withUnsafeBufferPointer { buffer in
    guard let base = buffer.baseAddress else { return failure }
    return unsafe body(base)
  }
}

/// Calls `body` with the bytes of two paths; −1, with `errno` set, where one has a zero in it.
func withSystemPaths(
  _ first: String, _ second: String, _ body: (UnsafePointer<CChar>, UnsafePointer<CChar>) -> Int32
) -> Int32 {
  unsafe withSystemPath(first, failure: -1) { first in
    unsafe withSystemPath(second, failure: -1) { second in unsafe body(first, second) }
  }
}

/// The text of a path that ends with a zero.
func pathText(_ start: UnsafePointer<CChar>) -> String {
  let count = unsafe strlen(start)
  return unsafe start.withMemoryRebound(to: UInt8.self, capacity: count) {
    unsafe PathBytes.text(UnsafeBufferPointer(start: $0, count: count))
  }
}
