internal import CSQLite
internal import FileSystem

/// What SQLite says is wrong.
public struct SQLiteError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The path of the database.
  public var path: String
  /// SQLite's own words.
  public var reason: String

  /// An error from its parts.
  public init(path: String, reason: String) {
    self.path = path
    self.reason = reason
  }

  /// `file: what`.
  public var description: String { "\(path): \(reason)" }
}

/// An SQLite database in a file (https://sqlite.org/cintro.html).
@safe public final class Database {
  /// The path of the file.
  public let path: String
  private let handle: OpaquePointer

  /// How a database is opened.
  public enum Access: Sendable {
    /// To be read as it is: nothing is written, not even beside it, and its own schema is not trusted with functions.
    case read
    /// To be written; made where it is missing.
    case write
  }

  /// Opens the database at `path`.
  public init(_ path: String, _ access: Access) throws(SQLiteError) {
    var handle: OpaquePointer?
    let name = access == .read ? Self.address(of: path) : path
    let flags =
      access == .read
      ? SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI
      : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX
    let status = unsafe sqlite3_open_v2(name, &handle, flags, nil)
    guard status == SQLITE_OK, let open = unsafe handle else {
      let reason = unsafe handle.map { unsafe String(cString: sqlite3_errmsg($0)) } ?? "out of memory"
      unsafe sqlite3_close_v2(handle)
      throw SQLiteError(path: path, reason: reason)
    }
    self.path = path
    unsafe self.handle = open
    try execute("PRAGMA trusted_schema = OFF")
  }

  /// The address of a file to be read: where nobody has it open, as one that does not change, or SQLite would put `-wal`
  /// and `-shm` beside it.
  private static func address(of path: String) -> String {
    let name = PathBytes.bytes(path).map { "%" + String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }
    let isOpen = ["-wal", "-journal"].contains { Files.kind(of: path + $0) != nil }
    return "file:" + name.joined() + (isOpen ? "" : "?immutable=1")
  }

  deinit { unsafe sqlite3_close_v2(handle) }

  /// Carries out statements that give no rows.
  public func execute(_ statements: String) throws(SQLiteError) {
    guard unsafe sqlite3_exec(handle, statements, nil, nil, nil) == SQLITE_OK else { throw failure }
  }

  /// A statement to be carried out once or many times.
  public func prepare(_ text: String) throws(SQLiteError) -> Statement {
    var statement: OpaquePointer?
    guard unsafe sqlite3_prepare_v2(handle, text, -1, &statement, nil) == SQLITE_OK,
      let prepared = unsafe statement
    else { throw failure }
    return unsafe Statement(prepared, of: self)
  }

  /// The number in the first column of the only row that `query` gives; nil for no row, and for NULL.
  public func number(_ query: String) throws(SQLiteError) -> Int64? {
    let statement = try prepare(query)
    return try statement.step() ? statement.integer(0) : nil
  }

  /// The number of the row that was added last.
  public var lastRow: Int64 { unsafe sqlite3_last_insert_rowid(handle) }

  var failure: SQLiteError {
    SQLiteError(path: path, reason: unsafe String(cString: sqlite3_errmsg(handle)))
  }
}
