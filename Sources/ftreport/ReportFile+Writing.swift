import FileSystem
import Report

extension ReportFile {
  /// The name in the folder, and what to write there, with `clean` applied to what is text.
  func cleaned(_ clean: (String) -> String) -> ReportFile {
    var file = self
    file.path = clean(path)
    if bytes == nil { file.text = clean(text) }
    return file
  }

  /// Writes a new file at `target`.
  func write(to target: String) throws(SystemError) {
    let file = try FileDescriptor(creatingNew: target)
    if let bytes { try file.write(bytes) } else { try file.write(text) }
  }
}
