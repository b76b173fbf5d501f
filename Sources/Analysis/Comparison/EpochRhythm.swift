internal import Bytes

/// What repeats in every epoch of a curve, as the loss of each data set does where a run takes one after the other: where
/// a window ends within the epoch decides which part of it the window sees.
///
/// The last two to four epochs, and more of short ones, are fitted by c₀ + c₁t + c₂ ln t with a mean for each of up to
/// sixteen parts of an epoch. That is a rhythm where it leaves a fifth less of the squares than the same with a step at
/// each epoch does, and more so than noise with the memory of what is left would by chance: F over the autocorrelation
/// time above `threshold`.
struct EpochRhythm: Equatable {
  /// How far each part of an epoch is above the mean of all.
  let parts: [Double]
  /// By how much the variance of what is left is too small, as it was fitted.
  let inflation: Double

  /// The epochs that a rhythm shows in, at the least: two, of which the first point may stand a little behind.
  static let fewestEpochs = 1.95
  /// The points of each part over all epochs, at the least.
  private static let leastPoints = 12.0
  private static let partRange = 4...16
  /// The epochs that are looked at: four, of short ones as many as have `usualPoints`, and never more than the last.
  private static let usualEpochs = 4.0, usualPoints = 240.0, epochLimit = 16.0
  /// More epochs than these have no step each: they are a rhythm already.
  private static let stepLimit = 8
  /// The share of the squares that a rhythm leaves of those that steps leave, at most.
  private static let greatestShare = 0.8
  private static let threshold = 5.0
  /// The points that a curve is put together to.
  private static let resolution = 1024

  /// The rhythm of `values`, of which each stands at a place in epochs; nil where there is none, or less than two epochs
  /// of finite values.
  ///
  /// - Parameter places: rising.
  /// - Complexity: O(points).
  init?(of values: ArraySlice<Double>, at places: [Double]) {
    guard values.count == places.count, let first = places.first, let last = places.last else { return nil }
    guard last - first >= Self.fewestEpochs else { return nil }
    let perEpoch = Double(values.count) / (last - first)
    let wanted = max(Self.usualEpochs, min(Self.epochLimit, Self.usualPoints / perEpoch).rounded(.down))
    let epochs = min(wanted, last - first)
    let start = places.firstIndex { $0 >= last - epochs - 1e-6 } ?? 0
    let most = min(perEpoch, Double(values.count - start) / Self.leastPoints)
    let count = min(Self.partRange.upperBound, Int(clamping: most.rounded(.down)))
    guard count >= Self.partRange.lowerBound else { return nil }
    let size = max(1, (values.count - start) / Self.resolution)
    let bins = stride(from: start, through: values.count - size, by: size).map { $0..<$0 + size }
    let means = bins.map { bin in
      bin.reduce(0) { $0 + values[values.startIndex + $1] } / Double(size)
    }
    guard means.allSatisfy(\.isFinite) else { return nil }
    let middles = bins.map { places[$0.lowerBound + size / 2] }
    let times = bins.map { Double($0.lowerBound) + 0.5 * Double(size + 1) }
    let trend = [times.map { _ in 1 }, times, times.map { Elementary.log($0) }]
    let boundaries = stride(from: (middles.first ?? 0).rounded(.up), through: last, by: 1)
    let steps =
      epochs > Double(Self.stepLimit)
      ? [] : boundaries.map { epoch in middles.map { $0 <= epoch + 1e-6 ? 0.0 : 1 } }
    let phases = middles.map { Self.part($0, of: count) }
    // Each part against the last, so that all of them together are no constant.
    let profile = (0..<count - 1).map { part in
      phases.map { $0 == part ? 1.0 : $0 == count - 1 ? -1 : 0 }
    }
    var plain = means
    _ = LeastSquares.remove(trend + steps, from: &plain)
    guard let fit = LeastSquares.fit(trend + profile, to: means) else { return nil }
    let squares = plain.reduce(0) { $0 + $1 * $1 }
    let freedom = Double(means.count - count - 2)
    guard freedom > 0, fit.squares <= Self.greatestShare * squares else { return nil }
    let deviations = Array(fit.coefficients.dropFirst(trend.count))
    parts = deviations + [-deviations.reduce(0, +)]
    inflation = Double(means.count) / freedom
    var rest = means
    _ = LeastSquares.remove(trend + profile, from: &rest)
    let left = rest.span
    let residuals = Residuals(count: rest.count) { left[$0] }
    let time = AutocorrelationTime.firstOrder(ofDetrended: residuals)
    guard fit.squares > 0 else { return }
    let ratio = (squares - fit.squares) / Double(count - 1) / (fit.squares / freedom)
    guard ratio > Self.threshold * time else { return nil }
  }

  /// How far the place `epochs` is above the mean of its epoch.
  func deviation(at epochs: Double) -> Double { parts[Self.part(epochs, of: parts.count)] }

  /// The part of an epoch that a place is in: what is logged at the end of an epoch is about steps of that epoch.
  private static func part(_ place: Double, of count: Int) -> Int {
    let within = place - 1e-6
    return min(
      count - 1, max(0, Int(clamping: ((within - within.rounded(.down)) * Double(count)).rounded(.down))))
  }
}
