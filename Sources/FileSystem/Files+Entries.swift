internal import Libc

/// A name in a folder with what stands behind it.
public struct FolderEntry: Equatable, Sendable {
  /// The name.
  public var name: String
  /// What stands there, a symbolic link followed; nil for a link that leads nowhere.
  public var kind: FileStatus.Kind?
  /// Whether it is a symbolic link.
  public var isLink: Bool
}

extension Files {
  /// What is in the folder at `path`, without `.` and `..`, sorted by the bytes of the names.
  ///
  /// The listing itself tells the kinds; only links, and names on file systems that keep no kinds, are looked at one by
  /// one.
  public static func entries(in path: String) throws(SystemError) -> [FolderEntry] {
    var entries: [FolderEntry] = []
    try visitEntries(of: path) { name, type in
      switch type {
      case Int(DT_DIR): entries.append(FolderEntry(name: name, kind: .directory, isLink: false))
      case Int(DT_REG): entries.append(FolderEntry(name: name, kind: .file, isLink: false))
      case Int(DT_LNK), Int(DT_UNKNOWN):
        let place = Path.join(path, name)
        entries.append(FolderEntry(name: name, kind: kind(of: place), isLink: isSymbolicLink(place)))
      case Int(DT_FIFO): entries.append(FolderEntry(name: name, kind: .pipe, isLink: false))
      default: entries.append(FolderEntry(name: name, kind: .other, isLink: false))
      }
    }
    return entries.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
  }

  /// Gives each name in the folder at `path`, without `.` and `..`, and the type that the listing tells to `body`.
  static func visitEntries(of path: String, _ body: (String, Int) -> Void) throws(SystemError) {
    guard let directory = unsafe withSystemPath(path, failure: nil, { unsafe opendir($0) }) else {
      throw SystemError("list", path)
    }
    defer { unsafe closedir(directory) }
    while true {
      // A listing that breaks off is told by this alone, and is not to be taken for a shorter folder.
      errno = 0
      guard let entry = unsafe readdir(directory) else {
        guard errno == 0 else { throw SystemError("list", path) }
        return
      }
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe pathText($0) }
      }
      if name != "." && name != ".." { body(name, unsafe Int(entry.pointee.d_type)) }
    }
  }
}
