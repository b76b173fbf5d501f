internal import FileSystem
internal import JSON

/// What is wrong with a file that a trainer left behind: it cannot be read, or only in part.
public struct TrainerFileError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What is wrong.
  public enum Reason: Equatable, Sendable {
    /// The system did not let the file be read; in its words.
    case system(String)
    /// There is not a byte in it.
    case empty
    /// It is a Git LFS pointer to the file; the size of the real one in bytes, where the pointer says it.
    case gitLFSPointer(size: Int?)
    /// The text ends inside of a value, after so many bytes; the entries of its log before that were read.
    case truncated(at: Int, entries: Int)
    /// The text is not JSON, where and why.
    case notJSON(String)
    /// The JSON is not an object.
    case notAnObject
    /// The object has no `log_history` array.
    case notATrainerState
    /// The log has no entry.
    case emptyLog
    /// Lines of a log that cannot be read, by number from 1.
    case badLines([Int])
    /// The entries have no step: they are numbered in the order in which they were written.
    case noSteps
  }

  /// The path of the file.
  public var path: String
  /// What is wrong.
  public var reason: Reason

  /// An error from its parts.
  public init(path: String, reason: Reason) {
    self.path = path
    self.reason = reason
  }

  /// Whether the system did not let the file be read.
  var isRefused: Bool { if case .system = reason { true } else { false } }

  /// `path: what`.
  public var description: String { "\(path): \(words)" }

  /// What is wrong, without the path.
  public var words: String {
    switch reason {
    case .system(let words), .notJSON(let words): words
    case .empty: "empty"
    case .gitLFSPointer(let size):
      "a Git LFS pointer, not the file itself" + (size.map { " (\($0) bytes)" } ?? "")
        + ": fetch it with git lfs pull"
    case .truncated(let offset, let entries):
      "cut off after byte \(offset): "
        + (entries > 0 ? "\(entries) entries of its log were read" : "nothing of its log could be read")
    case .notAnObject: "not a JSON object"
    case .notATrainerState: "no log_history in it"
    case .emptyLog: "its log has no entry"
    case .badLines(let lines):
      (lines.count == 1 ? "line " : "lines ") + Self.ranges(lines) + ": not a line of a log"
    case .noSteps: "its log has no steps: the entries are numbered in the order in which they were written"
    }
  }

  /// `3–5, 9`, of very many the first.
  private static func ranges(_ lines: [Int]) -> String {
    var ranges: [ClosedRange<Int>] = []
    for line in lines {
      if let last = ranges.last, last.upperBound + 1 == line {
        ranges[ranges.count - 1] = last.lowerBound...line
      } else {
        ranges.append(line...line)
      }
    }
    let words = ranges.prefix(8).map {
      $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)–\($0.upperBound)"
    }
    return words.joined(separator: ", ") + (ranges.count > 8 ? ", …" : "")
  }

  // MARK: Reading

  /// The bytes of a text in UTF-8: without a byte order mark, and out of UTF-16 as some shells write it.
  static func read(_ path: String) throws(TrainerFileError) -> [UInt8] {
    let bytes: [UInt8]
    do { bytes = try Files.read(path) } catch {
      throw TrainerFileError(path: path, reason: .system("cannot \(error.operation): \(error.reason)"))
    }
    return text(bytes)
  }

  static func text(_ bytes: [UInt8]) -> [UInt8] {
    if bytes.starts(with: [0xef, 0xbb, 0xbf]) { return Array(bytes.dropFirst(3)) }
    let isLittle = bytes.starts(with: [0xff, 0xfe])
    guard isLittle || bytes.starts(with: [0xfe, 0xff]) else { return bytes }
    let units = stride(from: 2, to: bytes.count - 1, by: 2).map { index in
      isLittle
        ? UInt16(bytes[index]) | UInt16(bytes[index + 1]) << 8
        : UInt16(bytes[index]) << 8 | UInt16(bytes[index + 1])
    }
    return Array(String(decoding: units, as: UTF16.self).utf8)
  }

  /// The fault that a whole file has by its first bytes; nil where it may be what its name says.
  static func fault(_ bytes: [UInt8], path: String) -> TrainerFileError? {
    if bytes.isEmpty { return TrainerFileError(path: path, reason: .empty) }
    guard bytes.starts(with: "version https://git-lfs".utf8) else { return nil }
    let size = bytes.split(separator: UInt8(ascii: "\n")).first { $0.starts(with: "size ".utf8) }
      .flatMap { Int(String(decoding: $0.dropFirst(5), as: UTF8.self)) }
    return TrainerFileError(path: path, reason: .gitLFSPointer(size: size))
  }

  /// Whether the text ends within the number or the word in which `offset` lies, so that more of it may have followed.
  private static func isWithinToken(_ bytes: [UInt8], from offset: Int) -> Bool {
    bytes.dropFirst(offset).allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
        UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
        true
      default: false
      }
    }
  }

  static func parse(_ bytes: [UInt8], path: String) throws(TrainerFileError) -> JSONValue {
    if let fault = fault(bytes, path: path) { throw fault }
    let value: JSONValue
    do { value = try JSONValue(parsing: bytes, dialect: .python) } catch {
      let isCut = error.reason == .unexpectedEnd || isWithinToken(bytes, from: error.offset)
      throw TrainerFileError(
        path: path, reason: isCut ? .truncated(at: bytes.count, entries: 0) : .notJSON(error.description))
    }
    guard value.members != nil else { throw TrainerFileError(path: path, reason: .notAnObject) }
    return value
  }
}
