import Arrow
import EventFile
import FileSystem

/// Writes points to standard output as an Arrow IPC stream.
///
/// Its dictionaries come first, so that all runs, files and tags have to be known before the first point.
final class ArrowPointWriter: PointSink {
  private let stream = ArrowStream([
    ArrowField("run", .utf8, dictionary: 0), ArrowField("file", .utf8, dictionary: 1),
    ArrowField("tag", .utf8, dictionary: 2), ArrowField("step", .int64),
    ArrowField("wall_time", .float64, isNullable: true), ArrowField("value", .float64),
    ArrowField("superseded", .bool), ArrowField("duplicate", .bool),
  ])
  private let runs: [String: Int32]
  private let files: [String: Int32]
  private let tags: [String: Int32]

  private var batch = Batch()
  private var bytes: [UInt8] = []

  /// Rows that are not written yet, in columns. They are one value, so that a row is one access to the writer's state.
  private struct Batch {
    /// The rows of a whole batch; large enough that its heading weighs nothing, small enough to stay in the caches.
    static let size = 65_536
    /// The runs and files of the rows, as how many rows on end have one.
    private var stretches: [(run: Int32, file: Int32, start: Int)] = []
    private var tags: [Int32] = []
    private var steps: [Int64] = []
    private var wallTimes: [Double] = []
    private var missingTimes: [Int] = []
    private var values: [Double] = []
    private var superseded: [Int] = []
    private var duplicates: [Int] = []

    init() {
      tags.reserveCapacity(Self.size)
      steps.reserveCapacity(Self.size)
      wallTimes.reserveCapacity(Self.size)
      values.reserveCapacity(Self.size)
    }

    var count: Int { steps.count }

    mutating func begin(run: Int32, file: Int32) { stretches.append((run, file, steps.count)) }

    mutating func append(_ point: Point, _ mark: PointMark?, of tag: Int) {
      if point.wallTime.isNaN { missingTimes.append(steps.count) }
      switch mark {
      case nil: break
      case .superseded: superseded.append(steps.count)
      case .duplicate: duplicates.append(steps.count)
      }
      tags.append(Int32(truncatingIfNeeded: tag))
      steps.append(point.step)
      wallTimes.append(point.wallTime)
      values.append(point.value)
    }

    /// The columns in the order of the schema.
    var columns: [ArrowColumn] {
      var runs: [Int32] = []
      var files: [Int32] = []
      for (index, stretch) in stretches.enumerated() {
        let end = index + 1 < stretches.count ? stretches[index + 1].start : steps.count
        runs.append(contentsOf: repeatElement(stretch.run, count: end - stretch.start))
        files.append(contentsOf: repeatElement(stretch.file, count: end - stretch.start))
      }
      return [
        .indices(runs), .indices(files), .indices(tags), .int64(steps),
        .float64(wallTimes, missing: missingTimes), .float64(values),
        .bool(truths: superseded, count: steps.count), .bool(truths: duplicates, count: steps.count),
      ]
    }

    /// Forgets the rows; the file that is being read goes on.
    mutating func clear() {
      stretches = stretches.suffix(1).map { ($0.run, $0.file, 0) }
      tags.removeAll(keepingCapacity: true)
      steps.removeAll(keepingCapacity: true)
      wallTimes.removeAll(keepingCapacity: true)
      missingTimes.removeAll(keepingCapacity: true)
      values.removeAll(keepingCapacity: true)
      superseded.removeAll(keepingCapacity: true)
      duplicates.removeAll(keepingCapacity: true)
    }
  }

  /// A writer that has written the schema and the dictionaries.
  init(runs: [String], files: [String], tags: [String]) throws(SystemError) {
    let dictionaries = [runs, files, tags].map(Self.numbered)
    self.runs = dictionaries[0].numbers
    self.files = dictionaries[1].numbers
    self.tags = dictionaries[2].numbers
    try StandardStream.output.write(stream.schema)
    for (id, dictionary) in dictionaries.enumerated() {
      try StandardStream.output.write(ArrowStream.dictionary(Int64(id), dictionary.names))
    }
  }

  /// The names without repetition in their order, and the place of each.
  private static func numbered(_ names: [String]) -> (names: [String], numbers: [String: Int32]) {
    var numbers: [String: Int32] = [:]
    var unique: [String] = []
    for name in names where numbers[name] == nil {
      numbers[name] = Int32(unique.count)
      unique.append(name)
    }
    return (unique, numbers)
  }

  func begin(file: String, of run: String) {
    guard let run = runs[run], let file = files[file] else {
      preconditionFailure("a file that was not announced")
    }
    batch.begin(run: run, file: file)
  }

  func number(of tag: String) -> Int? { tags[tag].map(Int.init) }

  func write(_ point: Point, _ mark: PointMark?, of tag: Int) throws(SystemError) {
    batch.append(point, mark, of: tag)
    if batch.count == Batch.size { try writeBatch() }
  }

  func finish() throws(SystemError) {
    try writeBatch()
    try StandardStream.output.write(ArrowStream.end)
  }

  private func writeBatch() throws(SystemError) {
    guard batch.count > 0 else { return }
    stream.append(batch.columns, to: &bytes)
    batch.clear()
    try StandardStream.output.write(bytes)
    bytes.removeAll(keepingCapacity: true)
  }
}
