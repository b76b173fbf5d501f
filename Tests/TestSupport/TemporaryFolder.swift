public import FileSystem
public import Process
import Synchronization

/// A folder of a test's own, removed with everything in it when the object goes away.
public final class TemporaryFolder: Sendable {
  private static let count = Atomic<Int>(0)

  /// The absolute path.
  public let path: String

  /// Makes an empty folder.
  public init() throws(SystemError) {
    let number = Self.count.wrappingAdd(1, ordering: .relaxed).newValue
    let parent = Environment["TMPDIR"] ?? "/tmp"
    path = Path.join(parent, "ftreport-tests.\(Environment.processIdentifier).\(number)")
    try Files.makeDirectory(path)
  }

  deinit { try? Files.remove(path) }

  /// The path of `name` in the folder.
  public func file(_ name: String) -> String { Path.join(path, name) }

  /// Writes a file, and the folders above it, and returns its path.
  @discardableResult
  public func write(_ name: String, _ bytes: [UInt8]) throws(SystemError) -> String {
    let target = file(name)
    try Files.makeDirectory(Path.parent(of: target))
    let descriptor = try FileDescriptor(creating: target)
    try unsafe descriptor.write(bytes.span.bytes)
    return target
  }

  /// Writes a file of text, and the folders above it, and returns its path.
  @discardableResult
  public func write(_ name: String, _ text: String) throws(SystemError) -> String {
    try write(name, Array(text.utf8))
  }
}
