internal import Libc

extension Files {
  /// Writes `text` to what `path` names, so that no reader ever sees half of a file.
  ///
  /// A file is written under another name beside it and renamed over it, with its permissions; one that a link leads to
  /// is replaced where it is, and the link stays. What is no file is written through: a pipe, a device, a standard
  /// stream of this process under a name such as `/dev/stdout`, and a link that leads to nothing yet.
  public static func write(_ text: String, to path: String) throws(SystemError) {
    try write(Array(text.utf8), to: path)
  }

  /// Writes `bytes` to what `path` names, in the same way.
  public static func write(_ bytes: [UInt8], to path: String) throws(SystemError) {
    let status: FileStatus
    do throws(SystemError) {
      status = try self.status(of: path)
    } catch {
      guard error.isMissing else { throw error }
      if isSymbolicLink(path) { return try FileDescriptor(creating: path).write(bytes) }
      return try replace(path, by: bytes, permissions: nil)
    }
    for stream in [StandardStream.output, .error] where stream.identity == status.identity {
      return try stream.write(bytes)
    }
    switch status.kind {
    case .file:
      let target = isSymbolicLink(path) ? try realPath(of: path) : path
      try replace(target, by: bytes, permissions: status.permissions)
    case .directory: throw SystemError(operation: "write", path: path, code: EISDIR)
    case .pipe, .other: try FileDescriptor(writingThrough: path).write(bytes)
    }
  }

  private static func replace(
    _ path: String, by bytes: [UInt8], permissions: UInt32?
  ) throws(SystemError) {
    let temporary = Path.join(Path.parent(of: path), ".ftreport-" + unpredictableName())
    let file = try FileDescriptor(creatingNew: temporary)
    do throws(SystemError) {
      if let permissions { try file.setPermissions(permissions) }
      try file.write(bytes)
      try rename(temporary, to: path)
    } catch {
      try? removeFile(temporary)
      throw error
    }
  }

  /// A name that nobody can have put there before: 60 random bits.
  public static func unpredictableName() -> String {
    let letters = Array("abcdefghijklmnopqrstuvwxyz234567")
    return String((0..<12).map { _ in letters[Int.random(in: 0..<letters.count)] })
  }
}
