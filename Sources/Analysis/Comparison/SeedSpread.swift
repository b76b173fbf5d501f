/// How much the same training differs from seed to seed.
public enum SeedSpread {
  /// The standard deviation of an evaluation between seeds where nothing tells, as a share of the level. Small language
  /// models show 0.01 to 0.09 % from the same start; no source has it for fine-tunings with their other data order, so
  /// more is assumed, and said to be assumed.
  public static let assumed = 0.003

  /// A baseline that is not one of its kind.
  public struct Outlier: Equatable, Sendable {
    /// Its place among the values.
    public var index: Int
    /// How far it is from the mean of the others, as a share of that mean.
    public var relativeDistance: Double
  }

  /// The degrees of freedom that the prior deviation of `outlier` counts as.
  private static let priorFreedom = 2.0
  /// The deviation between seeds that is expected before the others are seen, as a share of the level.
  private static let priorDeviation = 0.005
  /// The least distance of an outlier, as a share of the level.
  private static let leastDistance = 0.03
  /// The chance that one of three values of one kind is taken for none, at most; more values share it.
  private static let chance = 0.012

  /// The value that is farthest from the others, where it is none of their kind; nil with less than three values.
  ///
  /// A value is held against the mean of the others by Student's t, with the variance of the others pooled with a prior
  /// of two degrees of freedom: with two others alone no distance would be too great. A distance below 3 % of the level
  /// is none.
  public static func outlier(among values: [Double]) -> Outlier? {
    guard values.count >= 3, values.allSatisfy(\.isFinite) else { return nil }
    var farthest: (outlier: Outlier, statistic: Double)?
    for (index, value) in values.enumerated() {
      let others = values.indices.filter { $0 != index }.map { values[$0] }
      let count = Double(others.count)
      let mean = others.reduce(0, +) / count
      guard mean != 0 else { continue }
      let squares = others.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      let expected = priorDeviation * abs(mean)
      let variance = (priorFreedom * expected * expected + squares) / (priorFreedom + count - 1)
      let statistic = abs(value - mean) / (variance * (1 + 1 / count)).squareRoot()
      if statistic > farthest?.statistic ?? 0 {
        farthest = (Outlier(index: index, relativeDistance: (value - mean) / abs(mean)), statistic)
      }
    }
    guard let farthest, abs(farthest.outlier.relativeDistance) > leastDistance,
      let student = StudentT(degreesOfFreedom: priorFreedom + Double(values.count) - 2),
      farthest.statistic > student.quantile(1 - chance / Double(values.count))
    else { return nil }
    return farthest.outlier
  }
}
