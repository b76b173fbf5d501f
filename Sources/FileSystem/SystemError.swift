internal import Libc

/// A failed call to the operating system: what was tried, on which path, and the `errno` it gave.
public struct SystemError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The verb of the failed call, for example `open`.
  public let operation: String
  /// The path that the call was given.
  public let path: String
  /// The value of `errno` after the call.
  public let code: Int32

  /// Creates an error from its parts.
  public init(operation: String, path: String, code: Int32) {
    self.operation = operation
    self.path = path
    self.code = code
  }

  /// Creates an error from the current `errno`.
  init(_ operation: String, _ path: String) {
    self.init(operation: operation, path: path, code: errno)
  }

  /// Whether the path does not exist.
  public var isMissing: Bool { code == ENOENT || code == ENOTDIR }

  /// Whether something stands there that the system did not let be read.
  public var isRefusal: Bool { !isMissing && code != Self.notRegular && code != Self.changed }

  /// The `code` of something that is neither a file nor a folder, and therefore is not opened.
  public static let notRegular: Int32 = -1
  /// The `code` of a file that changed while it was read.
  public static let changed: Int32 = -2

  /// The system's own words, as `strerror` gives them.
  public var reason: String {
    switch code {
    case Self.notRegular: "it is a pipe, a socket or a device, not a file"
    case Self.changed: "it changed while it was read"
    default: unsafe String(cString: strerror(code))
    }
  }

  /// `path: cannot open: No such file or directory`.
  public var description: String { "\(path): cannot \(operation): \(reason)" }
}

/// Calls `body` again as long as a signal interrupted it.
func retryingOnInterrupt<Result: SignedInteger>(_ body: () -> Result) -> Result {
  while true {
    let result = body()
    if result != -1 || errno != EINTR { return result }
  }
}
