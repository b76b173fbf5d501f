internal import Bytes

extension Series {
  /// How much of a file was read when a point came, from which the number of points to come is guessed.
  struct Progress {
    var offset: Int
    /// The size of the whole, or 0 where it is not known.
    var total: Int
  }

  /// Adds a point at the end, with room for those to come reserved from how many came so far.
  ///
  /// Arrays that double end with up to half of their memory unused and need, for a moment, three times that of their
  /// elements. A file tells its size, so a few points are enough to guess the rest.
  @inline(__always)
  mutating func append(step: Int64, wallTime: Double, value: Double, _ progress: Progress) {
    if steps.count == steps.capacity { reserve(progress) }
    steps.append(step)
    wallTimes.append(wallTime)
    values.append(value)
  }

  /// Makes room for `capacity` points.
  mutating func reserve(_ capacity: Int) {
    steps.reserveColumn(capacity)
    wallTimes.reserveColumn(steps.capacity)
    values.reserveColumn(steps.capacity)
  }

  @inline(never)
  private mutating func reserve(_ progress: Progress) {
    var capacity = Swift.max(1, count * 2)
    if count >= 16, progress.offset > 0, progress.total > progress.offset {
      let guess = Double(count) * Double(progress.total) / Double(progress.offset) * 1.01 + 64
      // No event with a point has fewer than 32 bytes with its framing.
      let most = count + (progress.total - progress.offset) / 32 + 64
      // Few points are a weak witness: the guess may be 64 times what is there, not more.
      capacity = Swift.max(count + count / 4, Swift.min(Int(clamping: guess), most, count * 64))
    }
    reserve(capacity)
  }
}
