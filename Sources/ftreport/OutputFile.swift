import FileSystem

/// A file that an option of the command names.
enum OutputFile {
  /// Writes `text` to `path`, whose folder is made where it is missing.
  static func write(_ text: String, to path: String) throws(Failure) {
    do throws(SystemError) {
      let parent = Path.parent(of: path)
      if !parent.isEmpty { try Files.makeDirectory(parent) }
      try Files.write(text, to: path)
    } catch {
      throw Failure(status: .usage, message: "\(error)")
    }
  }
}
