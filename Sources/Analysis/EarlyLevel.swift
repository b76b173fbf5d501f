internal import EventFile

/// The level of a loss at its beginning: the median of its first points.
public struct EarlyLevel: Equatable, Sendable {
  /// The median of the first finite points: of a tenth of the points, three to five; of fewer than thirty, the first.
  public var value: Double
  /// The number of those points.
  public var count: Int
  /// The standard error of the median, 1.2533·s/√n (that of a median of normal values), s being the noise of the first
  /// twenty points by their second differences |y₋₁ − 2y₀ + y₊₁|/√6, which a steady fall does not enlarge.
  public var standardError: Double
}

extension EarlyLevel {
  /// The level of the beginning of `series`; nil where no point is finite.
  init?(of series: Series) {
    let wanted = series.count < 30 ? 1 : max(3, min(5, series.count / 10))
    let finite = Array(series.values.lazy.filter(\.isFinite).prefix(20))
    guard !finite.isEmpty else { return nil }
    let first = Array(finite.prefix(wanted))
    var bends: [Double] = []
    for index in 1..<max(1, finite.count - 1) {
      let bend: Double = finite[index - 1] + finite[index + 1] - 2 * finite[index]
      bends.append(abs(bend) / 6.0.squareRoot())
    }
    // 1.4826 makes the median of |x| the deviation of normal values.
    let noise = bends.isEmpty ? 0 : 1.4826 * Selection.median(inPlace: &bends)
    value = Selection.median(first)
    count = first.count
    standardError = (count > 1 ? 1.2533 : 1) * noise / Double(count).squareRoot()
  }
}
