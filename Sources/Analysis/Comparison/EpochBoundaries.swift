internal import Bytes
internal import EventFile
internal import RunFolder

/// Where the epochs of a run begin: a training loss often jumps there, as data that was seen once is seen again.
struct EpochBoundaries {
  private let clock: RunClock?

  /// The boundaries of `run`; none where it does not log its epochs.
  init(_ run: TrainingRun) { clock = RunClock(run, axis: .epoch) }

  /// More boundaries than these are a rhythm of the noise.
  private static let limit = 8.0

  /// The first point of each epoch but the first among the points of `series` at `range`.
  ///
  /// What is logged at the end of an epoch is about steps of that epoch.
  func firstPoints(of series: Series, in range: Range<Int>) -> [Int] {
    guard let clock, let first = range.first, let last = range.last else { return [] }
    let slack = 1e-6
    let start = (clock.place(of: series.steps[first]) - slack).rounded(.up)
    let end = (clock.place(of: series.steps[last]) - slack).rounded(.up)
    guard start < end, end - start <= Self.limit else { return [] }
    return stride(from: start, to: end, by: 1).map { epoch in
      series.steps.partitionIndex { clock.place(of: $0) <= epoch + slack }
    }.filter { range.contains($0) && $0 > first }
  }

  /// What repeats in every epoch of the points of `series` at `range`, and where each of them stands within its epoch.
  func rhythm(of series: Series, in range: Range<Int>) -> (rhythm: EpochRhythm, places: [Double])? {
    guard let clock, let first = range.first, let last = range.last,
      clock.place(of: series.steps[last]) - clock.place(of: series.steps[first]) >= EpochRhythm.fewestEpochs
    else { return nil }
    let places = clock.places(of: Array(series.steps[range]))
    return EpochRhythm(of: series.values[range], at: places).map { ($0, places) }
  }

  /// Whether an epoch begins between the steps `last` and `end`, of which the latter is only planned; not where nothing
  /// tells the epochs. An end that is an epoch's own begins none.
  func begins(after last: Int64, upTo end: Int64) -> Bool {
    guard let clock, last > 0 else { return false }
    let now = clock.place(of: last)
    let epochs = now / Double(last) * Double(end)
    return (now + 1e-6).rounded(.down) + 1 < epochs - 0.02
  }
}
