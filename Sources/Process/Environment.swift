internal import Libc

/// What the process was started with, beside its arguments.
public enum Environment {
  /// The value of an environment variable, or nil where it is not set.
  public static subscript(name: String) -> String? {
    guard let value = unsafe getenv(name) else { return nil }
    return unsafe String(cString: value)
  }

  /// Sets an environment variable, for what reads it later in this process.
  public static func set(_ name: String, _ value: String) { unsafe setenv(name, value, 1) }

  /// The number that the system knows this process by.
  public static var processIdentifier: Int32 { getpid() }

  /// Lets a write to a pipe that nobody reads any more end the process, without a word, as is the custom.
  ///
  /// Some parents start their children with that signal ignored.
  public static func endOnBrokenPipe() { _ = signal(SIGPIPE, SIG_DFL) }
}
