internal import CSQLite

/// A prepared statement: its parameters are numbered from 1, the columns of its rows from 0.
@safe public final class Statement {
  private let handle: OpaquePointer
  private let database: Database

  init(_ handle: OpaquePointer, of database: Database) {
    unsafe self.handle = handle
    self.database = database
  }

  deinit { unsafe sqlite3_finalize(handle) }

  /// SQLite copies what it is given at once.
  private static var copied: sqlite3_destructor_type {
    unsafe unsafeBitCast(-1, to: sqlite3_destructor_type.self)
  }

  /// Sets a parameter to a whole number, or to NULL.
  public func bind(_ parameter: Int32, _ value: Int64?) {
    if let value {
      unsafe sqlite3_bind_int64(handle, parameter, value)
    } else {
      unsafe sqlite3_bind_null(handle, parameter)
    }
  }

  /// Sets a parameter to a number; SQLite has no NaN and keeps NULL for it.
  public func bind(_ parameter: Int32, _ value: Double) {
    unsafe sqlite3_bind_double(handle, parameter, value)
  }

  /// Sets a parameter to a text, or to NULL.
  public func bind(_ parameter: Int32, _ value: String?) {
    guard let value else {
      unsafe sqlite3_bind_null(handle, parameter)
      return
    }
    let bytes = Array(value.utf8)
    unsafe bytes.withUnsafeBufferPointer { buffer in
      _ = unsafe buffer.withMemoryRebound(to: CChar.self) {
        unsafe sqlite3_bind_text64(
          handle, parameter, $0.baseAddress, UInt64($0.count), Self.copied, UInt8(SQLITE_UTF8))
      }
    }
    if bytes.isEmpty { unsafe sqlite3_bind_text(handle, parameter, "", 0, Self.copied) }
  }

  /// Goes to the next row; false where there is none.
  @discardableResult
  public func step() throws(SQLiteError) -> Bool {
    switch unsafe sqlite3_step(handle) {
    case SQLITE_ROW: return true
    case SQLITE_DONE: return false
    default:
      let failure = database.failure
      unsafe sqlite3_reset(handle)
      throw failure
    }
  }

  /// Carries the statement out, and makes it ready for the next time.
  public func run() throws(SQLiteError) {
    try step()
    unsafe sqlite3_reset(handle)
  }

  /// Makes the statement ready to be carried out again.
  public func reset() { unsafe sqlite3_reset(handle) }

  /// The whole number in a column; nil for NULL.
  public func integer(_ column: Int32) -> Int64? {
    unsafe sqlite3_column_type(handle, column) == SQLITE_NULL ? nil : sqlite3_column_int64(handle, column)
  }

  /// The number in a column; nil for NULL and for what is no number.
  public func double(_ column: Int32) -> Double? {
    switch unsafe sqlite3_column_type(handle, column) {
    case SQLITE_INTEGER, SQLITE_FLOAT: unsafe sqlite3_column_double(handle, column)
    default: nil
    }
  }

  /// The text in a column; nil for NULL. Bytes that are not UTF-8 are replaced.
  public func text(_ column: Int32) -> String? {
    guard unsafe sqlite3_column_type(handle, column) != SQLITE_NULL,
      let start = unsafe sqlite3_column_text(handle, column)
    else { return nil }
    let count = Int(unsafe sqlite3_column_bytes(handle, column))
    return unsafe String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
  }
}
