internal import EventFile

/// What one process wrote between its start and its end: an event file, a log, or what of them came after a restart from
/// the beginning.
struct Writing {
  /// The series, their points in the order in which they were written.
  var series: [Series]
  /// The restarts that the file itself has.
  var sessionStarts: [SessionStart] = []
  /// The places of the values that are no numbers, as `ValueTable` numbers them.
  var values: SeriesMerge.Segment = .init(series: [])
  /// What was trained; empty for evaluations alone.
  var parts: [TrainedPart]
  /// The path of the event file; nil for a trainer's file.
  var file: String?
  /// Whether it is all of that file.
  var isWhole = true
  /// Where it was read from, as it is shown.
  var origin: String
  /// The time of the last point of any series, in seconds since 1970.
  var endTime: Double?
}

extension Writing {
  /// The series that tells the training best.
  var told: Series? { TrainedPart.toldIndex(of: series).map { series[$0] } }

  /// The first and the last step that were trained.
  var steps: ClosedRange<Int64>? {
    guard let low = parts.map(\.steps.lowerBound).min(), let high = parts.map(\.steps.upperBound).max() else {
      return nil
    }
    return low...high
  }

  var startTime: Double? { parts.compactMap(\.startTime).min() }
  var interval: Int64 { max(1, parts.map(\.interval).max() ?? 1) }

  /// The point at `step` and before, and those after, where a process that used the same file again began from its
  /// first step: one writing for each.
  ///
  /// Series of other tags are cut at the time of that point, as their places in the file are not known any more.
  func splitAtFreshStarts() -> [Writing] {
    guard parts.count > 1, let first = parts.first else { return [self] }
    let limit = first.steps.lowerBound.addingReportingOverflow(max(1, first.interval))
    let fresh = parts.indices.dropFirst().filter {
      !limit.overflow && parts[$0].steps.lowerBound <= limit.partialValue && parts[$0].startTime != nil
    }
    guard !fresh.isEmpty else { return [self] }
    var pieces: [Writing] = []
    var positions = [Int](repeating: 0, count: series.count)
    var valuePositions = [Int](repeating: 0, count: values.series.count)
    for (part, next) in zip([0] + fresh, fresh + [parts.count]) {
      let end = next < parts.count ? parts[next].startTime ?? .infinity : .infinity
      var piece = self
      piece.isWhole = false
      piece.sessionStarts = []
      piece.parts = Array(parts[part..<next])
      piece.series = Self.cut(series, from: &positions, before: end)
      piece.values = .init(series: Self.cut(values.series, from: &valuePositions, before: end))
      piece.endTime = piece.series.compactMap(\.wallTimes.last).filter { $0.isFinite }.max()
      pieces.append(piece)
    }
    return pieces
  }

  /// The points of `series` from `positions` on and before `end`, behind which the positions then stand.
  private static func cut(_ series: [Series], from positions: inout [Int], before end: Double) -> [Series] {
    series.indices.map { index in
      let start = positions[index]
      var stop = start
      while stop < series[index].count, series[index].wallTimes[stop] < end { stop += 1 }
      positions[index] = stop
      return series[index].part(start..<stop)
    }
  }

  /// The writings of a log, one a process.
  static func writings(of log: TrainerLog, origin: String) -> [Writing] {
    // Two processes that write at once go back again and again.
    let isMixed = log.backwardSteps >= 4 && log.backwardSteps * 10 > log.lineCount
    let count = isMixed ? 0 : log.restarts.first?.count ?? 0
    return (0...count).compactMap { number in
      let series = log.series.indices.map { index in
        let cuts = count == 0 ? [] : log.restarts[index]
        let bounds = [0] + cuts + [log.series[index].count]
        return log.series[index].part(bounds[number]..<bounds[number + 1])
      }
      guard series.contains(where: { !$0.isEmpty }) else { return nil }
      return Writing(series: series, parts: TrainedPart.parts(of: series), origin: origin)
    }
  }

  /// Gives the points of a file whose steps are all the same, as of a writer without a counter, the numbers from 1 on
  /// by their order; of other series than the loss the number of the last loss that was written before.
  ///
  /// - Returns: whether that was so: the loss, or what tells the training, has five points at least, all at one step.
  mutating func numberSteps() -> Bool {
    guard let index = TrainedPart.toldIndex(of: series), series[index].count >= 5,
      series[index].steps.first == series[index].steps.last,
      series[index].steps.allSatisfy({ $0 == series[index].steps[0] })
    else { return false }
    let times = series[index].wallTimes
    for other in series.indices { series[other].number(by: times) }
    for other in values.series.indices { values.series[other].number(by: times) }
    parts = TrainedPart.parts(of: series)
    return true
  }
}

extension Series {
  /// Numbers points that are all at one step: in their order where there are as many as `times`, and otherwise by how
  /// many of these came before.
  fileprivate mutating func number(by times: [Double]) {
    guard count > 1, steps.allSatisfy({ $0 == steps[0] }) else { return }
    if count == times.count {
      steps = (0..<count).map { Int64($0 + 1) }
      return
    }
    var place = 0
    steps = wallTimes.map { time in
      while place < times.count, times[place] <= time { place += 1 }
      return Int64(Swift.max(1, place))
    }
  }

  /// The points at `range`; the series itself, without a copy, where that is all of them.
  func part(_ range: Range<Int>) -> Series {
    if range == 0..<count { return self }
    return Series(
      tag: tag, steps: Array(steps[range]), wallTimes: Array(wallTimes[range]), values: Array(values[range]))
  }
}
