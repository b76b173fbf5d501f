import FileSystem
import Process

/// What comes out of the pipe at `path` while `write` runs on a thread of its own; nothing where it cannot be read.
func bytes(throughPipe path: String, _ write: @Sendable () -> Void) -> [UInt8] {
  concurrentMap(count: 2, threads: 2) { side -> [UInt8] in
    if side == 0 {
      write()
      return []
    }
    var bytes = [UInt8](repeating: 0, count: 100)
    guard let file = try? FileDescriptor(reading: path, acceptsPipe: true),
      let count = try? file.read(into: &bytes, at: 0..<100, offset: nil)
    else { return [] }
    return Array(bytes.prefix(count))
  }[1]
}
