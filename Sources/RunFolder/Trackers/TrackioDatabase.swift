internal import EventFile
internal import FileSystem
internal import JSON
internal import SQLite

/// The database in which trackio keeps the runs of a project.
enum TrackioDatabase {
  /// The runs in the database at `path`.
  static func runs(at path: String) throws(TrackerError) -> [TrackedRun] {
    let isDatabase: Bool
    do throws(SystemError) {
      isDatabase = try self.isDatabase(path)
    } catch {
      throw TrackerError(path: path, reason: "cannot be read: \(error.reason)", isRefused: error.isRefusal)
    }
    guard isDatabase else {
      throw TrackerError(path: path, reason: "not a database of SQLite", isForeign: true)
    }
    do throws(SQLiteError) {
      let database = try Database(path, .read)
      // A table alone: a view may have rows without an end.
      let columns = try database.isTable("metrics") ? database.columns(of: "metrics") : []
      if columns.isSuperset(of: ["timestamp", "run_name", "step", "metrics"]) {
        return try read(database, path, id: columns.contains("run_id") ? "run_id" : "run_name")
      }
    } catch {
      throw TrackerError(path: path, reason: error.reason)
    }
    throw TrackerError(path: path, reason: "not a database of trackio", isForeign: true)
  }

  private static func isDatabase(_ path: String) throws(SystemError) -> Bool {
    var head = [UInt8](repeating: 0, count: 16)
    return try FileDescriptor(reading: path).fill(&head, from: 0) == 16
      && head.elementsEqual("SQLite format 3\u{0}".utf8)
  }

  private static func read(_ database: Database, _ path: String, id: String) throws(SQLiteError)
    -> [TrackedRun]
  {
    var places: [String: Int] = [:]
    var runs: [TrackedRun] = []
    var columns: [SeriesColumns] = []
    var badRows: [Int] = []
    let rows = try database.prepare(
      "SELECT \(id), run_name, timestamp, step, metrics FROM metrics ORDER BY rowid")
    while try rows.step() {
      let key = rows.text(0) ?? ""
      let place = places[key] ?? runs.count
      if place == runs.count {
        places[key] = place
        runs.append(TrackedRun(path: path, name: rows.text(1) ?? key))
        columns.append(SeriesColumns())
        badRows.append(0)
      }
      let time = rows.text(2).flatMap(Timestamp.seconds) ?? .nan
      guard let step = rows.integer(3), let text = rows.text(4),
        let value = try? JSONValue(parsing: Array(text.utf8), dialect: .python)
      else {
        badRows[place] += 1
        continue
      }
      for member in value.members ?? [] {
        guard let number = member.value.doubleOrWord else { continue }
        columns[place].append(number, to: member.key, step: step, wallTime: time)
      }
    }
    for index in runs.indices {
      runs[index].series = columns[index].series
      let count = badRows[index]
      guard count > 0 else { continue }
      let rows =
        count == 1
        ? "a row of '\(runs[index].name)' that is" : "\(count) rows of '\(runs[index].name)' that are"
      runs[index].problems.append("\(path): \(rows) no JSON")
    }
    if try database.isTable("configs"), try database.columns(of: "configs").contains("config") {
      let rows = try database.prepare("SELECT \(id), config FROM configs")
      while try rows.step() {
        guard let place = places[rows.text(0) ?? ""], let text = rows.text(1),
          let value = try? JSONValue(parsing: Array(text.utf8), dialect: .python)
        else { continue }
        runs[place].settings = (value.members ?? []).filter { !$0.key.hasPrefix("_") }.map {
          Setting(name: $0.key, value: $0.value.string ?? $0.value.text)
        }
      }
    }
    return runs
  }
}

extension Database {
  /// Whether there is a table called `name` that the file itself holds, no view, and none that a module makes up.
  fileprivate func isTable(_ name: String) throws(SQLiteError) -> Bool {
    try number(
      "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = '\(name)' AND sql NOT LIKE '%VIRTUAL%'"
    ) == 1
  }

  /// The names of a table's columns.
  fileprivate func columns(of table: String) throws(SQLiteError) -> Set<String> {
    let rows = try prepare("SELECT name FROM pragma_table_info('\(table)')")
    var names: Set<String> = []
    while try rows.step() { names.insert(rows.text(0) ?? "") }
    return names
  }
}

/// Moments as ISO 8601 writes them in UTC: `2026-11-26T13:44:43.501895+00:00`.
enum Timestamp {
  /// The seconds since 1970; nil for what is no such moment.
  static func seconds(_ text: String) -> Double? {
    let parts = text.split { "-T:+Z ".contains($0) }.map(String.init)
    guard parts.count >= 6, text.utf8.count >= 19, let year = Int(parts[0]), let month = Int(parts[1]),
      let day = Int(parts[2]), let hour = Int(parts[3]), let minute = Int(parts[4]),
      let second = Double(parts[5]), (0..<24).contains(hour), (0..<60).contains(minute),
      (0..<61).contains(second),
      (1...12).contains(month), (1...31).contains(day), (1970...9999).contains(year)
    else { return nil }
    // Days since 1970 by the civil calendar, March first (Howard Hinnant's days_from_civil).
    let shifted = month <= 2 ? year - 1 : year
    let era = shifted / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    let days = era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    return Double(days * 86400 + hour * 3600 + minute * 60) + second
  }
}
