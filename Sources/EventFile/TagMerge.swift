internal import Bytes

/// The merge of one tag: pieces of its series that stand, in the order of their steps.
struct TagMerge {
  /// Points of one source with rising steps, all beyond those of the piece before.
  private struct Piece {
    var source: Int
    var range: Range<Int>
  }

  /// In how many points steps may go back before they are sorted instead, and the share of them.
  static let mostResumes = 4
  static let resumeShare = 10

  private(set) var isSorted = false
  private(set) var conflictCount = 0
  private var sources: [Series] = []
  private var pieces: [Piece] = []
  private var superseded: [Piece] = []
  /// Single points, whose steps do not fall.
  private var duplicates: [Piece] = []

  // MARK: Adding

  /// Adds the points of the next segment, with the restarts that came before so many of its points.
  mutating func add(_ series: Series, starts: [(step: Int64, before: Int)]) {
    let source = sources.count
    sources.append(series)
    var firstRise = series.steps.withRise(from: 0, limit: series.count)
    if firstRise < series.count {
      if starts.isEmpty, let ordered = series.withLatePointsInPlace() {
        isSorted = true
        sources[source] = ordered
        firstRise = ordered.steps.withRise(from: 0, limit: ordered.count)
      } else {
        sortIfOutOfOrder(source)
      }
    }

    var starts = starts[...]
    var index = 0
    let count = series.count
    while index < count {
      while let start = starts.first, start.before <= index {
        starts.removeFirst()
        supersede(from: start.step)
      }
      let limit = min(count, starts.first?.before ?? count)
      let end =
        firstRise == count ? limit : sources[source].steps.withRise(from: index, limit: limit)
      join(Piece(source: source, range: index..<end), of: count)
      index = end
    }
    for start in starts { supersede(from: start.step) }
  }

  /// Adds a piece of a segment of `count` points.
  private mutating func join(_ piece: Piece, of count: Int) {
    let steps = sources[piece.source].steps
    let start = piece.range.lowerBound
    let first = steps[start]
    guard let last = lastStep, first <= last else {
      pieces.append(piece)
      return
    }
    let isRepeated = start > 0 && steps[start - 1] == first
    let isAlone = start == 0 && first == steps[count - 1]
    guard first == last, isRepeated || isAlone else {
      supersede(from: first)
      pieces.append(piece)
      return
    }
    // Of a final evaluation, or a second writing at once, the first stands: it was made at the step.
    if isRepeated, !isLast(sameAs: sources[piece.source].values[start]) { conflictCount += 1 }
    duplicates.append(Piece(source: piece.source, range: start..<start + 1))
    let rest = Piece(source: piece.source, range: start + 1..<piece.range.upperBound)
    if !rest.range.isEmpty { pieces.append(rest) }
  }

  private var lastStep: Int64? {
    pieces.last.map { sources[$0.source].steps[$0.range.upperBound - 1] }
  }

  private func isLast(sameAs value: Double) -> Bool {
    guard let piece = pieces.last else { return true }
    let last = sources[piece.source].values[piece.range.upperBound - 1]
    return last == value || (last.isNaN && value.isNaN)
  }

  // MARK: Taking away

  /// Supersedes the points from `step` on, and what was written again of them.
  mutating func supersede(from step: Int64) {
    var taken: [Piece] = []
    while let piece = pieces.last {
      let cut = sources[piece.source].steps.firstPosition(notBelow: step, in: piece.range)
      guard cut < piece.range.upperBound else { break }
      taken.append(Piece(source: piece.source, range: cut..<piece.range.upperBound))
      pieces.removeLast()
      if cut > piece.range.lowerBound {
        pieces.append(Piece(source: piece.source, range: piece.range.lowerBound..<cut))
        break
      }
    }
    while let piece = duplicates.last, sources[piece.source].steps[piece.range.lowerBound] >= step {
      taken.append(piece)
      duplicates.removeLast()
    }
    superseded.append(
      contentsOf: taken.sorted { ($0.source, $0.range.lowerBound) < ($1.source, $1.range.lowerBound) })
  }

  // MARK: Out of order

  /// Sorts a series whose steps go back again and again: several writers wrote at once, or one that did not wait.
  private mutating func sortIfOutOfOrder(_ source: Int) {
    let steps = sources[source].steps
    let count = steps.countOfFalls
    guard count >= Self.mostResumes, count * Self.resumeShare > steps.count else { return }
    isSorted = true
    let order = steps.indices.sorted { (steps[$0], $0) < (steps[$1], $1) }
    let series = sources[source]
    sources[source] = Series(
      tag: series.tag, steps: order.map { series.steps[$0] }, wallTimes: order.map { series.wallTimes[$0] },
      values: order.map { series.values[$0] })
  }

  // MARK: Result

  /// The metric, for which the sources are used up.
  mutating func finish() -> Metric {
    let tag = sources.first?.tag ?? ""
    var metric = Metric(
      series: Series(tag: tag), superseded: joined(superseded, tag), duplicates: joined(duplicates, tag),
      conflictCount: conflictCount)
    if pieces.count == 1, let piece = pieces.first, piece.range.count == sources[piece.source].count {
      metric.series = sources[piece.source]
      return metric
    }
    var lastUse = [Int](repeating: -1, count: sources.count)
    for (index, piece) in pieces.enumerated() { lastUse[piece.source] = index }
    for source in sources.indices where lastUse[source] < 0 { sources[source] = Series(tag: tag) }
    metric.series.reserve(pieces.reduce(0) { $0 + $1.range.count })
    for (index, piece) in pieces.enumerated() {
      metric.series.append(piece.range, of: sources[piece.source])
      // Each source goes as soon as it is copied, so that no tag is ever held twice.
      if lastUse[piece.source] == index { sources[piece.source] = Series(tag: tag) }
    }
    return metric
  }

  private func joined(_ pieces: [Piece], _ tag: String) -> Series? {
    if pieces.isEmpty { return nil }
    var result = Series(tag: tag)
    for piece in pieces { result.append(piece.range, of: sources[piece.source]) }
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
    range.partitionIndex { self[$0] < bound }
  }
}
