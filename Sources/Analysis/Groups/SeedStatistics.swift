/// Figures of runs that differ by their seed alone.
public struct SeedStatistics: Equatable, Sendable {
  /// The number of figures.
  public var count: Int
  /// Their mean.
  public var mean: Double
  /// Their median.
  public var median: Double
  /// The least of them.
  public var least: Double
  /// The greatest of them.
  public var greatest: Double
  /// Their standard deviation, with n − 1 in the divisor; nil of one figure.
  public var deviation: Double?

  /// The statistics of the finite ones of `figures`; nil where there is none.
  public init?(of figures: [Double]) {
    let figures = figures.filter(\.isFinite).sorted()
    guard let first = figures.first, let last = figures.last else { return nil }
    count = figures.count
    least = first
    greatest = last
    // From the first on, so that a large offset costs no digits.
    mean = first + figures.reduce(0) { $0 + ($1 - first) } / Double(figures.count)
    let middle = figures.count / 2
    median =
      figures.count.isMultiple(of: 2)
      ? figures[middle - 1] + (figures[middle] - figures[middle - 1]) / 2 : figures[middle]
    guard figures.count > 1 else { return }
    let centre = mean
    deviation = (figures.reduce(0) { $0 + ($1 - centre) * ($1 - centre) } / Double(figures.count - 1))
      .squareRoot()
  }

  /// The standard error of the mean; nil of one figure.
  public var standardError: Double? { deviation.map { $0 / Double(count).squareRoot() } }
}
