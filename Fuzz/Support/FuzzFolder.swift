import FileSystem
import Process

/// A folder in memory for the files of one fuzzer, which parsers open by their paths.
enum FuzzFolder {
  static let path: String = {
    let path = "/dev/shm/ftreport-fuzz.\(Environment.processIdentifier)"
    try? Files.makeDirectory(path)
    return path
  }()

  /// Writes `bytes` to the file `name` in the folder, and returns its path.
  static func write(_ name: String, _ bytes: RawSpan) -> String? {
    let target = Path.join(path, name)
    guard (try? FileDescriptor(creating: target).write(bytes)) != nil else { return nil }
    return target
  }
}
