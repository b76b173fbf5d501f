import EventFile
import FileSystem
import Report
import RunFolder

/// Why a point does not count.
enum PointMark {
  case superseded, duplicate
}

/// Where exported points go.
protocol PointSink: AnyObject {
  /// Begins the points of a file of a run.
  func begin(file: String, of run: String)
  /// The number by which `write` knows `tag` in this file; nil where the sink cannot take it.
  func number(of tag: String) -> Int?
  /// Writes a point of the tag that has this number.
  func write(_ point: Point, _ mark: PointMark?, of tag: Int) throws(SystemError)
  /// Writes what is still held back.
  func finish() throws(SystemError)
}

/// A run whose points are written as they stand in its files.
struct ExportedRun {
  /// The run's name.
  var name: String
  /// What its points are read from.
  private var source: Source
  private var wanted: Set<String>?
  private var marked: MarkedPoints

  private enum Source {
    /// Event files, which are read again, with the tags of each.
    case eventFiles([(path: String, tags: [String], isForeign: Bool)])
    /// The trainer's own file.
    case columns(path: String, [Series])
  }

  /// The points of `run` whose tags are `wanted`; nil for all.
  init(_ run: TrainingRun, wanted: Set<String>?) {
    name = run.name
    self.wanted = wanted
    marked = MarkedPoints(run)
    let foreign = Set(run.otherTrainings.flatMap(\.files))
    source =
      switch run.source {
      case .eventFiles, .valuesOnly:
        .eventFiles(run.eventFiles.map { ($0.path, $0.series.map(\.tag), foreign.contains($0.path)) })
      case .trainerLog: .columns(path: run.trainerLog?.path ?? run.path, run.trainerLog?.series ?? [])
      case .tracker:
        .columns(
          path: run.path,
          run.metrics.map { metric in
            var series = metric.series
            for point in Array(metric.superseded) + Array(metric.duplicates) { series.append(point) }
            return series
          })
      case .trainerState, .checkpointsOnly, .resultsOnly:
        .columns(path: run.trainerState?.path ?? run.path, run.trainerState?.series ?? [])
      }
  }

  /// The files that the points stand in.
  var paths: [String] {
    switch source {
    case .eventFiles(let files): files.map(\.path)
    case .columns(let path, _): [path]
    }
  }

  /// The wanted tags, some perhaps repeated.
  var tags: [String] {
    let tags =
      switch source {
      case .eventFiles(let files): files.flatMap(\.tags)
      case .columns(_, let columns): columns.map(\.tag)
      }
    return tags.filter { wanted?.contains($0) ?? true }
  }

  /// Writes every wanted point.
  func write(to sink: any PointSink) throws {
    var marked = marked
    switch source {
    case .eventFiles(let files):
      for file in files {
        sink.begin(file: file.path, of: name)
        let pass = FilePass(sink, wanted, marked, isForeign: file.isForeign)
        try EventFileContents.visitPoints(of: file.path, longestRecord: LongestRecord.current, pass.take)
        if let failure = pass.failure { throw failure }
        for tag in pass.lateTags {
          // The file is being written; its next export has them.
          let words = ForeignText.line("\(file.path): '\(tag)' began while the file was read and is left out")
          try StandardStream.error.write(words + "\n")
        }
        marked = pass.marked
      }
    case .columns(let path, let columns):
      sink.begin(file: path, of: name)
      for series in columns where wanted?.contains(series.tag) ?? true {
        guard let number = sink.number(of: series.tag) else { continue }
        for point in series {
          try sink.write(point, marked.take(point, of: series.tag), of: number)
        }
      }
    }
  }
}

/// One reading of an event file.
private final class FilePass {
  private let sink: any PointSink
  private var state: State

  /// Where the reading stands. It is one value, so that a point is one access to it.
  private struct State {
    let wanted: Set<String>?
    /// For each series of the file the sink's number of its tag.
    var numbers: [Int] = []
    /// The tags that the sink could not take.
    var lateTags: [String] = []
    var marked: MarkedPoints
    /// Whether the file is of another training in the same folder.
    let isForeign: Bool
    var failure: SystemError?
  }

  private static let unwanted = -1

  init(_ sink: any PointSink, _ wanted: Set<String>?, _ marked: MarkedPoints, isForeign: Bool) {
    self.sink = sink
    state = State(wanted: wanted, marked: marked, isForeign: isForeign)
  }

  /// The tags that the sink could not take.
  var lateTags: [String] { state.lateTags }
  /// What is left of the points that do not stand.
  var marked: MarkedPoints { state.marked }
  /// Why the sink took no more.
  var failure: SystemError? { state.failure }

  func take(_ point: EventPoint) { Self.take(point, &state, sink) }

  private static func take(_ point: EventPoint, _ state: inout State, _ sink: any PointSink) {
    // Series are numbered in the order of their first points.
    while state.numbers.count <= point.series { state.numbers.append(number(of: point.tag, &state, sink)) }
    let number = state.numbers[point.series]
    guard state.failure == nil, number != unwanted else { return }
    let value = Point(step: point.step, wallTime: point.wallTime, value: point.value)
    do throws(SystemError) {
      try sink.write(
        value, state.isForeign ? .superseded : state.marked.take(value, of: point.tag), of: number)
    } catch {
      state.failure = error
    }
  }

  private static func number(of tag: String, _ state: inout State, _ sink: any PointSink) -> Int {
    guard state.wanted?.contains(tag) ?? true else { return unwanted }
    if let number = sink.number(of: tag) { return number }
    state.lateTags.append(tag)
    return unwanted
  }
}

/// The points of a run that do not stand, to be recognised in its files.
struct MarkedPoints {
  private struct Key: Hashable {
    var step: Int64
    var wallTime: UInt64
    var value: UInt64
  }

  /// For each tag with such points, how often each occurs.
  private var superseded: [String: [Key: Int]] = [:]
  private var duplicates: [String: [Key: Int]] = [:]

  init(_ run: TrainingRun) {
    for metric in run.metrics {
      if !metric.superseded.isEmpty { superseded[metric.tag] = Self.counts(metric.superseded) }
      if !metric.duplicates.isEmpty { duplicates[metric.tag] = Self.counts(metric.duplicates) }
    }
  }

  /// How `point` is marked; each of them is found once.
  mutating func take(_ point: Point, of tag: String) -> PointMark? {
    if superseded.isEmpty && duplicates.isEmpty { return nil }
    let key = Self.key(point)
    if Self.take(key, tag, &superseded) { return .superseded }
    return Self.take(key, tag, &duplicates) ? .duplicate : nil
  }

  private static func take(_ key: Key, _ tag: String, _ counts: inout [String: [Key: Int]]) -> Bool {
    guard let count = counts[tag]?[key] else { return false }
    counts[tag]?[key] = count > 1 ? count - 1 : nil
    return true
  }

  private static func counts(_ series: Series) -> [Key: Int] {
    series.reduce(into: [:]) { $0[key($1), default: 0] += 1 }
  }

  private static func key(_ point: Point) -> Key {
    Key(step: point.step, wallTime: point.wallTime.bitPattern, value: point.value.bitPattern)
  }
}
