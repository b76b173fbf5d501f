#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Glibc
#endif

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

  /// The system's own words, as `strerror` gives them.
  public var reason: String { unsafe String(cString: strerror(code)) }

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
