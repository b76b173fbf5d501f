internal import EventFile

/// What one process trained between its start and its end: the steps and times of a file, or of the part of a file
/// between two restarts.
struct TrainedPart {
  /// The first and the last step of its training metric.
  var steps: ClosedRange<Int64>
  /// The distance of its first two points, in steps; 0 where there is one only.
  var interval: Int64
  /// When it began, in seconds since 1970; nil where the source has no such times.
  var startTime: Double?
  /// When its last point was written, in the same count, or in elapsed seconds where `startTime` is nil.
  var endTime: Double?
}

extension TrainedPart {
  /// The index of the series that tells the training best: the training loss, or without one the longest that is no
  /// evaluation and not the epoch, which evaluations write too. Nil where only evaluations were written.
  static func toldIndex(of series: [Series]) -> Int? {
    var best: (rank: Int, index: Int)?
    for (index, one) in series.enumerated() where !one.isEmpty {
      let meaning = TagMeaning.of(one.tag)
      let rank: Int
      if let lossRank = meaning.rank(for: .trainLoss) {
        rank = lossRank
      } else if meaning.isEvaluation || meaning.rank(for: .epoch) != nil {
        continue
      } else {
        rank = 1000
      }
      guard let known = best,
        known.rank < rank || (known.rank == rank && series[known.index].count >= one.count)
      else {
        best = (rank, index)
        continue
      }
    }
    return best?.index
  }

  /// The parts in `series`, by the one of them that tells the training best; empty where there is none.
  ///
  /// A part ends where steps go back, and before each of `starts`. Steps that go back in more than a tenth of the points
  /// are those of several writers, or of one that does not wait, and no restarts.
  static func parts(of series: [Series], starts: [SessionStart] = []) -> [TrainedPart] {
    guard let index = toldIndex(of: series) else { return [] }
    let told = series[index]
    let steps = told.steps.span
    var cuts = Set(
      starts.compactMap { $0.pointsBefore.indices.contains(index) ? $0.pointsBefore[index] : nil })
    cuts.subtract([0, told.count])
    var falls: [Int] = []
    for position in 1..<max(1, steps.count) where steps[position] < steps[position - 1] {
      falls.append(position)
    }
    let isLate = !falls.isEmpty && starts.isEmpty && told.withLatePointsInPlace() != nil
    guard !isLate, falls.count < 4 || falls.count * 10 <= told.count else {
      return [part(of: told, in: 0..<told.count, isOrdered: false)].compactMap { $0 }
    }
    let bounds = [0] + cuts.union(falls).sorted() + [told.count]
    return zip(bounds, bounds.dropFirst()).compactMap { part(of: told, in: $0..<$1, isOrdered: true) }
  }

  /// The parts of an event file, its own times included: the writer opens it when the training begins.
  static func parts(of file: EventFileContents) -> [TrainedPart] {
    var parts = parts(of: file.series, starts: file.sessionStarts)
    guard !parts.isEmpty else { return [] }
    if let opened = file.firstWallTime, opened.isFinite, opened > 0 {
      parts[0].startTime = min(parts[0].startTime ?? opened, opened)
    }
    let last = parts.count - 1
    parts[last].endTime = [parts[last].endTime, lastTime(of: file)].compactMap { $0 }.max()
    return parts
  }

  /// The latest of the wall times at the ends of the series of `file`.
  static func lastTime(of file: EventFileContents) -> Double? {
    file.series.compactMap { $0.wallTimes.last }.filter { $0.isFinite && $0 > 0 }.max()
  }

  private static func part(of series: Series, in range: Range<Int>, isOrdered: Bool) -> TrainedPart? {
    guard !range.isEmpty else { return nil }
    let steps = series.steps[range]
    let first = isOrdered ? steps.first : steps.min()
    let last = isOrdered ? steps.last : steps.max()
    guard let first, let last, first <= last else { return nil }
    let second = range.count > 1 ? series.steps[range.lowerBound + 1] : first
    func time(_ index: Int) -> Double? {
      let time = series.wallTimes[index]
      return time.isFinite && time >= 0 ? time : nil
    }
    // Elapsed seconds of a log are no dates: the year 1973 began after 10⁸ seconds.
    let start = time(range.lowerBound).flatMap { $0 > 1e8 ? $0 : nil }
    return TrainedPart(
      steps: first...last, interval: max(0, second.subtractingReportingOverflow(first).partialValue),
      startTime: start, endTime: time(range.upperBound - 1))
  }
}
