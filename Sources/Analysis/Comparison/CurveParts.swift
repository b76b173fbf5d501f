internal import EventFile

/// A curve over the overlap in sums over each part of it, from which its figures are made without looking at all points
/// again.
struct CurveParts {
  /// One part.
  struct Part {
    /// The points in it.
    let range: Range<Int>
    /// The sums over its values.
    let moments: Moments
    /// The least finite value; infinite without one.
    let least: Double
    /// The area between each of its points and the point after it, in values times steps.
    let area: Double
  }

  /// The curve.
  let series: Series
  /// The points within the overlap.
  let range: Range<Int>
  /// The parts, in the order of the axis.
  let parts: [Part]

  /// The parts of `series`.
  ///
  /// - Complexity: O(points): each part stays in the processor's cache while its sums are taken.
  init(of series: Series, in range: Range<Int>, on clock: RunClock, parts: AxisParts) {
    self.series = series
    self.range = range
    let steps = series.steps.span
    let values = series.values.span
    self.parts = parts.ranges(of: range, on: clock) { series.steps[$0] }.map { part in
      let pairs = part.lowerBound..<max(part.lowerBound, min(part.upperBound, range.upperBound - 1))
      return Part(
        range: part, moments: Moments(of: values, in: part), least: Extremes(of: values, in: part).least,
        area: 0.5 * PartialSums.trapezoids(steps, values, in: pairs))
    }
  }

  /// The number of points that are NaN or infinite.
  var nonFiniteCount: Int { range.count - parts.reduce(0) { $0 + $1.moments.count } }

  /// The first point that is NaN or infinite.
  var firstNonFinite: Int? {
    guard let part = parts.first(where: { $0.moments.count < $0.range.count }) else { return nil }
    return part.range.first { !series.values[$0].isFinite }
  }

  /// The first of the points with the least finite value.
  var best: Point? {
    guard let least = parts.map(\.least).min(), least < .infinity,
      let part = parts.first(where: { $0.least == least })
    else { return nil }
    return part.range.first { series.values[$0] == least }.map { series[$0] }
  }

  /// The area under the curve over the steps by trapezoids, divided by the span; the value of a single point, nil where
  /// a point is not finite.
  var area: Double? {
    guard let first = range.first, let last = range.last, firstNonFinite == nil else { return nil }
    let span = Double(series.steps[last]) - Double(series.steps[first])
    return span > 0 ? parts.reduce(0) { $0 + $1.area } / span : series.values[last]
  }

  /// The first point at which the mean of the last `length` points, all of them finite, is at most `target`.
  ///
  /// - Complexity: O(points of the parts that come down to `target`).
  func firstReaching(_ target: Double, length: Int) -> Int? {
    // A mean at most the target has a point at most the target, so it ends in such a part or soon after.
    for part in parts where part.least <= target {
      let reach = part.range.lowerBound - (length - 1)..<part.range.upperBound + (length - 1)
      if let index = firstReaching(target, length: length, within: reach.clamped(to: range)) { return index }
    }
    return nil
  }

  private func firstReaching(_ target: Double, length: Int, within range: Range<Int>) -> Int? {
    let values = series.values.span
    var sum = 0.0
    var start = range.lowerBound
    for index in range {
      guard values[index].isFinite else {
        sum = 0
        start = index + 1
        continue
      }
      sum += values[index]
      if index - start == length {
        sum -= values[start]
        start += 1
      }
      if index - start + 1 == length, sum <= target * Double(length) { return index }
    }
    return nil
  }
}
