import Analysis
import Checkpoint
import EventFile
import FileSystem
import JSON
import Report
import RunFolder
import SQLite

/// Writes runs into a database, each in place of what it held of the same path.
final class DatabaseWriter: PointSink {
  private let file: ExportDatabase
  private var database: Database { file.database }
  private let addTag: Statement
  private let addPoint: Statement
  private var run: Int64 = 0
  /// The numbers of the run's tags.
  private var tags: [String: Int] = [:]
  /// What went wrong within a point, which the sink's callers know as an error of writing.
  private(set) var failure: SQLiteError?

  /// A writer into the database at `path`.
  init(_ path: String) throws(SQLiteError) {
    file = try ExportDatabase(path)
    addTag = try file.database.prepare("INSERT INTO tags(run, tag, kind) VALUES(?, ?, ?)")
    addPoint = try file.database.prepare(
      "INSERT INTO points(tag, step, wall_time, value, mark) VALUES(?, ?, ?, ?, ?)")
  }

  /// Begins with `run`: its row, its settings and its checkpoints; what the database held of it goes.
  func begin(_ run: TrainingRun) throws(SQLiteError) {
    // By hand: a cascade would look through every point for each tag.
    let old = try row("SELECT id FROM runs WHERE path = ?", run.path)
    if let old {
      for table in ["points", "items"] {
        try database.execute("DELETE FROM \(table) WHERE tag IN (SELECT id FROM tags WHERE run = \(old))")
      }
      try database.execute(
        "DELETE FROM tensors WHERE checkpoint IN (SELECT id FROM checkpoints WHERE run = \(old))")
      for table in ["tags", "settings", "findings", "checkpoints"] {
        try database.execute("DELETE FROM \(table) WHERE run = \(old)")
      }
      try database.execute("DELETE FROM runs WHERE id = \(old)")
    }
    let add = try database.prepare(
      "INSERT INTO runs(path, name, source, start_time, last_step) VALUES(?, ?, ?, ?, ?)")
    add.bind(1, run.path)
    add.bind(2, run.name)
    add.bind(3, run.source.rawValue)
    add.bind(4, run.segments.compactMap(\.startTime).min() ?? .nan)
    add.bind(5, run.segments.map(\.lastStep).max())
    try add.run()
    self.run = database.lastRow
    tags = [:]
    try addSettings(run)
    try addFindings(run)
    try addCheckpoints(run)
  }

  private func row(_ query: String, _ text: String) throws(SQLiteError) -> Int64? {
    let statement = try database.prepare(query)
    statement.bind(1, text)
    return try statement.step() ? statement.integer(0) : nil
  }

  private func addSettings(_ run: TrainingRun) throws(SQLiteError) {
    let add = try database.prepare("INSERT INTO settings(run, source, name, value) VALUES(?, ?, ?, ?)")
    let results = ConfigurationSection(source: "results", settings: run.results)
    for section in run.configuration + [results] {
      for setting in section.settings {
        add.bind(1, self.run)
        add.bind(2, section.source)
        add.bind(3, setting.name)
        add.bind(4, setting.value)
        try add.run()
      }
    }
  }

  private func addFindings(_ run: TrainingRun) throws(SQLiteError) {
    let add = try database.prepare(
      "INSERT INTO findings(run, kind, severity, metric, step, title, words) VALUES(?, ?, ?, ?, ?, ?, ?)")
    for finding in RunReport(RunAnalysis(of: run)).findings {
      add.bind(1, self.run)
      add.bind(2, finding["kind"]?.string)
      add.bind(3, finding["severity"]?.string)
      add.bind(4, finding["metric"]?.string)
      add.bind(5, finding["step"]?.int64)
      add.bind(6, finding["title"]?.string)
      add.bind(7, finding["text"]?.string)
      try add.run()
    }
  }

  private func addCheckpoints(_ run: TrainingRun) throws(SQLiteError) {
    let add = try database.prepare(
      "INSERT INTO checkpoints(run, step, path, format, fault) VALUES(?, ?, ?, ?, ?)")
    let addTensor = try database.prepare(
      "INSERT INTO tensors(checkpoint, name, dtype, shape, elements, bytes) VALUES(?, ?, ?, ?, ?, ?)")
    for folder in run.checkpoints {
      let checkpoint = Result { () throws(CheckpointError) in try Checkpoint(opening: folder.path) }
      let opened = try? checkpoint.get()
      add.bind(1, self.run)
      add.bind(2, folder.step)
      add.bind(3, folder.path)
      add.bind(4, opened?.format.rawValue)
      if case .failure(let error) = checkpoint {
        add.bind(5, "\(error)")
      } else {
        add.bind(5, nil as String?)
      }
      try add.run()
      let id = database.lastRow
      for tensor in opened?.tensors ?? [] {
        addTensor.bind(1, id)
        addTensor.bind(2, tensor.name)
        addTensor.bind(3, tensor.elementType.rawValue)
        addTensor.bind(4, JSONValue.array(tensor.shape.map { .number($0) }).text)
        addTensor.bind(5, Int64(tensor.elementCount))
        addTensor.bind(6, Int64(tensor.byteCount))
        try addTensor.run()
      }
    }
  }

  // MARK: Points

  func begin(file: String, of run: String) {}

  func number(of tag: String) -> Int? {
    if let number = tags[tag] { return number }
    do throws(SQLiteError) {
      let number = Int(try self.add(tag, "scalars"))
      tags[tag] = number
      return number
    } catch {
      failure = failure ?? error
      return nil
    }
  }

  private func add(_ tag: String, _ kind: String) throws(SQLiteError) -> Int64 {
    addTag.bind(1, run)
    addTag.bind(2, tag)
    addTag.bind(3, kind)
    try addTag.run()
    return database.lastRow
  }

  func write(_ point: Point, _ mark: PointMark?, of tag: Int) throws(SystemError) {
    addPoint.bind(1, Int64(tag))
    addPoint.bind(2, point.step)
    addPoint.bind(3, point.wallTime)
    addPoint.bind(4, point.value)
    addPoint.bind(5, mark.map(Self.name))
    do throws(SQLiteError) {
      try addPoint.run()
    } catch {
      failure = failure ?? error
      throw SystemError(operation: "write", path: database.path, code: SystemError.changed)
    }
  }

  /// The words for a mark.
  private static func name(_ mark: PointMark) -> String { mark == .superseded ? "superseded" : "duplicate" }

  // MARK: Other values

  /// Adds the values of `run` that are no numbers.
  func add(_ values: ValueWriter, of run: TrainingRun, wanted: Set<String>?) throws {
    let add = try database.prepare(
      "INSERT INTO items(tag, step, wall_time, body, mark) VALUES(?, ?, ?, ?, ?)")
    // A tag may have values of several kinds.
    var tags: [[String]: Int64] = [:]
    try values.objects(of: run, wanted: wanted) { track, place, mark, body in
      let key = [track.tag, track.kind?.rawValue ?? track.plugin]
      let tag = try tags[key] ?? self.add(key[0], key[1])
      tags[key] = tag
      add.bind(1, tag)
      add.bind(2, place.step)
      add.bind(3, place.wallTime)
      add.bind(4, JSONValue.object(body).text)
      add.bind(5, mark.map(Self.name))
      try add.run()
    }
  }

  func finish() throws(SystemError) {
    do throws(SQLiteError) {
      try file.commit()
    } catch {
      failure = failure ?? error
      throw SystemError(operation: "write", path: database.path, code: SystemError.changed)
    }
  }
}
