internal import Libc

/// One of the two streams that the process was started with for its words.
public enum StandardStream: Int32, Sendable {
  /// For results.
  case output = 1
  /// For complaints and progress.
  case error = 2

  /// Whether a person reads along at a terminal.
  public var isTerminal: Bool { isatty(rawValue) == 1 }

  /// The width of the terminal in columns, or nil where the stream is none.
  public var columns: Int? { size.flatMap { $0.ws_col > 0 ? Int($0.ws_col) : nil } }

  /// The height of the terminal in rows, or nil where the stream is none.
  public var rows: Int? { size.flatMap { $0.ws_row > 0 ? Int($0.ws_row) : nil } }

  private var size: winsize? {
    var size = winsize()
    return unsafe ioctl(rawValue, UInt(TIOCGWINSZ), &size) == 0 ? size : nil
  }

  /// The device and inode behind the stream.
  var identity: FileIdentity? {
    var record = stat()
    return unsafe fstat(rawValue, &record) == 0 ? FileStatus(record).identity : nil
  }

  /// Writes all of `bytes`.
  public func write(_ bytes: RawSpan) throws(SystemError) {
    try Platform.writeAll(bytes, to: rawValue, path: self == .output ? "standard output" : "standard error")
  }

  /// Writes all of `bytes`.
  public func write(_ bytes: [UInt8]) throws(SystemError) { try unsafe write(bytes.span.bytes) }

  /// Writes all of `text`.
  public func write(_ text: String) throws(SystemError) {
    var text = text
    text.makeContiguousUTF8()
    try unsafe write(text.utf8Span.span.bytes)
  }
}
