import SQLite

/// The database that `export --format sqlite` writes: what is in it, and that it is one of ours.
///
/// The schema is documented in docs/plugins.md; a change of it raises `version`.
final class ExportDatabase {
  let database: Database
  /// "ftrp", by which SQLite's own tools tell whose a file is.
  private static let application: Int64 = 0x6674_7270
  private static let version: Int64 = 1

  /// Opens the database at `path`, or makes it, and begins a transaction that `commit` ends.
  ///
  /// - Throws: `SQLiteError` also where the file is a database of somebody else's, or of another version of the schema.
  init(_ path: String) throws(SQLiteError) {
    database = try Database(path, .write)
    let application = try database.number("PRAGMA application_id") ?? 0
    let version = try database.number("PRAGMA user_version") ?? 0
    let isEmpty = try database.number("SELECT count(*) FROM sqlite_schema") == 0
    if !isEmpty {
      guard application == Self.application else {
        throw SQLiteError(path: path, reason: "a database that ftreport did not write; choose another file")
      }
      guard version == Self.version else {
        throw SQLiteError(
          path: path,
          reason: "has version \(version) of the schema, this is \(Self.version); choose another file")
      }
    }
    // The cache holds what a million points touch; a crash leaves the database as it was before the transaction.
    // No cascades: they would look through every point for each tag, and cannot be turned off within a transaction.
    try database.execute("PRAGMA cache_size = -65536; PRAGMA foreign_keys = OFF; BEGIN IMMEDIATE")
    if isEmpty {
      try database.execute(
        "PRAGMA application_id = \(Self.application); PRAGMA user_version = \(Self.version);" + Self.schema)
    }
  }

  /// Makes everything written since the opening last.
  func commit() throws(SQLiteError) { try database.execute("COMMIT") }

  private static let schema = """
    CREATE TABLE runs(
      id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, name TEXT NOT NULL, source TEXT NOT NULL,
      start_time REAL, last_step INTEGER);
    CREATE TABLE tags(
      id INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
      tag TEXT NOT NULL, kind TEXT NOT NULL, UNIQUE(run, tag, kind));
    CREATE TABLE points(
      tag INTEGER NOT NULL REFERENCES tags ON DELETE CASCADE,
      step INTEGER NOT NULL, wall_time REAL, value REAL, mark TEXT);
    CREATE TABLE items(
      tag INTEGER NOT NULL REFERENCES tags ON DELETE CASCADE,
      step INTEGER NOT NULL, wall_time REAL, body TEXT NOT NULL, mark TEXT);
    CREATE TABLE settings(
      run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
      source TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL);
    CREATE TABLE findings(
      run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
      kind TEXT NOT NULL, severity TEXT NOT NULL, metric TEXT NOT NULL, step INTEGER, title TEXT NOT NULL,
      words TEXT NOT NULL);
    CREATE TABLE checkpoints(
      id INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
      step INTEGER NOT NULL, path TEXT NOT NULL, format TEXT, fault TEXT);
    CREATE TABLE tensors(
      checkpoint INTEGER NOT NULL REFERENCES checkpoints ON DELETE CASCADE,
      name TEXT NOT NULL, dtype TEXT NOT NULL, shape TEXT NOT NULL, elements INTEGER NOT NULL, bytes INTEGER NOT NULL);
    CREATE VIEW curves AS
      SELECT runs.name AS run, tags.tag AS tag, step, wall_time, value
      FROM points JOIN tags ON points.tag = tags.id JOIN runs ON tags.run = runs.id WHERE mark IS NULL;
    """
}
