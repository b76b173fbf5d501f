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

  /// The rows of a batch; large enough that its heading weighs nothing, small enough to stay in the caches.
  private static let batchSize = 65_536
  /// The runs and files of the batch's rows, as how many rows on end have one.
  private var stretches: [(run: Int32, file: Int32, start: Int)] = []
  private var tagColumn: [Int32] = []
  private var steps: [Int64] = []
  private var wallTimes: [Double] = []
  private var missingTimes: [Int] = []
  private var values: [Double] = []
  private var superseded: [Int] = []
  private var duplicates: [Int] = []
  private var bytes: [UInt8] = []

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
    tagColumn.reserveCapacity(Self.batchSize)
    steps.reserveCapacity(Self.batchSize)
    wallTimes.reserveCapacity(Self.batchSize)
    values.reserveCapacity(Self.batchSize)
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
    stretches.append((run, file, steps.count))
  }

  func number(of tag: String) -> Int? { tags[tag].map(Int.init) }

  func write(_ point: Point, _ mark: PointMark?, of tag: Int) throws(SystemError) {
    if point.wallTime.isNaN { missingTimes.append(steps.count) }
    switch mark {
    case nil: break
    case .superseded: superseded.append(steps.count)
    case .duplicate: duplicates.append(steps.count)
    }
    tagColumn.append(Int32(truncatingIfNeeded: tag))
    steps.append(point.step)
    wallTimes.append(point.wallTime)
    values.append(point.value)
    if steps.count == Self.batchSize { try writeBatch() }
  }

  func finish() throws(SystemError) {
    try writeBatch()
    try StandardStream.output.write(ArrowStream.end)
  }

  private func writeBatch() throws(SystemError) {
    guard !steps.isEmpty else { return }
    var runColumn: [Int32] = []
    var fileColumn: [Int32] = []
    for (index, stretch) in stretches.enumerated() {
      let end = index + 1 < stretches.count ? stretches[index + 1].start : steps.count
      runColumn.append(contentsOf: repeatElement(stretch.run, count: end - stretch.start))
      fileColumn.append(contentsOf: repeatElement(stretch.file, count: end - stretch.start))
    }
    stream.append(
      [
        .indices(runColumn), .indices(fileColumn), .indices(tagColumn), .int64(steps),
        .float64(wallTimes, missing: missingTimes), .float64(values),
        .bool(truths: superseded, count: steps.count), .bool(truths: duplicates, count: steps.count),
      ], to: &bytes)
    try StandardStream.output.write(bytes)
    bytes.removeAll(keepingCapacity: true)
    // The file that is being read goes on.
    stretches = stretches.suffix(1).map { ($0.run, $0.file, 0) }
    tagColumn.removeAll(keepingCapacity: true)
    steps.removeAll(keepingCapacity: true)
    wallTimes.removeAll(keepingCapacity: true)
    missingTimes.removeAll(keepingCapacity: true)
    values.removeAll(keepingCapacity: true)
    superseded.removeAll(keepingCapacity: true)
    duplicates.removeAll(keepingCapacity: true)
  }
}
