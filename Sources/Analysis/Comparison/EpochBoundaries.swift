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
}
