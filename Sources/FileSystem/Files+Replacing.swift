internal import CFiles
internal import Libc

/// Changes of place that destroy nothing.
extension Files {
  /// What stands at a path, a symbolic link taken for itself.
  public struct Entry: Equatable, Sendable {
    /// Whether it is a folder, and no link to one.
    public var isFolder: Bool
    /// Its device and inode.
    public var identity: FileIdentity
  }

  /// What stands at `path`, symbolic links not followed; nil where nothing does.
  public static func entry(at path: String) throws(SystemError) -> Entry? {
    var record = stat()
    guard unsafe withSystemPath(path, failure: -1, { unsafe lstat($0, &record) }) == 0 else {
      let error = SystemError("examine", path)
      if error.isMissing { return nil }
      throw error
    }
    let status = FileStatus(record)
    return Entry(isFolder: status.kind == .directory, identity: status.identity)
  }

  /// Lets what stands at `first` and what stands at `second` change places in one step; false where the file system
  /// cannot do that.
  public static func exchange(_ first: String, _ second: String) throws(SystemError) -> Bool {
    if unsafe withSystemPaths(first, second, { unsafe files_exchange($0, $1) }) == 0 { return true }
    guard isUnsupported(errno) else { throw SystemError("replace", second) }
    return false
  }

  /// Renames `path` to `target`, where nothing may stand yet.
  ///
  /// A file system that cannot promise that is asked before; another program could step between.
  public static func move(_ path: String, to target: String) throws(SystemError) {
    if unsafe withSystemPaths(path, target, { unsafe files_rename_without_replacing($0, $1) }) == 0 { return }
    guard isUnsupported(errno) else { throw SystemError("move", path) }
    guard try entry(at: target) == nil else {
      throw SystemError(operation: "move", path: path, code: EEXIST)
    }
    try rename(path, to: target)
  }

  /// Gives what stands at `path`, a link itself too, the second name `target`; false where the file system has no such
  /// names, or not for this file.
  public static func addName(_ target: String, to path: String) throws(SystemError) -> Bool {
    let result = unsafe withSystemPaths(path, target) { path, target in
      unsafe linkat(AT_FDCWD, path, AT_FDCWD, target, 0)
    }
    if result == 0 { return true }
    switch errno {
    case EEXIST, ENOENT, ENOSPC, EDQUOT, EIO, EROFS: throw SystemError("link", target)
    default: return false
    }
  }

  /// Makes the folder `path`, which may not stand there yet.
  public static func makeNewDirectory(_ path: String) throws(SystemError) {
    guard unsafe withSystemPath(path, failure: -1, { unsafe mkdir($0, 0o777) }) == 0 else {
      throw SystemError("create", path)
    }
  }

  /// Removes the file, link, pipe or device at `path`.
  public static func removeFile(_ path: String) throws(SystemError) {
    guard unsafe withSystemPath(path, failure: -1, { unsafe unlink($0) }) == 0 else {
      throw SystemError("remove", path)
    }
  }

  /// Removes the folder at `path`, which must be empty.
  public static func removeFolder(_ path: String) throws(SystemError) {
    guard unsafe withSystemPath(path, failure: -1, { unsafe rmdir($0) }) == 0 else {
      throw SystemError("remove", path)
    }
  }

  private static func isUnsupported(_ code: Int32) -> Bool {
    [EINVAL, ENOSYS, ENOTSUP, EOPNOTSUPP].contains(code)
  }
}

/// A folder that this process holds against others that ask for it in the same way, until the value goes away or the
/// process ends, in whatever way.
public struct FolderLock: ~Copyable {
  private let folder: FileDescriptor

  /// Takes the lock of the folder at `path`; nil where another process holds it still after `patience` seconds, or the
  /// folder is not there. A file system without locks lets everybody have them.
  public init?(_ path: String, patience: Int = 0) {
    guard let folder = try? FileDescriptor(folder: path) else { return nil }
    for attempt in 0... {
      if folder.lock(waiting: false) || errno != EWOULDBLOCK { break }
      guard attempt < patience * 50 else { return nil }
      usleep(20_000)
    }
    self.folder = folder
  }
}
