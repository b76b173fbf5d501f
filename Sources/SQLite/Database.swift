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
    let name = access == .read ? try Self.address(of: path) : path
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
    if access == .read {
      // A database of others: no text or blob of more than that, nothing of the log carried over at the end, and where
      // nobody shares the log, no file beside it.
      unsafe sqlite3_limit(open, SQLITE_LIMIT_LENGTH, Self.valueLimit)
      unsafe sqlite_keep_log(open)
      if name.hasSuffix(Self.alone) { try execute("PRAGMA locking_mode = EXCLUSIVE") }
    }
  }

  /// The most bytes of a value that is read.
  private static let valueLimit: Int32 = 1 << 26
  /// The way to open a database and its log that no other program has open: without locks.
  private static let alone = "?vfs=unix-none"

  /// The address of a file to be read, so that SQLite puts no `-wal` and no `-shm` beside it: where there is no log, as one
  /// that does not change; where there is one that no program shares, without locks, which keeps the index of the log in
  /// memory.
  ///
  /// - Throws: `SQLiteError` where one of the files is none: a pipe would keep the caller for ever.
  private static func address(of path: String) throws(SQLiteError) -> String {
    // SQLite looks for the others beside the file that a link leads to.
    let real = (try? Files.realPath(of: path)) ?? path
    let name = PathBytes.bytes(real).map { "%" + String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }
    let kinds = ["", "-wal", "-journal", "-shm"].map { Files.kind(of: real + $0) }
    for kind in kinds where kind != nil && kind != .file {
      throw SQLiteError(path: path, reason: "it or a file of its log is no regular file")
    }
    let query = kinds[1] == nil && kinds[2] == nil ? "?immutable=1" : kinds[3] == nil ? alone : ""
    return "file:" + name.joined() + query
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
