internal import EventFile
internal import FileSystem
internal import JSON
internal import SQLite

/// The database in which trackio keeps the runs of a project.
enum TrackioDatabase {
  /// The runs in the database at `path`.
  static func runs(at path: String) throws(TrackerError) -> [TrackedRun] {
    guard isDatabase(path) else {
      throw TrackerError(path: path, reason: "not a database of SQLite", isForeign: true)
    }
    do throws(SQLiteError) {
      let database = try Database(path, .read)
      let columns = try Set(database.texts("SELECT name FROM pragma_table_info('metrics')"))
      if columns.isSuperset(of: ["timestamp", "run_name", "step", "metrics"]) {
        return try read(database, path, id: columns.contains("run_id") ? "run_id" : "run_name")
      }
    } catch {
      throw TrackerError(path: path, reason: error.reason)
    }
    throw TrackerError(path: path, reason: "not a database of trackio", isForeign: true)
  }

  private static func isDatabase(_ path: String) -> Bool {
    guard let file = try? FileDescriptor(reading: path) else { return false }
    var head = [UInt8](repeating: 0, count: 16)
    let count = (try? file.read(into: &head, at: 0..<16, offset: 0)) ?? 0
    return count == 16 && head.elementsEqual(Array("SQLite format 3\u{0}".utf8))
  }

  private static func read(_ database: Database, _ path: String, id: String) throws(SQLiteError)
    -> [TrackedRun]
  {
    var places: [String: Int] = [:]
    var runs: [TrackedRun] = []
    var columns: [SeriesColumns] = []
    let rows = try database.prepare(
      "SELECT \(id), run_name, timestamp, step, metrics FROM metrics ORDER BY rowid")
    while try rows.step() {
      let key = rows.text(0) ?? ""
      let place = places[key] ?? runs.count
      if place == runs.count {
        places[key] = place
        runs.append(TrackedRun(path: path, name: rows.text(1) ?? key))
        columns.append(SeriesColumns())
      }
      let time = rows.text(2).flatMap(Timestamp.seconds) ?? .nan
      guard let step = rows.integer(3), let text = rows.text(4),
        let value = try? JSONValue(parsing: Array(text.utf8), dialect: .python)
      else {
        runs[place].problems.append("\(path): a row of '\(runs[place].name)' that is no JSON")
        continue
      }
      for member in value.members ?? [] {
        guard let number = member.value.doubleOrWord else { continue }
        columns[place].append(number, to: member.key, step: step, wallTime: time)
      }
    }
    for index in runs.indices { runs[index].series = columns[index].series }
    if try Set(database.texts("SELECT name FROM pragma_table_info('configs')")).contains("config") {
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
  /// The texts in the first column of the rows that `query` gives.
  fileprivate func texts(_ query: String) throws(SQLiteError) -> [String] {
    let rows = try prepare(query)
    var texts: [String] = []
    while try rows.step() { texts.append(rows.text(0) ?? "") }
    return texts
  }
}

/// Moments as ISO 8601 writes them in UTC: `2026-11-26T13:44:43.501895+00:00`.
enum Timestamp {
  /// The seconds since 1970; nil for what is no such moment.
  static func seconds(_ text: String) -> Double? {
    let parts = text.split { "-T:+Z ".contains($0) }.map(String.init)
    guard parts.count >= 6, text.utf8.count >= 19, let year = Int(parts[0]), let month = Int(parts[1]),
      let day = Int(parts[2]), let hour = Int(parts[3]), let minute = Int(parts[4]),
      let second = Double(parts[5]),
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
