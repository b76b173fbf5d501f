internal import Libc

/// What stands at a path.
public struct FileStatus: Equatable, Sendable {
  /// The kinds of file that the rooms tell apart.
  public enum Kind: Sendable {
    case file, directory
    /// A named pipe, or the pipe behind `/dev/stdin`.
    case pipe
    /// A device or a socket.
    case other
  }

  /// The kind of file, symbolic links followed.
  public var kind: Kind
  /// The size in bytes.
  public var size: Int
  /// The device and inode, equal for two paths exactly when they are the same file.
  public var identity: FileIdentity
  /// The time of the last modification, in seconds since 1970.
  public var modified: Double
  /// The same, to the nanosecond.
  var modifiedExactly: (seconds: Int, nanoseconds: Int)
  /// Who may do what with it, as the system's twelve bits.
  var permissions: UInt32

  /// Whether both are the same in everything that is told.
  public static func == (left: FileStatus, right: FileStatus) -> Bool {
    left.kind == right.kind && left.size == right.size && left.identity == right.identity
      && left.modifiedExactly == right.modifiedExactly && left.permissions == right.permissions
  }
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

  /// Opens the regular file at `path` for reading.
  ///
  /// Anything else is refused, and never waited for: a pipe that nobody writes to would keep the caller for ever, a
  /// device has no end, and the opening alone of some devices does something.
  ///
  /// - Parameter acceptsPipe: whether a pipe is read too, as one that a person named is.
  public init(reading path: String, acceptsPipe: Bool = false) throws(SystemError) {
    // Where even this fails, the opening says why.
    let kind = Files.kind(of: path)
    if let kind { try Self.check(kind, path, acceptsPipe) }
    // What stands there may be another thing by now, so the open file is asked once more; a pipe is waited for.
    let flags = O_RDONLY | O_CLOEXEC | O_NOCTTY | (kind == .pipe ? 0 : O_NONBLOCK)
    let number = Self.open(path, flags)
    guard number >= 0 else { throw SystemError("open", path) }
    do throws(SystemError) {
      try Self.check(try Self.status(of: number, path).kind, path, acceptsPipe && kind == .pipe)
    } catch {
      _ = close(number)
      throw error
    }
    self.path = path
    self.number = number
  }

  private static func check(
    _ kind: FileStatus.Kind, _ path: String, _ acceptsPipe: Bool
  ) throws(SystemError) {
    switch kind {
    case .file: return
    case .pipe where acceptsPipe: return
    case .directory: throw SystemError(operation: "read", path: path, code: EISDIR)
    case .pipe, .other: throw SystemError(operation: "read", path: path, code: SystemError.notRegular)
    }
  }

  private static func open(_ path: String, _ flags: Int32) -> Int32 {
    unsafe withSystemPath(path, failure: -1) { path in
      retryingOnInterrupt { unsafe Platform.open(path, flags) }
    }
  }

  /// Creates, or empties, the file at `path` for writing; a link is followed.
  public init(creating path: String) throws(SystemError) {
    try self.init("create", path, O_WRONLY | O_CREAT | O_TRUNC)
  }

  /// Creates a file at `path`, where nothing may stand yet, not even a link.
  public init(creatingNew path: String) throws(SystemError) {
    try self.init("create", path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW)
  }

  /// Opens what stands at `path`, a pipe or a device too, for writing.
  public init(writingThrough path: String) throws(SystemError) {
    try self.init("write", path, O_WRONLY | O_NOCTTY)
  }

  /// Opens the file at `path` for writing at its end, and creates it where it is missing.
  public init(appending path: String) throws(SystemError) {
    try self.init("append to", path, O_WRONLY | O_CREAT | O_APPEND | O_NOCTTY)
  }

  /// Opens the folder at `path`, to hold a lock on it.
  init(folder path: String) throws(SystemError) { try self.init("open", path, O_RDONLY | O_DIRECTORY) }

  private init(_ operation: String, _ path: String, _ flags: Int32) throws(SystemError) {
    let number = Self.open(path, flags | O_CLOEXEC)
    guard number >= 0 else { throw SystemError(operation, path) }
    self.path = path
    self.number = number
  }

  deinit { _ = close(number) }

  /// The status of the open file.
  public func status() throws(SystemError) -> FileStatus { try Self.status(of: number, path) }

  private static func status(of number: Int32, _ path: String) throws(SystemError) -> FileStatus {
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

  /// Reads until `buffer` is full or the file ends, from `offset` on.
  ///
  /// - Returns: the number of bytes read.
  public func fill(_ buffer: inout [UInt8], from offset: Int) throws(SystemError) -> Int {
    var count = 0
    while count < buffer.count {
      let read = try read(into: &buffer, at: count..<buffer.count, offset: offset + count)
      if read == 0 { break }
      count += read
    }
    return count
  }

  /// Writes all of `bytes`.
  public func write(_ bytes: RawSpan) throws(SystemError) {
    try Platform.writeAll(bytes, to: number, path: path)
  }

  /// Writes all of `bytes`.
  public func write(_ bytes: [UInt8]) throws(SystemError) { try unsafe write(bytes.span.bytes) }

  /// Writes all of `text`.
  public func write(_ text: String) throws(SystemError) {
    var text = text
    text.makeContiguousUTF8()
    try unsafe write(text.utf8Span.span.bytes)
  }

  /// Gives the file the permissions of another.
  func setPermissions(_ permissions: UInt32) throws(SystemError) {
    guard fchmod(number, mode_t(truncatingIfNeeded: permissions)) == 0 else {
      throw SystemError("change", path)
    }
  }

  /// Takes the lock of the file, until the descriptor is closed; false where another process holds it.
  func lock(waiting: Bool) -> Bool {
    retryingOnInterrupt { flock(number, LOCK_EX | (waiting ? 0 : LOCK_NB)) } == 0
  }
}

/// The calls whose names a method here would hide.
enum Platform {
  static func open(_ path: UnsafePointer<CChar>, _ flags: Int32) -> Int32 {
    unsafe Libc.open(path, flags, 0o666)
  }

  static func read(_ number: Int32, _ base: UnsafeMutableRawPointer, _ count: Int) -> Int {
    unsafe Libc.read(number, base, count)
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
    unsafe Libc.write(number, base, count)
  }
}

extension FileStatus {
  init(_ record: stat) {
    kind =
      switch record.st_mode & S_IFMT {
      case S_IFREG: .file
      case S_IFDIR: .directory
      case S_IFIFO: .pipe
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
    modifiedExactly = (time.tv_sec, time.tv_nsec)
    permissions = UInt32(record.st_mode & 0o7777)
  }
}
