internal import Libc

/// Questions to the file system, and the few changes that the product makes to it.
public enum Files {
  /// The status of what stands at `path`, symbolic links followed.
  public static func status(of path: String) throws(SystemError) -> FileStatus {
    var record = stat()
    guard unsafe withSystemPath(path, failure: -1, { unsafe stat($0, &record) }) == 0 else {
      throw SystemError("examine", path)
    }
    return FileStatus(record)
  }

  /// The kind of file at `path`, or nil where there is none.
  public static func kind(of path: String) -> FileStatus.Kind? {
    try? status(of: path).kind
  }

  /// Whether a symbolic link stands at `path`, wherever it leads.
  public static func isSymbolicLink(_ path: String) -> Bool {
    var record = stat()
    return unsafe withSystemPath(path, failure: -1) { unsafe lstat($0, &record) } == 0
      && record.st_mode & S_IFMT == S_IFLNK
  }

  /// The names in the folder at `path`, without `.` and `..`, sorted byte by byte.
  public static func names(in path: String) throws(SystemError) -> [String] {
    var names: [String] = []
    try visitEntries(of: path) { name, _ in names.append(name) }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// The absolute path of `path` with every symbolic link resolved.
  public static func realPath(of path: String) throws(SystemError) -> String {
    guard let resolved = unsafe withSystemPath(path, failure: nil, { unsafe realpath($0, nil) }) else {
      throw SystemError("resolve", path)
    }
    defer { unsafe free(resolved) }
    return unsafe pathText(resolved)
  }

  /// The whole file at `path`, of at most `limit` bytes.
  ///
  /// - Parameter acceptsPipe: whether a pipe is read too, as one that a person named is; it is waited for.
  public static func read(
    _ path: String, limit: Int = 1 << 28, acceptsPipe: Bool = false
  ) throws(SystemError) -> [UInt8] {
    let descriptor = try FileDescriptor(reading: path, acceptsPipe: acceptsPipe)
    let status = try descriptor.status()
    guard status.size <= limit else { throw SystemError(operation: "read", path: path, code: EFBIG) }
    var bytes = [UInt8](repeating: 0, count: max(status.size, 4096))
    var count = 0
    while true {
      if count == bytes.count {
        guard count < limit else { throw SystemError(operation: "read", path: path, code: EFBIG) }
        bytes.append(contentsOf: repeatElement(0, count: min(count, limit - count)))
      }
      let read = try descriptor.read(into: &bytes, at: count..<bytes.count, offset: nil)
      if read == 0 { break }
      count += read
    }
    bytes.removeLast(bytes.count - count)
    return bytes
  }

  /// Adds `text` to the end of the file at `path`, which is made where it is missing.
  public static func append(_ text: String, to path: String) throws(SystemError) {
    try FileDescriptor(appending: path).write(text)
  }

  /// Makes the folder at `path`, and those above it that are missing.
  public static func makeDirectory(_ path: String) throws(SystemError) {
    if kind(of: path) == .directory { return }
    let parent = Path.parent(of: path)
    if parent != path && !parent.isEmpty { try makeDirectory(parent) }
    guard unsafe withSystemPath(path, failure: -1, { unsafe mkdir($0, 0o777) }) == 0 || errno == EEXIST else {
      throw SystemError("create", path)
    }
    guard kind(of: path) == .directory else {
      throw SystemError(operation: "create", path: path, code: ENOTDIR)
    }
  }

  /// Renames `path` to `target`, replacing a file that stands there.
  public static func rename(_ path: String, to target: String) throws(SystemError) {
    let result = unsafe withSystemPaths(path, target) { path, target in
      unsafe Libc.rename(path, target)
    }
    guard result == 0 else { throw SystemError("rename", path) }
  }

  /// Makes a symbolic link at `path` that leads to `target`.
  public static func link(_ path: String, to target: String) throws(SystemError) {
    guard unsafe withSystemPaths(target, path, { unsafe symlink($0, $1) }) == 0 else {
      throw SystemError("link", path)
    }
  }

  /// Removes the file or the folder with everything in it at `path`; symbolic links are removed, not followed.
  public static func remove(_ path: String) throws(SystemError) {
    var record = stat()
    guard unsafe withSystemPath(path, failure: -1, { unsafe lstat($0, &record) }) == 0 else {
      throw SystemError("remove", path)
    }
    if record.st_mode & S_IFMT == S_IFDIR {
      for name in try names(in: path) { try remove(Path.join(path, name)) }
      try removeFolder(path)
    } else {
      try removeFile(path)
    }
  }
}
