internal import Analysis
internal import Bytes

/// What part of the values an axis shows.
enum ValueRange {
  /// The range of an axis over `values` (in order of time): 1–99 % of the finite ones after the warm-up, and all of
  /// `always`.
  ///
  /// The warm-up is the first twentieth of the points. At each end the range is extended by up to `room` of its width
  /// when that shows everything, else by half of that, so that plain noise is not cut off. Under 20 points nothing is
  /// left out. Quantiles are taken of at most 8192 evenly spaced points. Nil without any finite value.
  ///
  /// - Complexity: O(values).
  ///
  /// `hull` is the range of all finite values, where it is known already.
  static func shown(
    _ values: [Double], always: [Double] = [], hull known: ClosedRange<Double>? = nil
  ) -> ClosedRange<Double>? {
    (known ?? hull(values)).map { shown(of: [values], hulls: [$0], always: always) } ?? hull(always)
  }

  /// The range of an axis over several series, each with a warm-up of its own.
  static func shown(of series: [[Double]], always: [Double] = []) -> ClosedRange<Double>? {
    shown(of: series, hulls: series.compactMap { hull($0) }, always: always)
  }

  private static func shown(
    of series: [[Double]], hulls: [ClosedRange<Double>], always: [Double]
  ) -> ClosedRange<Double>? {
    let kept = always.filter(\.isFinite)
    let ends = hulls.map(\.lowerBound) + hulls.map(\.upperBound)
    guard let all = hull(ends, kept) else { return nil }
    let limit = max(64, 8192 / max(series.count, 1))
    let sample = series.flatMap { Self.sample($0.dropFirst($0.count / 20), limit: limit) }.sorted()
    guard series.contains(where: { $0.count >= 20 }), sample.count >= 10,
      let core = hull([quantile(sample, 0.01), quantile(sample, 0.99)], kept)
    else { return all }
    // Halves, so that the widest range does not overflow.
    let width = core.upperBound / 2 - core.lowerBound / 2
    guard width > 0 else { return all }
    func extent(_ beyond: Double) -> Double { beyond <= room * width ? beyond : room / 2 * width }
    let below = extent(core.lowerBound / 2 - all.lowerBound / 2)
    let above = extent(all.upperBound / 2 - core.upperBound / 2)
    return core.lowerBound - 2 * below...core.upperBound + 2 * above
  }

  /// The share of its width by which a range may grow to show everything.
  private static let room = 0.6

  /// Whether a loss is better drawn on a logarithmic axis: every value is above 0, and after the warm-up the
  /// greatest (of 1–99 %) is more than ten times the least, or the run ends below 0.1.
  static func wantsLogarithm(
    _ values: [Double], always: [Double] = [], hull known: ClosedRange<Double>? = nil
  ) -> Bool {
    let ends = known.map { [$0.lowerBound, $0.upperBound] } ?? values
    guard let all = hull(ends, always), all.lowerBound > 0 else { return false }
    let sample = Self.sample(values.dropFirst(values.count / 20), limit: 8192).sorted()
    guard let last = values.last(where: \.isFinite), sample.count >= 10 else { return false }
    let least = quantile(sample, 0.01)
    let greatest = quantile(sample, 0.99)
    if greatest > 10 * least { return true }
    return last < 0.1 && all.upperBound > 3 * all.lowerBound
  }

  /// The least and the greatest finite value.
  static func hull(_ values: [Double], _ more: [Double] = []) -> ClosedRange<Double>? {
    let extremes = [values, more].map { Extremes(of: $0.span, in: $0.indices) }
    let least = min(extremes[0].least, extremes[1].least)
    let greatest = max(extremes[0].greatest, extremes[1].greatest)
    return least <= greatest ? least...greatest : nil
  }

  /// `range` with a share of its width added at both ends, on the scale it is drawn on.
  static func padded(_ range: ClosedRange<Double>, by share: Double, kind: Scale.Kind = .linear)
    -> ClosedRange<Double>
  {
    let range = spread(widened(range), kind)
    switch kind {
    case .linear:
      let pad = (range.upperBound / 2 - range.lowerBound / 2) * 2 * share
      let lower = range.lowerBound - pad
      let upper = range.upperBound + pad
      return lower.isFinite && upper.isFinite ? lower...upper : range
    case .logarithmic:
      guard range.lowerBound > 0 else { return range }
      // A tenth of a decade is about a quarter; the ratio to a small power, by repeated square roots.
      var ratio = range.upperBound / range.lowerBound
      guard ratio.isFinite else { return range }
      var remaining = 1.0
      while remaining > share {
        ratio = ratio.squareRoot()
        remaining /= 2
      }
      return range.lowerBound / ratio...min(range.upperBound * ratio, .greatestFiniteMagnitude)
    }
  }

  /// `range`, widened about its middle to a hundredth of its level: what moves by less is drawn flat, because it is, and
  /// the rounding of 32-bit numbers fills no panel.
  private static func spread(_ range: ClosedRange<Double>, _ kind: Scale.Kind) -> ClosedRange<Double> {
    let level = max(range.lowerBound.magnitude, range.upperBound.magnitude)
    let lack = (level / 100 - (range.upperBound / 2 - range.lowerBound / 2) * 2) / 2
    guard lack > 0, level < 1e300, kind == .linear || range.lowerBound > lack else { return range }
    return range.lowerBound - lack...range.upperBound + lack
  }

  /// `range`, widened about its middle where it is too narrow to be drawn (a constant series).
  static func widened(_ range: ClosedRange<Double>) -> ClosedRange<Double> {
    let lower = range.lowerBound.isFinite ? range.lowerBound : -.greatestFiniteMagnitude
    let upper = range.upperBound.isFinite ? range.upperBound : .greatestFiniteMagnitude
    let magnitude = max(lower.magnitude, upper.magnitude)
    guard magnitude > 1e-300 else { return -1...1 }
    guard upper / 2 - lower / 2 <= magnitude * 5e-10 else { return lower...upper }
    let pad = magnitude * 0.05
    return lower - pad...min(upper + pad, .greatestFiniteMagnitude)
  }

  private static func sample(_ values: ArraySlice<Double>, limit: Int) -> [Double] {
    let stride = max(1, (values.count + limit - 1) / limit)
    var sample: [Double] = []
    sample.reserveCapacity(values.count / stride + 1)
    for index in Swift.stride(from: values.startIndex, to: values.endIndex, by: stride)
    where values[index].isFinite {
      sample.append(values[index])
    }
    return sample
  }

  /// The quantile of sorted values, by linear interpolation between the neighbours.
  private static func quantile(_ sorted: [Double], _ share: Double) -> Double {
    let place = share * Double(sorted.count - 1)
    let lower = Int(clamping: place)
    let upper = min(lower + 1, sorted.count - 1)
    let weight = place - Double(lower)
    return sorted[lower] * (1 - weight) + sorted[upper] * weight
  }
}
