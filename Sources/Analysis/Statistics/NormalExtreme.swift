/// The least of several independent standard normal numbers.
///
/// The best of many evaluations is better than the best of few by chance alone; this is by how much.
struct NormalExtreme: Equatable {
  /// How far the least is below the mean of all, on average, in standard deviations: Blom's approximation
  /// Φ⁻¹((k − ⅜)/(k + ¼)) (Statistical Estimates and Transformed Beta-Variables, 1958), within 0.03.
  let depth: Double
  /// The standard deviation of the least: half of the distance between the points that its distribution Φᵏ has where
  /// the normal's has one deviation on either side, within 5 %.
  let deviation: Double

  /// The least of `count` numbers, which may be a number of effective ones.
  init(count: Double) {
    let k = max(1, count)
    depth = k > 1 ? Self.quantile((k - 0.375) / (k + 0.25)) : 0
    deviation =
      0.5
      * (Self.quantile(Elementary.pow(Self.oneDeviation, 1 / k))
        - Self.quantile(Elementary.pow(1 - Self.oneDeviation, 1 / k)))
  }

  /// Φ(1).
  private static let oneDeviation = 0.841_344_746_068_543

  /// Φ⁻¹, by Student's t with so many degrees of freedom that no digit shown differs.
  private static func quantile(_ probability: Double) -> Double {
    StudentT(degreesOfFreedom: 1e6)?.quantile(probability) ?? 0
  }
}
