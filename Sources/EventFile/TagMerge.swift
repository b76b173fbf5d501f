/// The merge of one tag: pieces of its series that stand, in the order of their steps.
struct TagMerge {
  /// A place where points were superseded.
  struct Cut {
    var segment: Int
    /// 0 where the segment begins, then the number of the restart in it.
    var part: Int
    var step: Int64
    var wallTime: Double
    var count: Int
  }

  /// Points of one source with rising steps, all beyond those of the piece before.
  private struct Piece {
    var source: Int
    var range: Range<Int>
  }

  private struct Source {
    var series: Series
    var place: (segment: Int, series: Int)
    /// The positions in the file, where the points were sorted.
    var order: [Int]?
  }

  /// In how many points steps may go back before several writers are to blame, and the share of them.
  private static let mostResumes = 4
  private static let resumeShare = 10

  private(set) var cuts: [Cut] = []
  private(set) var isInterleaved = false
  private var sources: [Source] = []
  private var pieces: [Piece] = []
  private var superseded: [Piece] = []
  private var duplicateCount = 0
  private let recordsFates: Bool
  private var changed: [[SeriesMerge.Fate]] = []

  init(recordsFates: Bool) {
    self.recordsFates = recordsFates
  }

  /// The fates of the points of each source.
  var fates: [(place: (segment: Int, series: Int), [SeriesMerge.Fate])] {
    zip(sources, changed).map { ($0.place, $1) }
  }

  // MARK: Adding

  /// Adds the points of the next segment, with the restarts that came before so many of its points.
  mutating func add(
    _ series: Series, place: (segment: Int, series: Int), starts: [(step: Int64, before: Int)]
  ) {
    let source = sources.count
    sources.append(Source(series: series, place: place))
    if recordsFates { changed.append([SeriesMerge.Fate](repeating: .stands, count: series.count)) }
    let firstRise = series.steps.withRise(from: 0, limit: series.count)
    if firstRise < series.count { sortIfInterleaved(source) }

    var starts = starts[...]
    var part = 0
    var index = 0
    let count = series.count
    while index < count {
      while let start = starts.first, start.before <= index {
        starts.removeFirst()
        if index > 0 { part += 1 }
        purge(
          from: start.step, segment: place.segment, position: part, sources[source].series.wallTimes[index])
      }
      let limit = min(count, starts.first?.before ?? count)
      let end = firstRise == count ? limit : endOfRise(source, from: index, limit: limit)
      part = join(Piece(source: source, range: index..<end), count, part, place.segment)
      index = end
    }
    for start in starts {
      if count > 0 { part += 1 }
      purge(from: start.step, segment: place.segment, position: part)
    }
  }

  /// Supersedes the points from `step` on.
  mutating func purge(from step: Int64, segment: Int, position: Int, _ wallTime: Double = .nan) {
    let count = supersede(from: step)
    if count > 0 {
      cuts.append(Cut(segment: segment, part: position, step: step, wallTime: wallTime, count: count))
    }
  }

  /// Adds a piece of `count` points of a segment, and returns the part of the segment it belongs to.
  private mutating func join(_ piece: Piece, _ count: Int, _ part: Int, _ segment: Int) -> Int {
    let series = sources[piece.source].series
    let first = series.steps[piece.range.lowerBound]
    defer { pieces.append(piece) }
    guard let last = lastStep, first <= last else { return part }
    let isSameSegment = piece.range.lowerBound > 0
    let isRepeated = isSameSegment && series.steps[piece.range.lowerBound - 1] == first
    let isAlone = !isSameSegment && series.steps[piece.range].first == series.steps[count - 1]
    if first == last, isRepeated || isAlone {
      dropLast()
      return part
    }
    let wallTime = series.wallTimes[piece.range.lowerBound]
    let next = isSameSegment ? part + 1 : part
    let number = supersede(from: first)
    cuts.append(Cut(segment: segment, part: next, step: first, wallTime: wallTime, count: number))
    return next
  }

  private var lastStep: Int64? {
    pieces.last.map { sources[$0.source].series.steps[$0.range.upperBound - 1] }
  }

  private func endOfRise(_ source: Int, from start: Int, limit: Int) -> Int {
    sources[source].series.steps.withRise(from: start, limit: limit)
  }

  // MARK: Taking away

  private mutating func supersede(from step: Int64) -> Int {
    var count = 0
    var taken: [Piece] = []
    while let piece = pieces.last {
      let steps = sources[piece.source].series.steps
      let cut = steps.firstPosition(notBelow: step, in: piece.range)
      guard cut < piece.range.upperBound else { break }
      taken.append(Piece(source: piece.source, range: cut..<piece.range.upperBound))
      count += piece.range.upperBound - cut
      pieces.removeLast()
      if cut > piece.range.lowerBound {
        pieces.append(Piece(source: piece.source, range: piece.range.lowerBound..<cut))
        break
      }
    }
    for piece in taken { mark(piece, .superseded) }
    superseded.append(contentsOf: taken.reversed())
    return count
  }

  private mutating func dropLast() {
    guard let piece = pieces.popLast() else { return }
    let last = piece.range.upperBound - 1
    mark(Piece(source: piece.source, range: last..<last + 1), .duplicate)
    duplicateCount += 1
    if last > piece.range.lowerBound {
      pieces.append(Piece(source: piece.source, range: piece.range.lowerBound..<last))
    }
  }

  private mutating func mark(_ piece: Piece, _ fate: SeriesMerge.Fate) {
    guard recordsFates else { return }
    for position in piece.range {
      changed[piece.source][sources[piece.source].order?[position] ?? position] = fate
    }
  }

  // MARK: Several writers

  private mutating func sortIfInterleaved(_ source: Int) {
    let steps = sources[source].series.steps
    let count = steps.countOfFalls
    guard count >= Self.mostResumes, count * Self.resumeShare > steps.count else { return }
    isInterleaved = true
    let order = steps.indices.sorted { (steps[$0], $0) < (steps[$1], $1) }
    let series = sources[source].series
    sources[source].series = Series(
      tag: series.tag, steps: order.map { series.steps[$0] }, wallTimes: order.map { series.wallTimes[$0] },
      values: order.map { series.values[$0] })
    sources[source].order = order
  }

  // MARK: Result

  /// The metric, for which the sources are used up.
  mutating func finish() -> Metric {
    let tag = sources.first?.series.tag ?? ""
    let gone = joined(superseded, tag)
    superseded = []
    if pieces.count == 1, let piece = pieces.first, piece.range.count == sources[piece.source].series.count {
      return Metric(series: sources[piece.source].series, superseded: gone, duplicateCount: duplicateCount)
    }
    var lastUse = [Int](repeating: -1, count: sources.count)
    for (index, piece) in pieces.enumerated() { lastUse[piece.source] = index }
    for source in sources.indices where lastUse[source] < 0 { sources[source].series = Series(tag: tag) }
    var result = Series(tag: tag)
    let count = pieces.reduce(0) { $0 + $1.range.count }
    result.reserve(count)
    for (index, piece) in pieces.enumerated() {
      result.append(piece.range, of: sources[piece.source].series)
      // Each source goes as soon as it is copied, so that no tag is ever held twice.
      if lastUse[piece.source] == index { sources[piece.source].series = Series(tag: tag) }
    }
    return Metric(series: result, superseded: gone, duplicateCount: duplicateCount)
  }

  private func joined(_ pieces: [Piece], _ tag: String) -> Series {
    var result = Series(tag: tag)
    for piece in pieces { result.append(piece.range, of: sources[piece.source].series) }
    return result
  }
}

extension Series {
  fileprivate mutating func append(_ range: Range<Int>, of other: Series) {
    steps.append(contentsOf: other.steps[range])
    wallTimes.append(contentsOf: other.wallTimes[range])
    values.append(contentsOf: other.values[range])
  }
}

extension [Int64] {
  /// The end of the longest range from `start` in which each element is greater than the one before.
  fileprivate func withRise(from start: Int, limit: Int) -> Int {
    precondition(start >= 0 && limit <= count)
    // Every column of every file passes through here, so without a check of the bounds for each element.
    return unsafe withUnsafeBufferPointer { elements in
      var end = start + 1
      while end < limit, unsafe elements[end] > elements[end - 1] { end += 1 }
      return Swift.min(end, limit)
    }
  }

  /// The number of elements that are less than the one before.
  fileprivate var countOfFalls: Int {
    let elements = span
    var count = 0
    for index in 1..<Swift.max(1, elements.count) {
      count &+= elements[index] < elements[index &- 1] ? 1 : 0
    }
    return count
  }

  /// The first position in `range`, whose elements rise, of an element that is `bound` or more.
  fileprivate func firstPosition(notBelow bound: Int64, in range: Range<Int>) -> Int {
    var low = range.lowerBound
    var high = range.upperBound
    while low < high {
      let middle = low + (high - low) / 2
      if self[middle] < bound { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
