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
  private let wanted: Set<String>?
  /// For each series of the file the sink's number of its tag.
  private var numbers: [Int] = []
  /// The tags that the sink could not take.
  private(set) var lateTags: [String] = []
  private(set) var marked: MarkedPoints
  /// Whether the file is of another training in the same folder.
  private let isForeign: Bool
  private(set) var failure: SystemError?

  private static let unwanted = -1

  init(_ sink: any PointSink, _ wanted: Set<String>?, _ marked: MarkedPoints, isForeign: Bool) {
    self.sink = sink
    self.wanted = wanted
    self.marked = marked
    self.isForeign = isForeign
  }

  func take(_ point: EventPoint) {
    // Series are numbered in the order of their first points.
    while numbers.count <= point.series { numbers.append(number(of: point.tag)) }
    let number = numbers[point.series]
    guard failure == nil, number != Self.unwanted else { return }
    let value = Point(step: point.step, wallTime: point.wallTime, value: point.value)
    do throws(SystemError) {
      try sink.write(value, isForeign ? .superseded : marked.take(value, of: point.tag), of: number)
    } catch {
      failure = error
    }
  }

  private func number(of tag: String) -> Int {
    guard wanted?.contains(tag) ?? true else { return Self.unwanted }
    if let number = sink.number(of: tag) { return number }
    lateTags.append(tag)
    return Self.unwanted
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
