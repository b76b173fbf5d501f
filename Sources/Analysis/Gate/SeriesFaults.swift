internal import EventFile

/// Faults that a self-test puts into copies of a curve.
extension Series {
  /// The points that stand before the first spike, and from spike to spike, so that each is one of its own.
  static let spikeStart = 40, spikeDistance = 8

  /// The first `count` points.
  func first(_ count: Int) -> Series {
    Series(
      tag: tag, steps: Array(steps[..<count]), wallTimes: Array(wallTimes[..<count]),
      values: Array(values[..<count]))
  }

  /// Adds `amount` to every point.
  mutating func shift(by amount: Double) {
    for index in values.indices { values[index] += amount }
  }

  /// Makes the last points NaN.
  mutating func makeNaN(last count: Int) {
    for index in Swift.max(0, values.count - count)..<values.count { values[index] = .nan }
  }

  /// Raises a few points far from each other by `amount`.
  mutating func raise(by amount: Double, times count: Int) {
    for number in 0..<count {
      let index = values.count * (number + 2) / (count + 3)
      guard values.indices.contains(index) else { return }
      values[index] += amount
    }
  }

  /// Raises points that have enough quiet ones before them and between them to be spikes.
  mutating func spike(by amount: Double, times count: Int) {
    let distance = Swift.max(Self.spikeDistance, (values.count - Self.spikeStart) / Swift.max(1, count))
    for number in 0..<count {
      let index = Self.spikeStart + number * distance
      guard values.indices.contains(index) else { return }
      values[index] += amount
    }
  }

  /// Triples the last points, three in ten.
  mutating func diverge() {
    for index in values.count * 7 / 10..<values.count { values[index] *= 3 }
  }

  /// Lets the curve rise by a twentieth of its least value a point, from its first third on.
  mutating func overfit() {
    let best = values.filter(\.isFinite).min() ?? 1
    let start = values.count / 3
    for index in start..<values.count {
      values[index] = best * (1 + 0.05 * Double(index - start + (start == 0 ? 0 : 1)))
    }
  }

  /// Takes more and more away from the curve, up to two of its spans.
  mutating func fall() {
    let finite = values.filter(\.isFinite)
    let span = (finite.max() ?? 0) - (finite.min() ?? 0)
    let size = span > 0 ? span : 1
    for index in values.indices { values[index] -= 2 * size * Double(index) / Double(values.count) }
  }

  /// Takes the trend out of the last quarter of the points, at least 20.
  mutating func flatten() {
    let start = Swift.max(0, values.count - Swift.max(20, 2 * values.count / 5))
    guard let level = WindowLevel(of: self, in: start..<values.count) else { return }
    let middle = (start..<values.count).reduce(0) { $0 + Double(steps[$1]) } / Double(values.count - start)
    for index in start..<values.count { values[index] -= level.slope * (Double(steps[index]) - middle) }
    // The findings look at the last fifth: its own slope is taken out too.
    guard let end = WindowLevel(ofLast: 0.2, of: self) else { return }
    let range = WindowLevel.range(share: 0.2, count: values.count)
    let centre = range.reduce(0) { $0 + Double(steps[$1]) } / Double(range.count)
    for index in range { values[index] -= end.slope * (Double(steps[index]) - centre) }
  }
}
