import FileSystem
import Libc
import SQLite
import TestSupport
import Testing

struct DatabaseTests {
  @Test func `what was written is read back, of every type`() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("a.db")
    do {
      let database = try Database(path, .write)
      try database.execute("CREATE TABLE t(i INTEGER, d REAL, s TEXT)")
      let add = try database.prepare("INSERT INTO t VALUES(?, ?, ?)")
      for (number, value, text) in [
        (Int64.min, -0.5, "größe\u{0}x"), (0, .infinity, ""), (Int64.max, .nan, "'; DROP TABLE t; --"),
      ] {
        add.bind(1, number)
        add.bind(2, value)
        add.bind(3, text)
        try add.run()
      }
      add.bind(1, nil as Int64?)
      add.bind(3, nil as String?)
      try add.run()
    }
    let database = try Database(path, .read)
    let rows = try database.prepare("SELECT i, d, s FROM t ORDER BY rowid")
    var found: [(Int64?, Double?, String?)] = []
    while try rows.step() { found.append((rows.integer(0), rows.double(1), rows.text(2))) }
    #expect(found.map(\.0) == [.min, 0, .max, nil])
    // There is no NaN in SQLite: NULL stands for it, the fourth kept what was bound before.
    #expect(found.map(\.1) == [-0.5, .infinity, nil, nil])
    #expect(found.map(\.2) == ["größe\u{0}x", "", "'; DROP TABLE t; --", nil])
    #expect(throws: SQLiteError.self) { try database.execute("DELETE FROM t") }
  }

  @Test func `what is wrong is told with the path`() throws {
    let folder = try TemporaryFolder()
    let error = #expect(throws: SQLiteError.self) { try Database(folder.file("none.db"), .read) }
    #expect(error?.description == "\(folder.file("none.db")): unable to open database file")
    let text = try folder.write(
      "text.db", "no database, but more than a hundred bytes of text " + String(repeating: "x", count: 200))
    #expect(throws: SQLiteError(path: text, reason: "file is not a database")) {
      try Database(text, .read).number("SELECT count(*) FROM sqlite_schema")
    }
  }

  /// A copy of a database that is written ahead into a log, as one is that was taken from a machine in use: ten rows, five
  /// of them in the log alone.
  private func copyWithLog(in folder: TemporaryFolder) throws -> String {
    let live = folder.file("live.db")
    let database = try Database(live, .write)
    try database.execute("CREATE TABLE t(i)")
    for number in 0..<5 { try database.execute("INSERT INTO t VALUES(\(number))") }
    try database.execute("PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0")
    for number in 5..<10 { try database.execute("INSERT INTO t VALUES(\(number))") }
    for ending in ["", "-wal"] { try folder.write("copy/a.db" + ending, Files.read(live + ending)) }
    return folder.file("copy/a.db")
  }

  @Test(arguments: [false, true])
  func `a database is read with its log, and nothing is written beside it`(isLink: Bool) throws {
    let folder = try TemporaryFolder()
    var path = try copyWithLog(in: folder)
    let before = try [path, path + "-wal"].map { try Files.read($0) }
    if isLink {
      try Files.link(folder.file("link.db"), to: path)
      path = folder.file("link.db")
    }
    #expect(try Database(path, .read).number("SELECT count(*) FROM t") == 10)
    #expect(try Files.names(in: folder.file("copy")) == ["a.db", "a.db-wal"])
    #expect(try ["", "-wal"].map { try Files.read(folder.file("copy/a.db") + $0) } == before)
  }

  @Test func `a database that a program has open is read as far as it was written`() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("a.db")
    let writer = try Database(path, .write)
    try writer.execute("PRAGMA journal_mode = WAL; CREATE TABLE t(i); INSERT INTO t VALUES(1)")
    #expect(try Database(path, .read).number("SELECT count(*) FROM t") == 1)
    try writer.execute("INSERT INTO t VALUES(2)")
    #expect(try Database(path, .read).number("SELECT count(*) FROM t") == 2)
    #expect(try Files.names(in: folder.path) == ["a.db", "a.db-shm", "a.db-wal"])
  }

  @Test(.timeLimit(.minutes(20)), arguments: ["", "-wal", "-journal", "-shm"])
  func `a pipe in the place of one of its files is told, not waited for`(ending: String) throws {
    let folder = try TemporaryFolder()
    let path = try copyWithLog(in: folder)
    try? Files.removeFile(path + ending)
    #expect(unsafe mkfifo(path + ending, 0o600) == 0)
    let error = #expect(throws: SQLiteError.self) { try Database(path, .read) }
    #expect(error?.reason == "it or a file of its log is no regular file")
  }

  @Test func `a value of gigabytes is an error`() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("a.db")
    try Database(path, .write).execute("CREATE TABLE t(i)")
    #expect(throws: SQLiteError(path: path, reason: "string or blob too big")) {
      try Database(path, .read).number("SELECT length(zeroblob(100000000))")
    }
  }
}
