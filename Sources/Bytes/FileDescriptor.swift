#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Glibc
#endif

/// What stands at a path.
public struct FileStatus: Equatable, Sendable {
  /// The kinds of file that the rooms tell apart.
  public enum Kind: Sendable {
    case file, directory, other
  }

  /// The kind of file, symbolic links followed.
  public var kind: Kind
  /// The size in bytes.
  public var size: Int
  /// The device and inode, equal for two paths exactly when they are the same file.
  public var identity: FileIdentity
  /// The time of the last modification, in seconds since 1970.
  public var modified: Double
}

/// The device and inode numbers of a file.
public struct FileIdentity: Hashable, Sendable {
  /// The device that holds the file.
  public var device: UInt64
  /// The file's number on that device.
  public var inode: UInt64
}

/// An open file, closed when the value goes away.
public struct FileDescriptor: ~Copyable, Sendable {
  /// The path the file was opened by.
  public let path: String
  let number: Int32

  /// Opens the file at `path` for reading.
  public init(reading path: String) throws(SystemError) {
    let number = retryingOnInterrupt { unsafe open(path, O_RDONLY | O_CLOEXEC) }
    guard number >= 0 else { throw SystemError("open", path) }
    self.path = path
    self.number = number
  }

  /// Creates, or empties, the file at `path` for writing.
  public init(creating path: String) throws(SystemError) {
    let number = retryingOnInterrupt { unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666) }
    guard number >= 0 else { throw SystemError("create", path) }
    self.path = path
    self.number = number
  }

  /// Opens the file at `path` for writing at its end, and creates it where it is missing.
  public init(appending path: String) throws(SystemError) {
    let number = retryingOnInterrupt { unsafe open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o666) }
    guard number >= 0 else { throw SystemError("append to", path) }
    self.path = path
    self.number = number
  }

  deinit { _ = close(number) }

  /// The status of the open file.
  public func status() throws(SystemError) -> FileStatus {
    var record = stat()
    guard unsafe fstat(number, &record) == 0 else { throw SystemError("examine", path) }
    return FileStatus(record)
  }

  /// Reads up to `buffer.count` bytes at `offset`, or at the file's own position where `offset` is nil.
  ///
  /// - Returns: the number of bytes read; 0 at the end of the file.
  public func read(into buffer: inout [UInt8], at range: Range<Int>, offset: Int?) throws(SystemError) -> Int
  {
    precondition(range.lowerBound >= 0 && range.upperBound <= buffer.count)
    let number = number
    let count = unsafe buffer.withUnsafeMutableBytes { bytes in
      let target = unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[range])
      guard let base = target.baseAddress else { return 0 }
      return retryingOnInterrupt {
        if let offset {
          unsafe pread(number, base, target.count, off_t(offset))
        } else {
          unsafe Platform.read(number, base, target.count)
        }
      }
    }
    guard count >= 0 else { throw SystemError("read", path) }
    return count
  }

  /// Writes all of `bytes`.
  public func write(_ bytes: RawSpan) throws(SystemError) {
    try Platform.writeAll(bytes, to: number, path: path)
  }
}

/// The calls whose names a method here would hide.
enum Platform {
  static func read(_ number: Int32, _ base: UnsafeMutableRawPointer, _ count: Int) -> Int {
    #if canImport(Darwin)
      return unsafe Darwin.read(number, base, count)
    #elseif canImport(Musl)
      return unsafe Musl.read(number, base, count)
    #else
      return unsafe Glibc.read(number, base, count)
    #endif
  }

  static func writeAll(_ bytes: RawSpan, to number: Int32, path: String) throws(SystemError) {
    var rest = bytes
    while rest.byteCount > 0 {
      let span = rest
      let written = unsafe span.withUnsafeBytes { buffer in
        retryingOnInterrupt { unsafe write(number, buffer.baseAddress, buffer.count) }
      }
      guard written >= 0 else { throw SystemError("write", path) }
      rest = rest.extracting(written...)
    }
  }

  static func write(_ number: Int32, _ base: UnsafeRawPointer?, _ count: Int) -> Int {
    #if canImport(Darwin)
      return unsafe Darwin.write(number, base, count)
    #elseif canImport(Musl)
      return unsafe Musl.write(number, base, count)
    #else
      return unsafe Glibc.write(number, base, count)
    #endif
  }
}

extension FileStatus {
  init(_ record: stat) {
    kind =
      switch record.st_mode & S_IFMT {
      case S_IFREG: .file
      case S_IFDIR: .directory
      default: .other
      }
    size = Int(record.st_size)
    identity = FileIdentity(device: UInt64(truncatingIfNeeded: record.st_dev), inode: UInt64(record.st_ino))
    #if canImport(Darwin)
      let time = record.st_mtimespec
    #else
      let time = record.st_mtim
    #endif
    modified = Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
