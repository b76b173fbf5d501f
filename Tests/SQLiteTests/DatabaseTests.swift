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
}
